"""Two people on one case, each in a browser of their own."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tafaul.bodies.models import Person
from tafaul.care import notices
from tafaul.care.models import Case, Note
from tests.browser.test_desk import log_in
from tests.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case(connect, person, x, desk) -> Case:
    """A citizen's inquiry at a ministry where Sara and Fahad work."""
    account = connect("finance")
    for role, name_ar, name_en in (("agent", "سارة العتيبي", "Sara"), ("supervisor", "فهد القحطاني", "Fahad")):
        person("finance", role)
        Person.objects.filter(username=f"finance.{role}").update(name_ar=name_ar, name_en=name_en)
    wait_for(lambda: x.state()["streams"])
    x.write(account.handle, "متى ينزل الراتب هالشهر؟")
    return wait_for(lambda: Case.objects.select_related("account").first(), 30)


@pytest.fixture
def sara(page: Page, desk: str, case: Case) -> Page:
    """The page of an agent on the case."""
    log_in(page, desk, "finance.agent")
    page.goto(f"{desk}/cases/{case.reference}")
    return page


@pytest.fixture
def fahad(browser: Browser, desk: str, case: Case):
    """The page of a supervisor on the case."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    log_in(page, desk, "finance.supervisor")
    page.goto(f"{desk}/cases/{case.reference}")
    yield page
    context.close()


def photo() -> dict[str, object]:
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(drawn, "PNG")
    return {"name": "موقع الحفرة.png", "mimeType": "image/png", "buffer": drawn.getvalue()}


def test_each_sees_that_the_other_looks_and_writes_until_they_leave(sara, fahad):
    expect(sara.locator("#presence")).to_contain_text("فهد القحطاني", timeout=10_000)
    expect(fahad.locator("#presence")).to_contain_text("سارة العتيبي")
    expect(sara.locator("#presence")).not_to_contain_text("سارة")
    sara.locator(".composer textarea").press_sequentially("أهلاً بك")
    expect(fahad.locator("#presence .writes")).to_contain_text("سارة العتيبي")
    expect(fahad.locator(".composer .writing")).to_contain_text("سارة العتيبي")
    expect(fahad.locator("#presence .writes")).to_have_count(0, timeout=12_000)
    expect(fahad.locator("#presence .tag")).to_have_count(1)
    sara.goto("about:blank")
    expect(fahad.locator("#presence .tag")).to_have_count(0)


def test_a_case_taken_by_one_is_not_taken_by_the_other_who_hears_by_whom(sara, fahad, case):
    take = fahad.locator(".give button").first
    take.wait_for()
    fahad.route("**/colleagues", lambda route: route.abort())  # his page is late
    sara.locator(".give button").first.click()
    expect(sara.locator(".colleagues summary")).to_contain_text("سارة العتيبي")
    take.click()
    expect(fahad.locator(".colleagues .error")).to_contain_text("سارة العتيبي")
    expect(fahad.locator(".colleagues summary")).to_contain_text("سارة العتيبي")
    case.refresh_from_db()
    assert case.assignee.username == "finance.agent"


def test_a_note_mentions_a_colleague_who_hears_of_it_at_once(sara, fahad, desk, case):
    fahad.goto(f"{desk}/channels")
    field = sara.locator("#note-text")
    field.press_sequentially("سؤال إلى و@فهد")
    expect(sara.locator("#note-mentions [role=option]")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("سؤال إلى و@finance.supervisor ")
    sara.set_input_files(".write-note input[type=file]", [photo()])
    sara.locator(".write-note button").click()
    note = sara.locator(".conversation .note")
    expect(note).to_contain_text("@finance.supervisor")
    expect(note.locator("img")).to_be_visible()
    assert (
        note.locator("img").evaluate("async image => { await image.decode(); return image.naturalWidth }") == 480
    )
    expect(field).to_have_value("")
    expect(fahad.locator(".bell .count")).to_have_text("1")

    fahad.locator(".bell").click()
    fahad.locator(".notices li.unread button").click()
    expect(fahad.locator(".conversation .note")).to_contain_text("سؤال إلى")
    expect(fahad.locator(".bell .count")).to_have_count(0)
    with fahad.expect_download() as begun:
        fahad.locator(".conversation .files a").click()
    assert begun.value.suggested_filename == "موقع الحفرة.png"
    assert sara.problems == []


def test_what_one_types_stays_while_the_case_changes(sara, fahad):
    field = sara.locator("#note-text")
    field.fill("لم أكتمل بعد")
    fahad.locator("#note-text").fill("أسرع منك")
    fahad.locator(".write-note button").click()
    expect(sara.locator(".conversation .note")).to_contain_text("أسرع منك")
    expect(field).to_have_value("لم أكتمل بعد")
    sara.locator(".write-note button").click()
    expect(fahad.locator(".conversation .note")).to_have_count(2)
    expect(field).to_have_value("")


def test_files_of_a_wrong_type_are_refused_in_words(sara, case):
    sara.locator(".attach input[type=file]").wait_for()
    wrong = {"name": "تقرير.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"}
    sara.set_input_files(".attach input[type=file]", [wrong, photo()])
    expect(sara.locator(".colleagues .error")).to_contain_text("تقرير.pdf")
    expect(sara.locator(".colleagues .files li")).to_have_count(1)
    sara.locator(".colleagues .files button").click()
    expect(sara.locator(".colleagues .files li")).to_have_count(0)
    assert not case.attachments.exists()


def test_an_agent_comes_to_the_desk_and_is_away_after_logging_out(sara, case):
    agent = Person.objects.get(username="finance.agent")
    sara.locator(".at-desk button").click()
    expect(sara.locator(".at-desk button")).to_have_class(re.compile("here"))
    agent.refresh_from_db()
    assert agent.at_desk_since is not None
    sara.locator("form[action$='log-out'] button, form[action$='logout'] button").first.click()
    sara.wait_for_selector("#id_username")
    agent.refresh_from_db()
    assert agent.at_desk_since is None


@pytest.mark.parametrize("path", ["/notices", "/team", "/cases/{}"])
def test_no_page_of_colleagues_scrolls_sideways(fahad, desk, case, path):
    supervisor = Person.objects.get(username="finance.supervisor")
    notices.tell([supervisor], case, "mentioned")
    Note.objects.create(case=case, by=supervisor, text="ن" * 400 + " @finance.agent", at=case.opened_at)
    for width in (375, 1280):
        fahad.set_viewport_size({"width": width, "height": 800})
        fahad.goto(desk + path.format(case.reference))
        fahad.wait_for_load_state("networkidle") if path == "/team" else fahad.wait_for_timeout(500)
        assert fahad.evaluate("document.documentElement.scrollWidth") <= width
