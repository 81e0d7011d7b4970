"""The citizens of the simulated X: they write, wait, come back angry, go on in private, and say thanks."""

from __future__ import annotations

import asyncio
import heapq
import json
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tafaul.channels.x.simulator.store import Message, Post, Store, User

PATIENCE = (50, 110)
"""Seconds after which a citizen whom nobody answers comes back."""

PAUSE = (3, 15)
"""Seconds that a citizen takes to answer."""

CALM, RISE = 10, 90
"""Seconds before a surge begins, and how long it lasts at ten times the rate."""

FIRST_NAMES = (
    "abu_fahad", "um_khalid", "saad", "noura", "mohd", "sultan", "reem", "turki", "huda", "fahad", "lama",
    "yousef",
    "amal", "bandar", "salem", "maha", "nasser", "wafa", "majed", "hessa", "ali", "dana", "omar", "samia",
)  # fmt: skip
SURNAMES = ("ot", "qh", "sh", "gh", "dr", "hb", "zh", "mt", "an", "rsh", "bl", "js")
SHOWN_NAMES = ("أبو فهد", "أم خالد", "سعد", "نورة", "محمد", "سلطان", "ريم", "تركي", "هدى", "فهد", "لمى", "يوسف")


@dataclass(frozen=True, slots=True)
class Example:
    """What a citizen may write: a text, the body whose account it goes to, and whether in private."""

    text: str
    to: str
    private: bool = False
    asks: bool = True


@dataclass(slots=True)
class Script:
    """All that citizens may say: examples by body, those of the crisis, and what they say back."""

    calm: Mapping[str, Sequence[Example]]
    crisis: Sequence[Example]
    back: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, folder: Path) -> Script:
        """Read the posts of a pack: *.jsonl, those of the crisis in surge*.jsonl, and dialogue.yaml."""
        calm: dict[str, list[Example]] = {}
        crisis: list[Example] = []
        for file in sorted(folder.glob("*.jsonl")):
            for line in file.read_text(encoding="utf-8").splitlines():
                told = json.loads(line)
                asks = told.get("kind") in ("complaint", "inquiry")
                example = Example(told["text"], told["to"], bool(told.get("private")), asks)
                if file.name.startswith("surge"):
                    crisis.append(example)
                elif not file.name.startswith("private"):
                    calm.setdefault(example.to, []).append(example)
        dialogue = folder / "dialogue.yaml"
        back = yaml.safe_load(dialogue.read_text(encoding="utf-8")) if dialogue.exists() else {}
        return cls(calm, crisis, back)


@dataclass(order=True, slots=True)
class Act:
    """Something that a citizen will do at a time."""

    at: float
    number: int
    do: Callable[[], None] = field(compare=False)


