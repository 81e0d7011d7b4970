"""What tests and trainers steer the simulator with: below /control, and no part of X."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tafaul.channels.x.simulator import shapes
from tafaul.channels.x.simulator.calls import Answer, Simulation
from tafaul.channels.x.simulator.citizens import Citizens
from tafaul.channels.x.simulator.push import Push
from tafaul.channels.x.simulator.store import Message, Post, User


class Control:
    """The endpoints of steering."""

    def __init__(self, simulation: Simulation, citizens: Citizens, push: Push) -> None:
        self._simulation, self._citizens, self._push = simulation, citizens, push
        self._store = simulation.store

    def routes(self) -> list[Route]:
        """Return the routes of steering."""
        return [
            Route("/control/faults", self._told(self._set_fault), methods=["POST"]),
            Route("/control/faults", self._told(self._clear_faults), methods=["DELETE"]),
            Route("/control/accounts", self._told(self._add_accounts), methods=["POST"]),
            Route("/control/accounts", self._told(self._list_accounts), methods=["GET"]),
            Route("/control/posts", self._told(self._add_posts), methods=["POST"]),
            Route("/control/posts", self._told(self._list_posts), methods=["GET"]),
            Route("/control/replies", self._told(self._list_replies), methods=["GET"]),
            Route("/control/state", self._told(self._state), methods=["GET"]),
            Route("/control/app", self._told(self._app), methods=["GET"]),
            Route("/control/citizens", self._told(self._steer_citizens), methods=["POST"]),
            Route("/control/users", self._told(self._change_user), methods=["POST"]),
            Route("/control/rate_limits", self._told(self._set_limits), methods=["POST"]),
            Route("/control/streams", self._told(self._close_streams), methods=["DELETE"]),
        ]

    @staticmethod
    def _told(do: Any) -> Any:
        async def answer(request: Request) -> Response:
            body = await request.json() if request.method == "POST" else dict(request.query_params)
            try:
                return Answer(do(body))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                return Answer({"error": f"{type(error).__name__}: {error}"}, 400)

        return answer

    def _set_fault(self, told: dict[str, Any]) -> dict[str, Any]:
        fault = self._simulation.faults.set(told)
        if fault.kind == "late":
            self._store.late_ms = int(fault.seconds * 1000)
        if fault.kind == "expired_tokens":
            self._store.expire_tokens()
            fault.times = 0
        return {"set": fault.kind}

    def _clear_faults(self, _told: dict[str, Any]) -> dict[str, Any]:
        self._simulation.faults.clear()
        self._store.late_ms = 0
        return {"set": None}

    def _add_accounts(self, told: list[dict[str, str]]) -> list[dict[str, str]]:
        for item in told:
            key = int(item["external_id"]) if "external_id" in item else None
            user = self._store.add_user(item["handle"], item["name"], official=True, key=key)
            self._store.issue_token(user)
        return self._list_accounts({})

    def _list_accounts(self, _told: dict[str, Any]) -> list[dict[str, str]]:
        newest = {token.user_id: token for token in self._store.tokens.values()}
        return [
            {
                "handle": user.username,
                "external_id": str(user.id),
                "access_token": newest[user.id].access,
                "refresh_token": newest[user.id].refresh,
            }
            for user in self._store.users.values()
            if user.official and user.id in newest
        ]

    def _add_posts(self, told: list[dict[str, Any]]) -> list[str]:
        return [str(self._add_one(item).id) for item in told]

    def _add_one(self, item: dict[str, Any]) -> Post | Message:
        author = self._store.add_user(item["author"], item.get("name", item["author"]))
        account = self._store.by_username[item["to"].lower()] if item.get("to") else None
        if item.get("author_deleted"):
            author.deleted = True
        if item.get("private") and account:
            return self._store.add_message(author, account, item["text"])
        answered = int(item["in_reply_to"]) if item.get("in_reply_to") else None
        text = f"@{account.username} {item['text']}" if account else item["text"]
        return self._store.add_post(author, text, in_reply_to=answered, created_ms=item.get("created_ms"))

    def _list_posts(self, told: dict[str, str]) -> list[dict[str, Any]]:
        account = self._store.by_username[told["account"].lower()]
        public = [self._store.posts[key] for key in self._store.mentions.get(account.id, ())]
        private = [item for item in self._store.messages.get(account.id, ()) if item.sender_id != account.id]
        return [
            {"id": str(post.id), "text": post.text, "private": False} for post in public if not post.deleted
        ] + [{"id": str(message.id), "text": message.text, "private": True} for message in private]

    def _said_by(self, user: User) -> list[dict[str, Any]]:
        public = [
            {
                "id": str(p.id),
                "text": p.text,
                "in_reply_to": str(p.in_reply_to),
                "private": False,
                "hidden": p.hidden,
            }
            for p in self._store.posts.values()
            if p.author_id == user.id and not p.deleted
        ]
        private = [
            {"id": str(message.id), "text": message.text, "to": str(message.recipient_id), "private": True}
            for message in self._store.messages.get(user.id, ())
            if message.sender_id == user.id
        ]
        return [{"account": user.username, **said} for said in public + private]

    def _list_replies(self, _told: dict[str, str]) -> list[dict[str, Any]]:
        official = [user for user in self._store.users.values() if user.official]
        return [reply for user in official for reply in self._said_by(user)]

    def _state(self, _told: dict[str, Any]) -> dict[str, Any]:
        accounts = {}
        for user in self._store.users.values():
            if user.official:
                private = [item for item in self._store.messages.get(user.id, ()) if item.sender_id != user.id]
                accounts[user.username] = {
                    "posts": len(self._store.mentions.get(user.id, ())),
                    "private": len(private),
                }
        said = self._list_replies({})
        return {
            "posts": sum(item["posts"] + item["private"] for item in accounts.values()),
            "replies": len(said),
            "accounts": accounts,
            "calls": dict(self._simulation.calls),
            "streams": len(self._push.streams),
            "undelivered": self._push.undelivered,
        }

    def _app(self, _told: dict[str, Any]) -> dict[str, str]:
        return {"app_token": self._store.app_token, "consumer_secret": self._store.consumer_secret}

    def _steer_citizens(self, told: dict[str, Any]) -> dict[str, Any]:
        citizens = self._citizens
        citizens.rate = float(told.get("rate", citizens.rate))
        citizens.paused = bool(told.get("paused", citizens.paused))
        return {"rate": citizens.rate, "paused": citizens.paused}

    def _change_user(self, told: dict[str, Any]) -> dict[str, Any]:
        user = self._store.by_username[told["handle"].lower()]
        user.closed = bool(told.get("closed", user.closed))
        return shapes.user(user, frozenset())

    def _set_limits(self, told: dict[str, Any]) -> dict[str, int]:
        self._simulation.limits.factor = int(told["factor"])
        return {"factor": self._simulation.limits.factor}

    def _close_streams(self, _told: dict[str, Any]) -> dict[str, int]:
        self._push.close_streams()
        return {"closed": len(self._push.streams)}
