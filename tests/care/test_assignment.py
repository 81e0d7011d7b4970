"""Whose case it is: by hand, by turns, by load, and nobody's when somebody leaves."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tafaul.bodies import people
from tafaul.bodies.models import Account, Assignment, Body, Membership, Person
from tafaul.care import assignment, cases, notices
from tafaul.care.errors import AlreadyTaken, CareError, ClosedMeanwhile, MayNotAnswer, NotYours
from tafaul.care.models import Case, Citizen, Notice
from tafaul.care.references import reference
from tests.care.conftest import take_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(pack):
    """An account of the Ministry of Finance."""
    body = Body.objects.get(slug="finance")
    return Account.objects.create(body=body, channel="x", external_id="1", handle="finance")


@pytest.fixture
def opened(account):
    """Open cases of the Ministry of Finance: `opened(7)`."""
    citizen = Citizen.objects.create(channel="x", external_id="7", handle="abu_fahad")
    numbers = iter(range(1, 100_000))

    def opened(count: int, **more) -> list[Case]:
        now = timezone.now()
        told = {"account": account, "body": account.body, "citizen": citizen, "kind": "inquiry", "subject": "؟"}
        waiting_since = now if more.get("state", "open") == "open" else None
        times = {"opened_at": now, "waiting_since": waiting_since, "last_post_at": now}
        made = [Case(reference=reference(next(numbers)), **{**told, **times, **more}) for _one in range(count)]
        return Case.objects.bulk_create(made)

    return opened


@pytest.fixture
def agents(pack):
    """Agents of the Ministry of Finance who are at the desk: `agents("sara", "fahad")`."""

    def agents(*names: str, role: str = "agent", body: str = "finance") -> list[Person]:
        made = []
        for name in names:
            someone = Person.objects.create_user(name, password="a-long-password")
            Membership.objects.create(person=someone, body=Body.objects.get(slug=body), role=role)
            assignment.come(someone)
            made.append(someone)
        return made

    return agents


def policy(way: str) -> None:
    Body.objects.filter(slug="finance").update(assignment=way)


def distribute(new: list[Case]) -> None:
    with transaction.atomic():
        assignment.distribute(new)


def held() -> Counter[str | None]:
    return Counter(Case.objects.values_list("assignee__username", flat=True))


def at_once(*acts) -> list[object]:
    """Do things at the same moment, each on a connection of its own; return what each came to."""
    ready, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act) -> None:
        try:
            ready.wait()
            outcomes[place] = act()
        except CareError as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_by_hand_new_cases_are_nobodys(opened, agents):
    agents("sara")
    distribute(opened(3))
    assert held() == {None: 3}


def test_by_turns_each_agent_gets_as_many_and_the_turn_goes_on_with_the_next_batch(opened, agents):
    agents("sara", "fahad", "noura")
    policy("turn")
    for _batch in range(7):
        distribute(opened(1))
    assert sorted(held().values()) == [2, 2, 3]
    distribute(opened(2))
    assert held() == {"sara": 3, "fahad": 3, "noura": 3}


def test_by_turns_whoever_has_more_gets_the_next_none_the_less(opened, agents):
    sara, _fahad = agents("sara", "fahad")
    opened(10, assignee=sara)
    policy("turn")
    distribute(opened(4))
    assert held() == {"sara": 12, "fahad": 2}


def test_by_load_cases_go_to_whoever_has_the_fewest_until_all_have_as_many(opened, agents):
    sara, fahad, _noura = agents("sara", "fahad", "noura")
    opened(5, assignee=sara)
    opened(2, assignee=fahad)
    opened(9, assignee=fahad, state="answered")
    policy("load")
    distribute(opened(8))
    assert Counter(Case.objects.filter(state="open").values_list("assignee__username", flat=True)) == {
        "sara": 5,
        "fahad": 5,
        "noura": 5,
    }


def test_only_agents_at_the_desk_get_cases(opened, agents):
    _sara, away, forgot, gone = agents("sara", "away", "forgot", "gone")
    agents("auditor", role="auditor")
    agents("supervisor", role="supervisor")
    agents("elsewhere", body="commerce")
    assignment.leave(away)
    Person.objects.filter(pk=forgot.pk).update(at_desk_since=timezone.now() - timedelta(hours=13))
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    policy("turn")
    distribute(opened(5))
    assert held() == {"sara": 5}
    assert not assignment.is_at_desk(Person.objects.get(pk=forgot.pk))


def test_without_anybody_at_the_desk_cases_stay_nobodys(opened):
    policy("load")
    distribute(opened(2))
    assert held() == {None: 2}


def test_what_waits_for_triage_and_what_somebody_has_is_not_given(opened, agents):
    sara, _fahad = agents("sara", "fahad")
    policy("turn")
    distribute([*opened(2, needs_triage=True), *opened(2, assignee=sara), *opened(1, state="answered")])
    assert held() == {None: 3, "sara": 2}


def test_who_is_given_cases_is_told_of_each(opened, agents):
    (sara,) = agents("sara")
    policy("turn")
    distribute(opened(3))
    assert notices.unread(sara) == 3
    assert set(Notice.objects.values_list("what", flat=True)) == {"assigned"}


def test_hundreds_of_cases_take_as_many_queries_as_a_few(opened, agents, django_assert_num_queries):
    agents(*(f"agent{number}" for number in range(20)))
    policy("load")
    for count in (3, 400):
        new = opened(count)
        with transaction.atomic(), django_assert_num_queries(4):
            assignment.distribute(new)
    assert sorted(set(held().values())) == [20, 21]


@pytest.mark.parametrize("way", ["turn", "load"])
def test_workers_at_once_are_fair(opened, agents, way):
    agents("sara", "fahad", "noura", "omar")
    policy(way)
    batches = [opened(25) for _worker in range(8)]
    at_once(*(lambda batch=batch: distribute(batch) for batch in batches))
    assert held() == {"sara": 50, "fahad": 50, "noura": 50, "omar": 50}


def test_a_citizens_post_comes_to_an_agent_by_itself(x, connect, agents):
    account = connect("finance")
    (sara,) = agents("sara")
    policy("turn")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    take_in(account)
    assert Case.objects.get().assignee == sara


def test_of_two_who_take_a_case_one_gets_it_and_the_other_hears_who_was_faster(opened, agents):
    opened(1)
    taking = [lambda one=one: assignment.take(Case.objects.get(), one) for one in agents("sara", "fahad", "noura")]
    outcomes = at_once(*taking)
    winner = Case.objects.get().assignee
    losers = [outcome for outcome in outcomes if outcome is not None]
    assert len(losers) == 2
    assert all(isinstance(error, AlreadyTaken) and winner.username in str(error) for error in losers)


def test_taking_what_one_has_changes_nothing(opened, agents):
    (sara,) = agents("sara")
    (case,) = opened(1, assignee=sara)
    assignment.take(case, sara)
    assert held() == {"sara": 1}
    assert notices.unread(sara) == 0


def test_a_case_is_given_and_the_colleague_is_told(opened, agents):
    sara, fahad = agents("sara", "fahad")
    (case,) = opened(1)
    assignment.assign(case, sara, fahad)
    assert (case.assignee, notices.unread(fahad), notices.unread(sara)) == (fahad, 1, 0)
    assignment.let_go(case, sara)
    assert held() == {None: 1}


def test_nothing_is_given_over_what_a_colleague_did_meanwhile(opened, agents):
    sara, fahad, noura = agents("sara", "fahad", "noura")
    (case,) = opened(1)
    assignment.assign(case, sara, fahad, saw="")
    with pytest.raises(AlreadyTaken, match="fahad"):
        assignment.assign(case, sara, noura, saw="")
    with pytest.raises(AlreadyTaken, match="fahad"):
        assignment.let_go(case, sara, saw=str(sara.pk))
    assignment.let_go(case, sara, saw=str(fahad.pk))
    with pytest.raises(AlreadyTaken):
        assignment.assign(case, sara, noura, saw=str(fahad.pk))


def test_only_who_may_answer_gives_and_is_given(opened, agents):
    (sara,) = agents("sara")
    strangers = [*agents("auditor", role="auditor"), *agents("elsewhere", body="commerce")]
    (case,) = opened(1)
    for stranger in strangers:
        with pytest.raises(NotYours):
            assignment.take(case, stranger)
        with pytest.raises(MayNotAnswer, match=stranger.username):
            assignment.assign(case, sara, stranger)
        with pytest.raises(IntegrityError):
            Case.objects.update(assignee=stranger)
    assert set(assignment.candidates(case)) == {sara}


def test_a_colleague_above_may_be_given_a_case_of_a_body_below(opened, agents):
    (minister,) = agents("minister", body="municipal")
    amana = Body.objects.get(slug="amana_riyadh")
    (case,) = opened(1, body=amana)
    assignment.take(case, minister)
    assert held() == {"minister": 1}


def test_a_closed_case_is_not_given(opened, agents):
    (sara,) = agents("sara")
    (case,) = opened(1)
    cases.close(case, sara)
    with pytest.raises(ClosedMeanwhile):
        assignment.take(case, sara)


def test_who_leaves_a_body_lets_go_of_its_open_cases_and_keeps_the_others(opened, agents, person):
    (sara,) = agents("sara")
    Membership.objects.create(person=sara, body=Body.objects.get(slug="commerce"), role="agent")
    opened(2, assignee=sara)
    commerce = Account.objects.create(
        body=Body.objects.get(slug="commerce"), channel="x", external_id="2", handle="commerce"
    )
    opened(1, assignee=sara, account=commerce, body=commerce.body)
    opened(1, assignee=sara, state="closed", closed_at=timezone.now(), outcome="answered")
    membership = sara.memberships.get(body__slug="finance")
    people.take_away(person("finance", "administrator"), membership)
    assert Counter(Case.objects.values_list("state", "body__slug", "assignee__username")) == {
        ("open", "finance", None): 2,
        ("open", "commerce", "sara"): 1,
        ("closed", "finance", "sara"): 1,
    }


def test_who_is_deactivated_lets_go(opened, agents, person):
    sara, fahad = agents("sara", "fahad")
    opened(2, assignee=sara)
    opened(1, assignee=fahad)
    people.deactivate(person("finance", "administrator"), sara)
    assert held() == {None: 2, "fahad": 1}


def test_an_agent_who_becomes_an_auditor_lets_go(opened, agents, person):
    (sara,) = agents("sara")
    opened(1, assignee=sara)
    people.change(person("finance", "administrator"), sara.memberships.get(), Membership.Role.AUDITOR)
    assert held() == {None: 1}


def test_nobody_is_given_a_case_while_leaving(opened, agents):
    (sara,) = agents("sara")
    for _time in range(5):
        Membership.objects.get_or_create(person=sara, body=Body.objects.get(slug="finance"), role="agent")
        (case,) = opened(1)
        at_once(
            lambda case=case: assignment.take(case, Person.objects.get(pk=sara.pk)),
            lambda: Membership.objects.filter(person=sara).delete(),
        )
        assert held()["sara"] == 0


def test_a_case_that_goes_to_another_body_is_nobodys_there(opened, agents):
    (sara,) = agents("sara")
    (case,) = opened(1, assignee=sara)
    Case.objects.filter(pk=case.pk).update(body=Body.objects.get(slug="commerce"))
    assert held() == {None: 1}


def test_a_reopened_case_of_somebody_who_left_is_nobodys(opened, agents):
    sara, fahad = agents("sara", "fahad")
    (case,) = opened(1, assignee=sara)
    cases.close(case, sara)
    Membership.objects.filter(person=sara).delete()
    cases.reopen(case, fahad)
    assert held() == {None: 1}


def test_only_supervisors_and_administrators_say_how_cases_are_given(person):
    body = Body.objects.get(slug="finance")
    with pytest.raises(NotYours):
        assignment.set_policy(body, person("finance"), "turn")
    with pytest.raises(NotYours):
        assignment.set_policy(body, person("commerce", "supervisor"), "turn")
    assignment.set_policy(body, person("finance", "supervisor"), "load")
    body.refresh_from_db()
    assert body.assignment == Assignment.LOAD
    with pytest.raises(ValueError, match="lottery"):
        assignment.set_policy(body, person("finance", "administrator"), "lottery")


def test_a_supervisor_says_on_a_page_how_cases_are_given(person, client, agents):
    agents("sara")
    client.force_login(person("finance", "supervisor"))
    assert "sara" in client.get("/team").content.decode()
    assert client.post("/team/finance", {"way": "turn"}).status_code == 302
    assert Body.objects.get(slug="finance").assignment == "turn"
    assert client.post("/team/finance", {"way": "lottery"}).status_code == 400
    assert client.post("/team/commerce", {"way": "turn"}).status_code == 404
    client.force_login(person("finance"))
    assert client.get("/team").status_code == 404
    assert client.post("/team/finance", {"way": "load"}).status_code == 404
    assert Body.objects.get(slug="finance").assignment == "turn"


def test_a_case_is_given_on_its_page_to_a_colleague_of_a_body_above(opened, agents, client):
    (minister,) = agents("minister", body="municipal")
    (clerk,) = agents("clerk", body="amana_riyadh")
    amana = Body.objects.get(slug="amana_riyadh")
    account = Account.objects.create(body=amana, channel="x", external_id="3", handle="amana")
    (case,) = opened(1, body=amana, account=account)
    client.force_login(clerk)
    address = f"/cases/{case.reference}/colleagues"
    assert "minister" in client.get(address).content.decode()
    assert client.post(f"{address}/give", {"to": minister.pk, "saw": ""}).status_code == 302
    assert held() == {"minister": 1}
    assert notices.unread(minister) == 1
    for nonsense in ("0", "x", "9" * 30, "-1", "١"):
        assert client.post(f"{address}/give", {"to": nonsense}).status_code == 400
