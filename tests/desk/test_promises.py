"""Pages of promises: on a case, in the list, a body's own, and the board; in the role of web processes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import strip_tags

from tafaul.bodies.models import Body
from tafaul.care import clocks, standing
from tafaul.care.models import Clock, Promise
from tests.care.clock_scene import at, clock, close, hours, new_case, opened, reply

pytestmark = pytest.mark.django_db

NOW = at("2026-11-22 12:00")


@pytest.fixture
def page(client, person):
    """Pages as somebody sees them: `page("/board")` is its text."""

    def read(address: str, *, status: int = 200) -> str:
        response = client.get(address)
        assert response.status_code == status
        return " ".join(strip_tags(response.content.decode()).split())

    read.client = client
    return read


def log_in(page, someone) -> None:
    page.client.force_login(someone)
    page.client.cookies["language"] = "en"


def late_case(body: str = "finance", **more):
    """A case whose first reply has been late for long."""
    case = new_case(body, datetime.now(UTC) - timedelta(days=60), **more)
    clocks.follow([case], case.waiting_since)
    clocks.watch()
    return case


def test_a_case_shows_how_its_promises_stand(page, person):
    log_in(page, person("finance"))
    case = late_case()
    told = page(f"/cases/{case.reference}/promises")
    assert "First reply Late" in told
    assert "over the 4 hours promised" in told
    assert "AH" in told or "1448" in told  # due in the Hijri calendar, too
    reply(case, datetime.now(UTC))
    told = page(f"/cases/{case.reference}/promises")
    assert "First reply Broken" in told
    assert "Resolution Rests" in told
    close(case, datetime.now(UTC))


def test_a_case_of_another_body_shows_nothing(page, person):
    case = late_case("telecom")
    log_in(page, person("finance"))
    page(f"/cases/{case.reference}/promises", status=404)
    assert "late" not in page(f"/due?chip={case.pk}")


def test_the_list_shows_what_is_due_next_and_so_do_its_updates(page, person):
    log_in(page, person("finance"))
    case = late_case()
    assert "First reply:" in page("/")
    assert "late" in page(f"/due?chip={case.pk}&chip=nothing&chip=99999999999999999999999")


def test_the_chips_of_a_full_list_ask_as_much_as_those_of_two(page, pack, django_assert_num_queries):
    cases = [opened(["finance", "telecom"][number % 2], NOW) for number in range(40)]
    for shown in (cases[:2], cases):
        with django_assert_num_queries(5):
            assert len(standing.pressing(shown, NOW)) == len(shown)


def test_promises_are_made_and_taken_back_on_their_page(page, person):
    log_in(page, person("finance", "supervisor"))
    finance = Body.objects.get(slug="finance")
    running = clock(opened("finance", datetime.now(UTC)), "first_reply")
    address, told = f"/promises/{finance.pk}", {"what": "first_reply", "kind": "", "urgency": "", "channel": ""}
    page.client.post(address, {**told, "hours": "٢٫٥"})
    assert Promise.objects.get().working_time == hours(2.5)
    running.refresh_from_db()
    assert running.promised == hours(2.5)
    told_of = page(f"/promises?body={finance.pk}")
    assert "2 hours and 30 minutes a post written now is answered by" in told_of
    assert "Its own" in told_of
    assert "Usual for the country" in told_of
    page.client.post(address, {**told, "take_back": ""})
    assert not Promise.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "-1", "nan", "inf", "1e99", "many", "2001"])
def test_what_is_no_time_is_refused_in_words(page, person, typed):
    log_in(page, person("finance", "supervisor"))
    address = f"/promises/{Body.objects.get(slug='finance').pk}"
    response = page.client.post(address, {"what": "first_reply", "hours": typed}, follow=True)
    assert "Give working time in hours" in response.content.decode()
    assert not Promise.objects.exists()


@pytest.mark.parametrize("told", [{"what": "song"}, {"urgency": "x"}, {"kind": "x"}, {"channel": "pigeon"}])
def test_hostile_forms_are_bad_requests(page, person, told):
    log_in(page, person("finance", "supervisor"))
    address = f"/promises/{Body.objects.get(slug='finance').pk}"
    assert page.client.post(address, {"what": "first_reply", "hours": "1", **told}).status_code == 400


@pytest.mark.parametrize("role", ["agent", "auditor"])
def test_who_leads_no_body_has_no_board_and_makes_no_promises(page, person, role):
    log_in(page, person("finance", role))
    finance = Body.objects.get(slug="finance")
    page("/board", status=404)
    page("/promises", status=404)
    page(f"/promises?body={finance.pk}", status=404)
    assert page.client.post(f"/promises/{finance.pk}", {"what": "first_reply", "hours": "1"}).status_code == 404


def test_another_s_body_is_not_to_be_found(page, person):
    log_in(page, person("finance", "supervisor"))
    telecom = Body.objects.get(slug="telecom")
    page(f"/promises?body={telecom.pk}", status=404)
    assert page.client.post(f"/promises/{telecom.pk}", {"what": "first_reply", "hours": "1"}).status_code == 404
    assert telecom.name_en not in page("/board")


def test_a_changed_calendar_moves_what_is_due(page, person):
    log_in(page, person("finance", "administrator"))
    running = clock(opened("finance", datetime.now(UTC)), "resolution")
    day = (running.due_at + timedelta(hours=3)).date()
    page.client.post("/bodies/finance/days-off", {"day": day.isoformat(), "name": "-"})
    assert Clock.objects.get(pk=running.pk).due_at > running.due_at


def test_the_board_counts_what_is_open_late_soon_and_kept(pack):
    amana, ministry = (Body.objects.get(slug=slug) for slug in ("amana_riyadh", "municipal"))
    opened("amana_riyadh", at("2026-11-22 09:00"), kind="suggestion")  # due at 13:00
    opened("amana_riyadh", at("2026-11-19 09:00"), kind="suggestion")  # late since Thursday
    opened("amana_riyadh", at("2026-11-22 11:30"), kind="other")
    asked = opened("amana_riyadh", at("2026-11-22 08:00"), kind="inquiry")
    reply(asked, at("2026-11-22 09:00"), state="asked")
    long_ago = opened("amana_riyadh", at("2026-11-01 09:00"), kind="suggestion")
    reply(long_ago, at("2026-11-02 09:00"))
    clocks.watch(NOW)
    row, above = standing.board([amana, ministry], NOW)
    assert (row.open, row.waiting, row.late, row.soon) == (5, 3, 1, 1)
    assert [(each.kept, each.decided, each.share) for each in row.kept["first_reply"]] == [(1, 2, 50), (1, 3, 33)]
    assert [each.share for each in row.kept["resolution"]] == [None, None]
    assert (above.open, above.late) == (0, 0)
    assert [one.clock.case.kind for one in standing.latest([amana, ministry], NOW)] == ["suggestion"]


def test_what_was_dropped_after_it_broke_counts_as_nothing(pack):
    case = opened("finance", at("2026-11-22 08:00"), kind="suggestion")
    clocks.watch(at("2026-11-22 13:00"))
    close(case, at("2026-11-22 13:30"), "misuse")
    (row,) = standing.board([Body.objects.get(slug="finance")], at("2026-11-22 14:00"))
    assert row.kept["first_reply"][0].decided == 0


def test_the_board_asks_as_much_for_all_bodies_as_for_one(pack, django_assert_num_queries):
    bodies = list(Body.objects.all())
    for shown in (bodies[:1], bodies):
        with django_assert_num_queries(3):
            assert len(standing.board(shown, NOW)) == len(shown)


def test_the_board_shows_all_that_a_leader_leads(page, person):
    log_in(page, person("municipal", "supervisor"))
    late_case("amana_riyadh")
    told = page("/board")
    for words in (
        "promises kept",
        "Late the longest",
        "First reply:",
        Body.objects.get(slug="amana_riyadh").name_en,
    ):
        assert words in told
