"""How fast are the desk's pages over a million cases, and what does row-level security cost?

Each page is asked for in turn with row-level security (the role of web processes) and without (a role that sees every row), so that
both meet the same state of the machine. Times are the server's for a whole page, Django's client in this process included.

    ./dev bench desk --cases 100000
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from _scene import set_up

BODIES = 40
POSTS_EACH = 5
WORDS = [
    "راتب",
    "فاتورة",
    "كهرباء",
    "انقطاع",
    "شحنة",
    "متأخرة",
    "حفرة",
    "شارع",
    "إنارة",
    "نظافة",
    "حي",
    "بلاغ",
    "تجاري",
    "متجر",
    "استرجاع",
    "مبلغ",
    "ضريبة",
    "تأشيرة",
    "عمالة",
    "منشأة",
    "عقد",
    "تأمين",
    "دعم",
    "حساب",
    "المواطن",
    "شبكة",
    "إنترنت",
    "برج",
    "تغطية",
    "رخصة",
    "بناء",
    "مخالفة",
    "مواقف",
    "حديقة",
    "مدرسة",
    "طلب",
    "معاملة",
    "موعد",
    "خدمة",
    "تطبيق",
    "منصة",
    "تحديث",
    "رقم",
    "جوال",
    "هوية",
    "سجل",
    "شهادة",
    "مزرعة",
    "مياه",
    "تسرب",
    "صرف",
    "سيول",
    "أمطار",
]
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=15)
    told = parser.parse_args()
    set_up()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    started = time.monotonic()
    people = fill(told.cases)
    print(
        f"{told.cases:,} cases, {told.cases * POSTS_EACH:,} posts, {BODIES} bodies in {time.monotonic() - started:.0f} s\n"
    )
    measure(people, told.repeats)


# ------------------------------------------------------------------ a country at work


def fill(count: int) -> dict[str, object]:
    """Fill the tables, and return people whose desks differ most: of a small body, and of the largest with those below it."""
    from django.db import connection

    from tafaul.bodies.models import Account, Body, Membership, Person

    chance = random.Random(1)
    for number in range(Body.objects.count(), BODIES):
        parent = Body.objects.filter(parent=None).order_by("id")[number % 7]
        Body.objects.create(
            parent=parent, slug=f"unit-{number}", name_ar=f"وحدة {number}", name_en=f"Unit {number}"
        )
    bodies = list(Body.objects.order_by("id")[:BODIES])
    accounts = [
        Account.objects.create(body=body, channel="x", external_id=f"9{body.pk}", handle=f"b{body.pk}")
        for body in bodies
    ]
    agents = {}
    for body in bodies:
        agents[body.pk] = Person.objects.create_user(f"agent-{body.pk}", password=None)
        Membership.objects.create(person=agents[body.pk], body=body, role="agent")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # what triggers would write is written here
        _copy(cursor, "care_citizen", "id, channel, external_id, handle, name", _citizens(count // 3 + 1))
        _copy(cursor, "care_case", CASE_COLUMNS, _cases(count, accounts, agents, chance))
        _copy(cursor, "care_post", POST_COLUMNS, _posts(count, len(accounts), accounts, chance))
        cursor.execute(REST)
        cursor.execute("SET session_replication_role = origin")
        for table in ("care_citizen", "care_case", "care_post"):
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )
        for table in (
            "care_citizen",
            "care_case",
            "care_post",
            "care_reply",
            "care_referral",
            "care_clock",
            "care_sharing",
        ):
            cursor.execute(f"VACUUM ANALYZE {table}")
    top = max(Body.objects.filter(parent=None), key=lambda body: body.below.count())
    leader = Person.objects.create_user("leader", password=None)
    for role in ("supervisor", "auditor"):
        Membership.objects.create(person=leader, body=top, role=role)
    return {"agent of one body": agents[bodies[-1].pk], "supervisor of a tree": leader}


def _copy(cursor, table: str, columns: str, rows: Iterator[tuple]) -> None:
    with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def _citizens(count: int) -> Iterator[tuple]:
    return ((number, "x", str(number), f"citizen_{number}", "مواطن") for number in range(1, count + 1))


CASE_COLUMNS = (
    "id, reference, account_id, body_id, citizen_id, state, kind, topic, place, urgency, urgent_because, priority, repeats, needs_triage,"
    " assignee_id, tags, subject, posts_count, opened_at, waiting_since, last_post_at, answered_at, closed_at, outcome, outcome_note,"
    " seen_by, search"
)


def _of(number: int, accounts: int) -> int:
    """The account of a case: large ones have many times what small ones have."""
    return min(
        int((number * 2654435761 % 1_000_003) / 1_000_003 * (number * 40503 % 977) / 977 * accounts), accounts - 1
    )


def _cases(count: int, accounts: list, agents: dict, chance: random.Random) -> Iterator[tuple]:
    from tafaul.care import search
    from tafaul.care.references import reference

    states = ("open",) * 3 + ("asked", "answered", "answered") + ("closed",) * 14
    topics = ("salary", "invoice", "shipping", "lighting", "cleaning", "refund", "")
    for number in range(1, count + 1):
        account = accounts[_of(number, len(accounts))]
        referred = accounts[(number * 7) % len(accounts)].body_id if number % 10 == 0 else account.body_id
        state = states[number % len(states)]
        opened = NOW - timedelta(minutes=number * 500_000 / count)
        words = chance.sample(WORDS, 8)
        citizen = number % (count // 3 + 1) or 1
        lexemes = {form for word in words for form in search.lexemes(word, [])}
        lexemes |= {search.of_case(reference(number)), *search.of_citizen(f"citizen_{citizen}")}
        urgency = 0 if number % 50 == 0 else 1
        yield (
            number, reference(number), account.pk, referred, citizen, state, ("complaint", "inquiry")[number % 2],
            topics[number % len(topics)], "riyadh" if number % 3 else "", urgency, "خطر" if urgency == 0 else "", min(urgency * 2 + number % 3, 4),
            0, state == "open" and number % 20 == 0, agents[referred].pk if number % 4 == 0 else None,
            ["متابعة"] if number % 25 == 0 else [], " ".join(words), POSTS_EACH, opened, opened if state == "open" else None, opened,
            opened if state != "open" else None, opened if state == "closed" else None, "answered" if state == "closed" else "", "",
            sorted({account.body_id, referred}), search.vector(lexemes),
        )  # fmt: skip


POST_COLUMNS = "id, account_id, external_id, citizen_id, visibility, text, raw, conversation_id, in_reply_to, written_at, received_at, case_id"


def _posts(count: int, of: int, accounts: list, chance: random.Random) -> Iterator[tuple]:
    texts = [" ".join(chance.sample(WORDS, 12)) for _ in range(500)]
    for number in range(1, count * POSTS_EACH + 1):
        case = (number - 1) // POSTS_EACH + 1
        at = NOW - timedelta(minutes=case * 500_000 / count)
        citizen = case % (count // 3 + 1) or 1
        yield (
            number,
            accounts[_of(case, of)].pk,
            str(number),
            citizen,
            "public",
            texts[number % 500],
            "{}",
            str(case),
            "",
            at,
            at,
            case,
        )


REST = """
    INSERT INTO care_reply (case_id, account_id, answers_id, mode, visibility, text, state, created_at, tries, external_id, failure)
    SELECT id, account_id, id * 5, 'answered', 'public', 'أهلاً بك', 'draft', opened_at, 0, '', '' FROM care_case WHERE state = 'open';
    INSERT INTO care_referral (case_id, from_body_id, to_body_id, reason, note, state, sent_at, decided_at, returned_because, done_note, email, email_key)
    SELECT c.id, a.body_id, c.body_id, 'competence', '', CASE WHEN c.state = 'closed' THEN 'done' ELSE 'accepted' END, opened_at, opened_at,
        '', '', '', '' FROM care_case c JOIN bodies_account a ON a.id = c.account_id WHERE a.body_id <> c.body_id AND c.state <> 'closed';
    INSERT INTO care_clock (case_id, body_id, promised_by_id, what, promised, started_at, counted_from, time_left, due_at, breached_at, escalations)
    SELECT id, body_id, body_id, 'resolution', interval '40 hours', opened_at, opened_at, interval '40 hours', opened_at + interval '7 days',
        CASE WHEN opened_at < now() - interval '7 days' THEN opened_at + interval '7 days' END, 0 FROM care_case WHERE state = 'open';
    INSERT INTO care_sharing (of_id, sees_id)
    SELECT DISTINCT a.body_id, sees FROM care_case c JOIN bodies_account a ON a.id = c.account_id CROSS JOIN unnest(c.seen_by) sees
    WHERE sees <> a.body_id;