class Citizens:
    """Writes posts at a rate and answers what accounts say; the same seed gives the same words in order."""

    def __init__(
        self, store: Store, script: Script, accounts: Mapping[str, User], *, rate: float, surge: bool, seed: int
    ) -> None:
        self.rate = rate
        self.surge = surge
        self.paused = False
        self._store, self._script, self._accounts = store, script, accounts
        self._random = random.Random(seed)  # noqa: S311
        self._acts: list[Act] = []
        self._number = 0
        self._waiting: dict[int, Post | None] = {}
        """Citizens who wait for an answer, and the post that they wait with."""
        self._decks: dict[str, list[Example]] = {}
        self._started = time.monotonic()
        store.listeners.append(self._hear)

    async def live(self) -> None:
        """Live until cancelled."""
        bodies = [body for body in self._accounts if self._script.calm.get(body)]
        while self.paused:
            await asyncio.sleep(0.05)
        self._started = time.monotonic()
        for place, body in enumerate(bodies if self.rate else ()):
            self._plan(0.3 + 3.5 * place / len(bodies), lambda body=body: self._write(self._deal(body)))  # type: ignore[misc]
        due = self._started + 4
        while True:
            await asyncio.sleep(0.05)
            now = time.monotonic()
            while self._acts and self._acts[0].at <= now:
                act = heapq.heappop(self._acts)
                if not self.paused:
                    act.do()
            rate = self._rate_now(now)
            while bodies and rate and not self.paused and due <= now:
                self._write(self._next(bodies, now))
                due += self._random.expovariate(rate / 60)
            due = max(due, now - 1)

    def _surging(self, now: float) -> bool:
        return self.surge and CALM <= now - self._started < CALM + RISE

    def _rate_now(self, now: float) -> float:
        return self.rate * 10 if self._surging(now) else self.rate

    def _next(self, bodies: Sequence[str], now: float) -> Example:
        if self._script.crisis and self._surging(now) and self._random.random() < 0.8:
            return self._random.choice(self._script.crisis)
        return self._deal(self._random.choice(bodies))

    def _deal(self, body: str) -> Example:
        """Take the next example of a body, in an order of chance, all of them before any again."""
        deck = self._decks.get(body)
        if not deck:
            deck = self._decks[body] = list(self._script.calm[body])
            self._random.shuffle(deck)
        return deck.pop()

    def _citizen(self) -> User:
        first = self._random.choice(FIRST_NAMES)
        handle = f"{first}_{self._random.choice(SURNAMES)}{self._random.randrange(100):02d}"[:15]
        return self._store.add_user(handle, self._random.choice(SHOWN_NAMES))

    def _write(self, example: Example) -> None:
        account = self._accounts.get(example.to)
        if account is None:
            return
        citizen = self._citizen()
        if example.private:
            self._store.add_message(citizen, account, example.text)
            return
        post = self._store.add_post(citizen, f"@{account.username} {example.text}")
        if example.asks:
            self._waiting[citizen.id] = post
            self._plan(self._random.uniform(*PATIENCE), lambda: self._come_back(citizen, post))
        if self._random.random() < 0.03:
            self._plan(self._random.uniform(*PAUSE), lambda: self._repeat(citizen, post))

    def _repeat(self, citizen: User, post: Post) -> None:
        """The same words once more, as people do who are not sure that it went out."""
        self._store.add_post(citizen, post.text)

    def _come_back(self, citizen: User, post: Post) -> None:
        words = self._script.back.get("angry_no_answer")
        if words and self._waiting.get(citizen.id) is post and self._random.random() < 0.5:
            account = self._store.users[post.to[0]]
            text = f"@{account.username} {self._random.choice(words)}"
            self._store.add_post(citizen, text, in_reply_to=post.id)

    def _hear(self, news: Post | Message) -> None:
        """An account said something to a citizen."""
        speaker = self._store.users[news.author_id if isinstance(news, Post) else news.sender_id]
        if not speaker.official:
            return
        if isinstance(news, Message):
            citizen = self._store.users[news.recipient_id]
        else:
            answered = self._store.posts.get(news.in_reply_to or 0)
            if answered is None:
                return
            citizen = self._store.users[answered.author_id]
        if self._waiting.pop(citizen.id, None) is not None:
            self._plan(self._random.uniform(*PAUSE), lambda: self._answer(citizen, speaker, news))

    def _answer(self, citizen: User, account: User, said: Post | Message) -> None:
        """Go on in private when asked to, answer a question, or say thanks, or nothing."""
        chance = self._random.random()
        if any(word in said.text for word in ("الخاص", "private", "رسالة خاصة")) and chance < 0.7:
            self._say("goes_private", lambda words: self._store.add_message(citizen, account, words))
        elif ("؟" in said.text or "?" in said.text) and chance < 0.8:
            self._say("answers_question", lambda words: self._reply(citizen, account, said, words))
        elif chance < 0.35:
            self._say("thanks", lambda words: self._reply(citizen, account, said, words))

    def _say(self, sort: str, do: Callable[[str], Any]) -> None:
        words = self._script.back.get(sort)
        if words:
            do(self._random.choice(words))

    def _reply(self, citizen: User, account: User, said: Post | Message, words: str) -> None:
        if isinstance(said, Message):
            self._store.add_message(citizen, account, words)
        else:
            self._store.add_post(citizen, f"@{account.username} {words}", in_reply_to=said.id)

    def _plan(self, seconds: float, do: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._acts, Act(time.monotonic() + seconds, self._number, do))


def accounts_of(told: Iterable[Mapping[str, str]], store: Store) -> dict[str, User]:
    """Make the official accounts that a pack names, each with tokens, and return them by body."""
    found = {}
    for item in told:
        user = store.add_user(item["handle"], item["name"], official=True)
        if all(token.user_id != user.id for token in store.tokens.values()):
            store.issue_token(user)
        found[item["body"]] = user
    return found
