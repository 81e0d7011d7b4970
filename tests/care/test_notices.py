"""What people must hear of: in the page at once, by e-mail when they do not read it, and never twice."""

from __future__ import annotations

import signal
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone, translation

from tafaul.care import notices
from tafaul.care.models import Case, Notice
from tests.processes import environment, free_port, start

pytestmark = pytest.mark.django_db(transaction=True)

WHAT = Notice.What


def old(minutes: float = 11) -> None:
    Notice.objects.update(at=timezone.now() - timedelta(minutes=minutes))


def give_address(person, language: str = "ar", address: str = ""):
    person.email, person.language = address or f"{person.username}@finance.example", language
    person.save()
    return person


def mail_now() -> int:
    return notices.mail_unread(timezone.now())


@pytest.fixture
def agent(person):
    """Somebody of the Ministry of Finance who reads Arabic."""
    return give_address(person("finance"))


def test_people_are_told_and_reading_marks_read(asked, person):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    notices.tell([agent, supervisor, agent], asked, WHAT.BREACHED)
    assert (notices.unread(agent), notices.unread(supervisor)) == (1, 1)
    notices.read(agent)
    assert (notices.unread(agent), notices.unread(supervisor)) == (0, 1)


def test_many_are_told_with_one_statement(asked, person, django_assert_num_queries):
    people = [person("finance", role) for role in ("agent", "approver", "supervisor")]
    pairs = [(one.pk, asked.pk) for one in people]
    with transaction.atomic(), django_assert_num_queries(1):
        notices.tell_many(pairs, WHAT.WARNED)
    assert Notice.objects.count() == 3


def test_nobody_is_told_of_what_did_not_happen(asked, agent):
    with transaction.atomic():
        notices.tell([agent], asked, WHAT.ASSIGNED)
        transaction.set_rollback(True)
    assert notices.unread(agent) == 0


def test_more_than_a_hundred_are_not_counted(asked, agent):
    Notice.objects.bulk_create([Notice(person=agent, case=asked, what="warned", at=timezone.now())] * 130)
    assert notices.unread(agent) == 100


def test_the_bell_counts_on_every_page_and_the_page_of_notices_reads(asked, agent, client):
    notices.tell([agent], asked, WHAT.REFERRED)
    client.force_login(agent)
    assert '<span class="count number">1</span>' in client.get("/channels").content.decode()
    page = client.get("/notices").content.decode()
    assert asked.reference in page
    assert 'class="unread"' in page
    client.post("/notices")
    assert 'class="unread"' not in client.get("/notices").content.decode()
    assert "count number" not in client.get("/notices/bell").content.decode()


def test_following_a_notice_goes_to_its_case_and_reads_it(asked, agent, client):
    notices.tell([agent], asked, WHAT.ASSIGNED)
    client.force_login(agent)
    answer = client.post(f"/notices/{Notice.objects.get().pk}")
    assert answer["Location"] == f"/cases/{asked.reference}"
    assert notices.unread(agent) == 0


def test_nobody_reads_the_notices_of_others(asked, agent, person, client):
    notices.tell([agent], asked, WHAT.ASSIGNED)
    client.force_login(person("finance", "supervisor"))
    assert client.post(f"/notices/{Notice.objects.get().pk}").status_code == 404
    client.post("/notices")
    assert asked.reference not in client.get("/notices").content.decode()
    assert notices.unread(agent) == 1


def test_what_is_not_read_within_ten_minutes_is_mailed_once_all_in_one_mail(asked, agent):
    notices.tell([agent], asked, WHAT.ASSIGNED)
    notices.tell([agent], asked, WHAT.MENTIONED)
    old(9)
    assert mail_now() == 0
    old()
    assert mail_now() == 1
    assert mail_now() == 0
    (sent,) = mail.outbox
    assert sent.to == [agent.email]
    assert sent.body.count(asked.reference) == 2


def test_what_was_read_is_not_mailed(asked, agent):
    notices.tell([agent], asked, WHAT.ASSIGNED)
    old()
    notices.read(agent, case=asked)
    assert mail_now() == 0


def test_who_has_no_address_or_was_deactivated_is_not_mailed(asked, agent, person):
    notices.tell([agent, person("finance", "supervisor")], asked, WHAT.ASSIGNED)
    old()
    agent.is_active = False
    agent.save()
    assert mail_now() == 0
    assert mail.outbox == []


def test_each_is_written_to_in_their_language(asked, agent, person):
    english = give_address(person("finance", "supervisor"), "en")
    notices.tell([agent, english], asked, WHAT.ASSIGNED)
    old()
    assert mail_now() == 2
    for sent, language in zip(sorted(mail.outbox, key=lambda sent: sent.to), ("ar", "en"), strict=True):
        with translation.override(language):
            assert Notice.objects.first().get_what_display() in sent.body
        assert sent.message()["Content-Language"] == language


def test_a_mail_says_nothing_of_the_citizen(asked, agent, settings):
    settings.ADDRESS = "https://desk.finance.example/"
    Case.objects.update(subject="أنا أبو فهد وهويتي 1023456784")
    notices.tell([agent], asked, WHAT.ASSIGNED)
    old()
    mail_now()
    written = mail.outbox[0].message().as_string() + mail.outbox[0].body
    for secret in ("أبو فهد", "1023456784", "abu_fahad", "الراتب"):
        assert secret not in written
    assert "https://desk.finance.example/notices" in written
    assert "\n\n\n" not in mail.outbox[0].body


def test_two_workers_at_once_mail_once(asked, agent, person):
    supervisor = give_address(person("finance", "supervisor"))
    notices.tell([agent, supervisor], asked, WHAT.ASSIGNED)
    old()
    ready = threading.Barrier(4)

    def work() -> None:
        ready.wait()
        mail_now()
        connection.close()

    workers = [threading.Thread(target=work) for _one in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([agent.email, supervisor.email])


class Kept:
    """What a mail server was given, and whom it refuses."""

    def __init__(self) -> None:
        self.mails: list[list[str]] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def server(settings):
    """A real mail server, which is started by `server.start()`."""
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, False
    controller.kept = kept
    yield controller
    controller.stop(no_assert=True)


def test_while_the_mail_server_is_away_nothing_is_lost(asked, agent, server):
    notices.tell([agent], asked, WHAT.ASSIGNED)
    old()
    assert mail_now() == 0
    assert Notice.objects.filter(mailed_at=None).count() == 1
    server.start()
    assert mail_now() == 1
    assert server.kept.mails == [[agent.email]]


def test_an_address_that_is_refused_does_not_hold_up_the_others(asked, agent, person, server):
    supervisor = give_address(person("finance", "supervisor"))
    server.kept.refused = {agent.email}
    server.start()
    notices.tell([agent, supervisor], asked, WHAT.ASSIGNED)
    old()
    assert mail_now() == 1
    assert mail_now() == 0
    assert server.kept.mails == [[supervisor.email]]


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_a_worker_that_dies_while_mailing_never_mails_twice(asked, agent, server, tmp_path, when, arrived):
    server.start()
    notices.tell([agent], asked, WHAT.ASSIGNED)
    old()
    variables = environment("http://127.0.0.1:9", TAFAUL_EMAIL_URL=f"smtp://127.0.0.1:{server.port}")
    step = "django.core.mail.message.EmailMessage.send"
    worker = start("tests.care.dying_mailer", when, step, log=tmp_path / "mailer.log", **variables)
    assert worker.wait(60) == -signal.SIGKILL, (tmp_path / "mailer.log").read_text()
    assert mail_now() == 0
    assert len(server.kept.mails) == arrived
    assert notices.unread(agent) == 1
