"""The list: its order, what narrows it, its pages, its counts, and many cases changed at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tafaul.bodies.models import Body, Person
from tafaul.care import bulk, cases, errors, lists, tags
from tafaul.care.models import Case, Citizen, Clock
from tafaul.care.references import reference
from tests.care.citizens import account_of, at_once, writes

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def agent(person) -> Person:
    return person("finance")


@pytest.fixture
def add(pack):
    """Store cases as they may stand: `add(3, priority=1)`, each a minute younger than the one before."""

    def add(count: int = 1, to: str = "finance", **more) -> list[Case]:
        account, first = account_of(to), Case.objects.count()
        citizen, _ = Citizen.objects.get_or_create(channel="x", external_id="c", defaults={"handle": "abu_fahad"})
        made = []
        for place in range(first, first + count):
            since = NOW + timedelta(minutes=place)
            told = {"body": account.body, "kind": "complaint", "opened_at": since, "last_post_at": since, **more}
            if told.get("state", "open") == "open":
                told.setdefault("waiting_since", since)
            case = Case(account=account, citizen=citizen, reference=reference(500_000 + place), **told)
            case.save()
            made.append(case)
        return made

    return add


def listed(person: Person, **wanted: str) -> list[Case]:
    told = lists.Wanted.read(wanted)
    return list(lists.page(lists.narrowed(cases.visible_to(person), told, person), told).rows)


def test_who_waits_stands_by_priority_and_then_by_how_long(add, agent):
    (usual,), (late,), (urgent,), (first,) = add(priority=3), add(priority=1), add(priority=0), add(priority=1)
    Case.objects.filter(pk=first.pk).update(waiting_since=NOW - timedelta(days=1))
    assert listed(agent) == [urgent, first, late, usual]


def test_others_stand_the_latest_first(add, agent):
    answered = add(3, state="answered")
    assert listed(agent, state="answered") == answered[::-1]
    (waiting,) = add()
    assert listed(agent, state="all") == [waiting, *answered[::-1]]


def test_several_filters_narrow_the_list_together(add, agent, person):
    colleague = person("finance", "supervisor")
    add(2)
    told = {"kind": "inquiry", "topic": "salaries", "place": "riyadh_city", "urgency": 0, "tags": ["vip"]}
    (case,) = add(**told, assignee=colleague, needs_triage=True)
    for name in told:
        add(**{**told, name: {"urgency": 1, "tags": ["other"]}.get(name, "complaint" if name == "kind" else "")})
    add(**told, assignee=agent)
    wanted = {
        "kind": "inquiry", "topic": "salaries", "place": "riyadh_city", "urgent": "1", "tag": "vip", "triage": "1",
        "assignee": str(colleague.pk), "body": str(case.body_id),
    }  # fmt: skip
    assert listed(agent, **wanted) == [case]
    assert listed(agent, **{**wanted, "body": "1" * 18}) == []


def test_mine_nobody_s_and_a_colleague_s(add, agent, person):
    colleague = person("finance", "supervisor")
    (nobody,), (mine,), (theirs,) = add(), add(assignee=agent), add(assignee=colleague)
    assert listed(agent, assignee="me") == [mine]
    assert listed(agent, assignee="none") == [nobody]
    assert listed(agent, assignee=str(colleague.pk)) == [theirs]
    assert listed(agent) == [nobody, mine, theirs]


def test_a_place_stands_for_all_that_lies_in_it(add, agent):
    from tafaul.care import taxonomy

    region = taxonomy.regions()[0]
    inner = taxonomy.places_within(region)[-1]
    assert inner != region
    (within,), (whole,), _ = add(place=inner), add(place=region), add(place=taxonomy.regions()[1])
    assert listed(agent, place=region) == [within, whole]
    assert listed(agent, place=inner) == [within]


def test_late_is_a_case_whose_promise_is_broken(add, agent):
    broken, due, kept, ended, _none = add(5)
    now = datetime.now(UTC)
    told = {"body": broken.body, "what": "resolution", "promised": timedelta(hours=1), "started_at": NOW}
    told |= {"counted_from": NOW, "time_left": timedelta(hours=1), "promised_by": broken.body, "look_at": now}
    hour = timedelta(hours=1)
    Clock.objects.create(case=broken, due_at=now - hour, breached_at=now, **told)
    Clock.objects.create(case=due, due_at=now - hour, **told)
    Clock.objects.create(case=kept, due_at=now + hour, **told)
    Clock.objects.create(case=ended, due_at=now - hour, breached_at=now, ended_at=now, **{**told, "look_at": None})
    assert listed(agent, late="1") == [broken, due]


HOSTILE = [
    "'",
    "\0",
    "-1",
    "9" * 30,
    "١٢",
    "٣",
    "open\0",
    "null",
    "1_2_3",
    "_",
    "1_" + "9" * 18 + "_1",
    "a" * 5_000,
    "é",
]


@pytest.mark.parametrize("name", lists._TEXTS)
@pytest.mark.parametrize("value", HOSTILE)
def test_whatever_stands_in_the_address_the_list_appears(pack, agent, name, value):
    writes("متى ينزل الراتب")
    listed(agent, **{name: value})


@pytest.mark.parametrize("state", ["open", "closed", "all"])
def test_pages_follow_each_other_without_gap_or_double(add, agent, monkeypatch, state):
    monkeypatch.setattr(lists, "PAGE", 3)
    outcome = {"outcome": "settled", "closed_at": NOW} if state == "closed" else {}
    kept = [
        case
        for priority in (2, 1, 3)
        for case in add(4, priority=priority, state="closed" if outcome else "open", **outcome)
    ]
    Case.objects.filter(pk__in=[case.pk for case in kept[:6]]).update(last_post_at=NOW)
    if state != "closed":
        Case.objects.filter(pk__in=[case.pk for case in kept[2:8]]).update(waiting_since=NOW)
    seen, after = [], ""
    for _turn in range(10):
        told = lists.Wanted.read({"state": state, "after": after})
        page = lists.page(lists.narrowed(cases.visible_to(agent), told, agent), told)
        assert page.is_first is (after == "")
        seen += page.rows
        after = page.next
        if not after:
            break
    assert len(seen) == 12
    assert set(seen) == set(kept)
    assert [case.pk for case in seen] == [case.pk for case in listed_all(agent, state)]


def listed_all(agent: Person, state: str) -> list[Case]:
    columns = ("priority", "waiting_since", "id") if state == "open" else ("-last_post_at", "-id")
    return list(cases.visible_to(agent).order_by(*columns))


def test_no_more_is_counted_than_anybody_reads(add, agent, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 3)
    add(3, urgency=0)
    add(2, needs_triage=True)
    counts = lists.counts(cases.visible_to(agent))
    assert (counts.open, counts.urgent, counts.triage, counts.answered_today) == (4, 3, 2, 0)
    assert counts.longest == NOW


def test_a_page_asks_the_database_equally_often_for_five_cases_and_for_fifty(add, agent, person, client):
    client.force_login(agent)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get("/", {"state": "open"})
        assert response.status_code == 200
        rows = response.content.decode().count('class="row')
        assert rows >= 5
        return len(queries)

    other = person("finance", "supervisor")
    for number in range(5):
        add(tags=[f"t{number}"], assignee=agent, urgency=0)
    client.get("/")
    few = asked()
    for number in range(45):
        add(tags=[f"t{number}"], assignee=other if number % 2 else agent, needs_triage=True)
    assert asked() == few


def test_a_list_shows_only_what_a_person_sees(add, agent, person):
    (own,), (foreign,) = add(), add(to="telecom")
    assert listed(agent) == [own]
    assert listed(person("telecom")) == [foreign]
    assert listed(agent, body=str(foreign.body_id)) == []


def test_a_person_above_sees_the_bodies_below_and_narrows_to_one(add, person):
    above = person("municipal", "supervisor")
    (own,), (below,) = add(to="municipal"), add(to="amana_riyadh")
    assert listed(above) == [own, below]
    assert listed(above, body=str(Body.objects.get(slug="amana_riyadh").pk)) == [below]


# Many at once


def test_each_of_many_cases_is_changed_or_says_why_not(add, agent):
    first, closed, foreign = *add(2), add(to="telecom")[0]
    cases.close(closed, agent)
    chosen = [first.reference, closed.reference, foreign.reference, "NONSENSE"]
    told = bulk.each(chosen, agent, lambda case: cases.close(case, agent, "not_ours"))
    assert [each.reference for each in told] == chosen
    assert [bool(each.why) for each in told] == [False, True, True, True]
    first.refresh_from_db()
    foreign.refresh_from_db()
    assert (first.outcome, foreign.state) == ("not_ours", "open")


def test_none_and_too_many_are_refused(add, agent):
    with pytest.raises(errors.NothingTicked):
        bulk.each([], agent, lambda case: None)
    with pytest.raises(errors.TooManyAtOnce):
        bulk.each([str(number) for number in range(bulk.MOST + 1)], agent, lambda case: None)


@pytest.mark.parametrize(
    ("do", "changed"),
    [
        ({"do": "close", "outcome": "settled"}, {"state": "closed", "outcome": "settled"}),
        ({"do": "tag", "tag": "رمضان"}, {"tags": ["رمضان"]}),
        ({"do": "assign", "to": "me"}, {"assignee": "me"}),
        ({"do": "let_go"}, {"assignee": None}),
    ],
)
def test_ticked_cases_are_changed_from_the_page(add, agent, client, do, changed):
    client.force_login(agent)
    ticked, other = add(2), add()[0]
    do = {**do, "to": str(agent.pk)} if "to" in do else do
    response = client.post(
        "/many", {**do, "case": [case.reference for case in ticked]}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    for case in ticked:
        case.refresh_from_db()
        for name, value in changed.items():
            assert getattr(case, name) == (agent if value == "me" else value)
    other.refresh_from_db()
    assert (other.state, other.tags, other.assignee) == ("open", [], None)


@pytest.mark.parametrize(
    "do",
    [
        {},
        {"do": "delete"},
        {"do": "close", "outcome": "merged"},
        {"do": "close"},
        {"do": "assign", "to": "9" * 40},
        {"do": "assign", "to": "x"},
    ],
)
def test_a_form_that_asks_for_nothing_known_changes_nothing(add, agent, client, do):
    client.force_login(agent)
    (case,) = add()
    assert client.post("/many", {**do, "case": [case.reference]}).status_code == 400


def test_ticked_cases_with_hostile_references_are_told_and_break_nothing(add, agent, client):
    client.force_login(agent)
    chosen = ["\0", "'", "x" * 9_000, "<script>"]
    response = client.post("/many", {"do": "tag", "tag": "a", "case": chosen})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_cases_at_once_neither_wait_forever_nor_lose_a_tag(pack, agent, person):
    other = person("finance", "supervisor")
    written = [writes(f"متى ينزل الراتب {number}", by=f"c{number}").case for number in range(4)]
    chosen = [case.reference for case in written]
    told = at_once(
        lambda: bulk.each(chosen, agent, lambda case: tags.add(case, agent, "a")),
        lambda: bulk.each(chosen[::-1], other, lambda case: tags.add(case, other, "b")),
    )
    assert told == [None, None]
    for case in written:
        case.refresh_from_db()
        assert sorted(case.tags) == ["a", "b"]
