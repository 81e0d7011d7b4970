"""A page for people: what citizens wrote last, and what the accounts answered."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse

from tafaul.channels.x.simulator.shapes import when
from tafaul.channels.x.simulator.store import Post, Store

LATEST = 60

STYLE = """
:root{color-scheme:light dark;--line:light-dark(#dfe4e2,#2d3735);--soft:light-dark(#5d6a67,#9aa8a4);
--ours:light-dark(#e6f3ef,#12332c);--page:light-dark(#f7f9f8,#121817);--card:light-dark(#fff,#1a2220)}
body{margin:0;background:var(--page);font:16px/1.8 "IBM Plex Sans Arabic",system-ui,sans-serif}
main{max-inline-size:44rem;margin-inline:auto;padding:1rem}
article{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem;
margin-block:.75rem}
article article{background:var(--ours);margin-inline-start:1.5rem;margin-block:.5rem 0}
header{display:flex;gap:.5rem;flex-wrap:wrap;color:var(--soft);font-size:.85rem}
p{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}h1{font-size:1.25rem}
"""


def page(store: Store) -> object:
    """Return the endpoint of the page."""

    async def answer(_request: Request) -> HTMLResponse:
        addressed = [
            key for key in reversed(store.ids) if store.posts[key].to and not store.posts[key].in_reply_to
        ]
        answers: dict[int, list[Post]] = {}
        for post in store.posts.values():
            if post.in_reply_to and not post.deleted:
                answers.setdefault(post.conversation_id, []).append(post)
        threads = "".join(_thread(store.posts[key], store, answers) for key in addressed[:LATEST])
        heading = "<h1>محاكي X: ما كتبه المواطنون وما أُجيبوا به <small lang=en dir=ltr>X simulator</small></h1>"
        refreshed = "<meta http-equiv=refresh content=3>"
        return _whole(heading + (threads or "<p>لا تغريدات بعد · Nothing yet</p>"), refreshed)

    return answer


def choice(store: Store, address: str) -> HTMLResponse:
    """Return the page on which an account's owner allows an app in: here anybody may, for any official account."""
    official = sorted((user for user in store.users.values() if user.official), key=lambda user: user.username)
    links = "".join(
        f"<p><a href='{escape(address)}&amp;as={user.username}'><bdi>{escape(user.name)}</bdi> "
        f"<bdi dir=ltr>@{user.username}</bdi></a></p>"
        for user in official
    )
    return _whole(f"<h1>أي حساب تُوصِّل؟ <small lang=en dir=ltr>Which account?</small></h1>{links}")


def _whole(main: str, head: str = "") -> HTMLResponse:
    return HTMLResponse(
        "<!doctype html><html lang=ar dir=rtl><meta charset=utf-8>"
        f"<meta name=viewport content='width=device-width'><link rel=icon href='data:,'>{head}"
        f"<title>محاكي X · X simulator</title><style>{STYLE}</style><main>{main}</main></html>"
    )


def _thread(post: Post, store: Store, answers: dict[int, list[Post]]) -> str:
    below = "".join(_post(item, store) for item in sorted(answers.get(post.id, ()), key=lambda item: item.id))
    return _post(post, store, below)


def _post(post: Post, store: Store, below: str = "") -> str:
    author = store.users[post.author_id]
    text = escape(post.text.encode("utf-8", "replace").decode())
    return (
        f"<article><header><bdi>{escape(author.name)}</bdi> <bdi dir=ltr>@{escape(author.username)}</bdi>"
        f"<time dir=ltr>{when(post.created_ms)[11:19]}</time></header><p dir=auto>{text}</p>{below}</article>"
    )