"""


# ------------------------------------------------------------------ the pages


def pages(cases: list[str]) -> dict[str, Callable[[int], str]]:
    """The addresses to ask for, by what they show; each takes the number of the repeat."""

    def case(part: str = "") -> Callable[[int], str]:
        return lambda turn: f"/cases/{cases[turn % len(cases)]}{part}"

    def said(*words: str, more: str = "") -> Callable[[int], str]:
        return lambda turn: f"/?q={words[turn % len(words)]}{more}"

    listed = {
        "open": "", "closed": "state=closed", "answered": "state=answered", "all": "state=all", "kind": "kind=complaint",
        "topic": "topic=salary", "place": "place=riyadh", "tag": "tag=متابعة", "mine": "assignee=me", "nobody's": "assignee=none",
        "urgent": "urgent=1", "triage": "triage=1", "late": "late=1", "several": "state=all&kind=inquiry&topic=refund&assignee=me&tag=متابعة",
        "none found": "state=closed&tag=لا+أحد",
    }  # fmt: skip
    sections = (
        "/conversation", "/links", "/tags", "/colleagues", "/referral", "/promises", "/reminders", "/outside-reports", "/citizens-page",
        "/history",
    )  # fmt: skip
    other = (
        "/board",
        "/promises",
        "/follow-up",
        "/referrals",
        "/referrals/waiting",
        "/notices",
        "/team",
        "/channels",
    )
    return {
        **{f"list: {name}": lambda turn, query=query: f"/?{query}" for name, query in listed.items()},
        "search: a word": said("راتب", "حفرة", "ضريبة"),
        "search: two words": said("فاتورة+كهرباء", "حفرة+شارع"),
        "search: a beginning": said("كهر", "متأ", "إنتر"),
        "search: of all states": said("راتب", "حفرة", more="&state=all"),
        "search: closed, of a topic": said("راتب", more="&state=closed&topic=salary"),
        "search: not there": said("زرافة", more="&state=all"),
        "search: a reference": lambda turn: f"/?q={cases[turn % len(cases)]}&state=all",
        "search: a handle": lambda turn: f"/?q=@citizen_{turn * 37 + 1}&state=all",
        "case": case(),
        **{f"case{part}": case(part) for part in sections},
        **{name: lambda _turn, name=name: name for name in other},
    }


@contextmanager
def speaking(role: str) -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def measure(people: dict[str, object], repeats: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tafaul.care import cases

    for who, person in people.items():
        client = Client()
        client.force_login(person)
        seen = (
            cases.visible_to(person).filter(state="open").order_by("-id").values_list("reference", flat=True)[:50]
        )
        print(f"{who}: p50 and p95 in ms, queries; with row-level security, without, and their ratio (p50)\n")
        print(f"{'':<28}{'p50':>7}{'p95':>7}{'queries':>9}{'p50 off':>9}{'p95 off':>9}{'on/off':>8}")
        ratios = []
        for name, address in pages(list(seen)).items():
            with speaking("tafaul_desk"):
                response = client.get(address(0))
                if response.status_code != 200:
                    print(f"{name:<28}{response.status_code:>7}")
                    continue
                with CaptureQueriesContext(connection) as queries:
                    client.get(address(0))
                asked = len(queries)  # now: the next request clears the log
            on, off = [], []
            for turn in range(repeats):
                for role, times in (("tafaul_desk", on), ("tafaul_jobs", off))[:: 1 if turn % 2 else -1]:
                    with speaking(role):
                        started = time.perf_counter()
                        client.get(address(turn))
                        times.append((time.perf_counter() - started) * 1000)
            ratios.append(statistics.median(on) / statistics.median(off))
            cells = f"{statistics.median(on):>7.1f}{_p95(on):>7.1f}{asked:>9}{statistics.median(off):>9.1f}{_p95(off):>9.1f}"
            print(f"{name:<28}{cells}{ratios[-1]:>8.2f}", flush=True)
        print(f"\nratio over all pages (geometric mean): {statistics.geometric_mean(ratios):.2f}\n")


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


if __name__ == "__main__":
    main()
