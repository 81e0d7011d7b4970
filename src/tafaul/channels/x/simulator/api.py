"""The endpoints of X API v2 that an official account needs."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tafaul.channels.x.length import LIMIT, weighted_length
from tafaul.channels.x.simulator import shapes
from tafaul.channels.x.simulator.calls import Answer, CallOf, Simulation, endpoint, refuse, spoil
from tafaul.channels.x.simulator.page import choice
from tafaul.channels.x.simulator.search import compile_query
from tafaul.channels.x.simulator.store import Post, User, now_ms

TIMELINE_REACH = 800
SEARCH_REACH_MS = 7 * 86_400_000
PRIVATE_REACH_MS = 30 * 86_400_000
OVERLAP = 5
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


def routes(simulation: Simulation) -> list[Route]:
    """Return the routes of the API."""

    def route(path: str, name: str, do: Any, *methods: str) -> Route:
        return Route(path, endpoint(name, do, simulation), methods=list(methods) or ["GET"])

    codes: dict[str, tuple[int, str]] = {}
    return [
        route("/2/users/me", "me", _me),
        route("/2/users/by/username/{username}", "user", _by_username),
        route("/2/users/{id:int}", "user", _user),
        route("/2/users/{id:int}/mentions", "mentions", _mentions),
        route("/2/tweets/search/recent", "search", _search),
        route("/2/tweets", "send_public", _create, "POST"),
        route("/2/tweets/{id:int}", "post", _post),
        route("/2/tweets/{id:int}", "delete", _delete, "DELETE"),
        route("/2/tweets/{id:int}/hidden", "hide", _hide, "PUT"),
        route("/2/dm_events", "private", _private),
        route("/2/dm_conversations/with/{id:int}/dm_events", "private", _private),
        route("/2/dm_conversations/with/{id:int}/messages", "send_private", _message, "POST"),
        Route("/2/oauth2/token", _token(simulation, codes), methods=["POST"]),
        Route("/i/oauth2/authorize", _authorize(simulation, codes), methods=["GET"]),
    ]


def _me_of(call: CallOf) -> User:
    if call.me is None:
        raise ValueError("a user's token is wanted")
    return call.me


async def _me(call: CallOf) -> Response:
    return Answer({"data": shapes.user(_me_of(call), call.fields("user.fields"))})


async def _user(call: CallOf) -> Response:
    found = call.store.users.get(call.request.path_params["id"])
    return _one_user(call, found, str(call.request.path_params["id"]))


async def _by_username(call: CallOf) -> Response:
    name = call.request.path_params["username"]
    return _one_user(call, call.store.by_username.get(name.lower()), name)


def _one_user(call: CallOf, found: User | None, sought: str) -> Response:
    if found is None or found.deleted:
        return Answer(shapes.not_found("user", sought))
    return Answer({"data": shapes.user(found, call.fields("user.fields"))})


def _page(call: CallOf, posts: list[Post], size: int, name: str) -> Response:
    """Answer with a page of posts, newest first."""
    token = call.request.query_params.get("pagination_token") or call.request.query_params.get("next_token")
    start = 0
    if token:
        before = int(token.removeprefix("b"))
        start = next((place for place, post in enumerate(posts) if post.id < before), len(posts))
        if call.simulation.faults.take("overlap", name):
            start = max(0, start - OVERLAP)
    chosen = posts[start : start + size]
    fields = call.fields("tweet.fields")
    meta: dict[str, Any] = {"result_count": len(chosen)}
    page: dict[str, Any] = {"meta": meta}
    if chosen:
        page["data"] = [shapes.post(post, call.store, fields) for post in chosen]
        meta.update(newest_id=str(chosen[0].id), oldest_id=str(chosen[-1].id))
        if "author_id" in call.fields("expansions"):
            page["includes"] = {"users": _authors(call, chosen)}
    if start + size < len(posts):
        meta["next_token"] = f"b{chosen[-1].id}"
    return Answer(spoil(page, call.simulation, name))


def _authors(call: CallOf, posts: list[Post]) -> list[dict[str, Any]]:
    found = {post.author_id: call.store.users[post.author_id] for post in posts}
    return [shapes.user(user, call.fields("user.fields")) for user in found.values() if not user.deleted]


async def _mentions(call: CallOf) -> Response:
    account = call.request.path_params["id"]
    size = call.page_size(10, 5, 100)
    everything = call.store.between(call.store.mentions.get(account, []), None, None)[:TIMELINE_REACH]
    since, until = call.id("since_id"), call.id("until_id")
    wanted = [
        post for post in everything if (since is None or post.id > since) and (until is None or post.id < until)
    ]
    return _page(call, wanted, size, "mentions")


async def _search(call: CallOf) -> Response:
    matches = compile_query(call.request.query_params.get("query", ""), call.store)
    size = call.page_size(10, 10, 100)
    edge = now_ms() - SEARCH_REACH_MS
    since = call.id("since_id")
    if since is not None and since in call.store.posts and call.store.posts[since].created_ms < edge:
        raise ValueError("'since_id' must be a tweet id created after [seven days ago]")
    candidates = call.store.between(call.store.ids, since, call.id("until_id"))
    return _page(call, [post for post in candidates if post.created_ms >= edge and matches(post)], size, "search")


async def _post(call: CallOf) -> Response:
    key = call.request.path_params["id"]
    found = call.store.posts.get(key)
    if found is None or found.deleted:
        return Answer(shapes.not_found("tweet", str(key)))
    page: dict[str, Any] = {"data": shapes.post(found, call.store, call.fields("tweet.fields"))}
    if "author_id" in call.fields("expansions"):
        page["includes"] = {"users": _authors(call, [found])}
    return Answer(page)


async def _create(call: CallOf) -> Response:
    body = await call.request.json()
    text, author = str(body.get("text") or ""), _me_of(call)
    if not text.strip():
        raise ValueError("text is empty")
    if weighted_length(text) > LIMIT:
        return refuse(403, "Forbidden", "Your Tweet text is too long.")
    answered = body.get("reply", {}).get("in_reply_to_tweet_id")
    if answered is not None:
        post = call.store.posts.get(int(answered))
        if post is None or post.deleted:
            told = "You attempted to reply to a Tweet that is deleted or not visible to you."
            return refuse(403, "Forbidden", told)
    if call.store.was_said(author, text):
        return refuse(403, "Forbidden", DUPLICATE)
    written = call.store.add_post(author, text, in_reply_to=int(answered) if answered else None)
    return Answer(
        {"data": {"id": str(written.id), "text": text, "edit_history_tweet_ids": [str(written.id)]}}, 201
    )


async def _delete(call: CallOf) -> Response:
    post = call.store.posts.get(call.request.path_params["id"])
    if post is not None and post.author_id != _me_of(call).id:
        return refuse(403, "Forbidden", "You are not permitted to delete this Tweet.")
    if post is not None:
        call.store.mark(post, "deleted", value=True)
    return Answer({"data": {"deleted": True}})


async def _hide(call: CallOf) -> Response:
    body = await call.request.json()
    post = call.store.posts.get(call.request.path_params["id"])
    if post is None:
        return refuse(404, "Not Found Error", "Could not find that Tweet.")
    root = call.store.posts.get(post.conversation_id)
    if root is None or root.author_id != _me_of(call).id:
        return refuse(403, "Forbidden", "You can only hide replies in conversations that you started.")
    call.store.mark(post, "hidden", value=bool(body["hidden"]))
    return Answer({"data": {"hidden": bool(body["hidden"])}})


async def _private(call: CallOf) -> Response:
    me = _me_of(call)
    size = call.page_size(100, 1, 100)
    other = call.request.path_params.get("id")
    token = call.request.query_params.get("pagination_token")
    before = int(token.removeprefix("b")) if token else None
    edge = now_ms() - PRIVATE_REACH_MS
    wanted = [
        message
        for message in reversed(call.store.messages.get(me.id, []))
        if message.created_ms >= edge
        and (before is None or message.id < before)
        and (other is None or other in (message.sender_id, message.recipient_id))
    ]
    chosen = wanted[:size]
    meta: dict[str, Any] = {"result_count": len(chosen)}
    page: dict[str, Any] = {"meta": meta}
    if chosen:
        page["data"] = [shapes.message(message, call.fields("dm_event.fields")) for message in chosen]
        if "sender_id" in call.fields("expansions"):
            senders = {message.sender_id: call.store.users[message.sender_id] for message in chosen}
            page["includes"] = {
                "users": [shapes.user(item, call.fields("user.fields")) for item in senders.values()]
            }
    if len(wanted) > size:
        meta["next_token"] = f"b{chosen[-1].id}"
    return Answer(spoil(page, call.simulation, "private"))


async def _message(call: CallOf) -> Response:
    body = await call.request.json()
    citizen = call.store.users.get(call.request.path_params["id"])
    if citizen is None or citizen.closed or citizen.deleted:
        return refuse(403, "Forbidden", "You cannot send messages to this user.")
    text = str(body.get("text") or "")
    if not text.strip():
        raise ValueError("text is empty")
    sent = call.store.add_message(_me_of(call), citizen, text)
    first, second = sorted((sent.sender_id, sent.recipient_id))
    return Answer({"data": {"dm_conversation_id": f"{first}-{second}", "dm_event_id": str(sent.id)}}, 201)


def _token(simulation: Simulation, codes: dict[str, tuple[int, str]]) -> Any:
    async def answer(request: Request) -> Response:
        if simulation.faults.take("unavailable", "token"):
            return refuse(503, "Service Unavailable", "Service Unavailable")
        form = dict(parse_qsl((await request.body()).decode()))
        user_id: int | None = None
        if form.get("grant_type") == "refresh_token":
            known = simulation.store.refreshes.get(str(form.get("refresh_token")))
            user_id = known.user_id if known else None
        elif form.get("grant_type") == "authorization_code":
            user_id, challenge = codes.pop(str(form.get("code")), (None, ""))
            digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
                user_id = None
        if user_id is None:
            return Answer(
                {"error": "invalid_request", "error_description": "Value passed for the token was invalid."}, 400
            )
        token = simulation.store.issue_token(simulation.store.users[user_id])
        granted = {"token_type": "bearer", "expires_in": 7200, "scope": "offline.access"}
        return Answer({**granted, "access_token": token.access, "refresh_token": token.refresh})

    return answer


def _authorize(simulation: Simulation, codes: dict[str, tuple[int, str]]) -> Any:
    """Ask which official account, and send the person back with a code for it, as X does after its log-in."""

    async def answer(request: Request) -> Response:
        query = request.query_params
        if query.get("code_challenge_method") != "S256" or not query.get("redirect_uri"):
            return refuse(400, "Invalid Request", "A redirect_uri and a PKCE challenge (S256) are wanted.")
        user = simulation.store.by_username.get(query.get("as", "").lower())
        if user is None or not user.official:
            return choice(simulation.store, str(request.url))
        code = secrets.token_urlsafe(16)
        codes[code] = (user.id, query.get("code_challenge", ""))
        return RedirectResponse(f"{query['redirect_uri']}?code={code}&state={query.get('state', '')}")

    return answer
