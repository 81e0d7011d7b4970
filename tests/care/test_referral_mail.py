"""A body where nobody works with Tafaul is referred to by e-mail, and decides by the link in the mail."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from tafaul.bodies.models import Body
from tafaul.care import referral_mail, referrals
from tafaul.care.errors import AlreadyDecided
from tafaul.care.models import Case, Notice, Post, Referral
from tests.care.conftest import take_in
from tests.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


class Inbox:
    """The receiving end of a mail server; `answer` is what it says to the next mails."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"
        self.drops = False

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.mails.append(envelope.content)
        if self.drops:
            server.transport.close()
        return self.answer

    async def handle_RCPT(self, _server, _session, envelope, address, options):  # noqa: N802
        if self.answer.startswith("550"):
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        from email import message_from_bytes, policy

        found = [message_from_bytes(mail, policy=policy.default) for mail in self.mails]
        return [mail.get_body(("plain",)).get_content() for mail in found]


@pytest.fixture
def inbox(settings):
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.ADDRESS = "https://tafaul.example"
    yield inbox
    server.stop()


@pytest.fixture
def mailed(x, connect, person, inbox) -> Referral:
    """A citizen's inquiry, with an identity number in it, that the Ministry of Finance refers by e-mail."""
    Body.objects.filter(slug="commerce").update(referral_email="referrals@commerce.example")
    account = connect("finance")
    x.write(account.handle, "متى ينزل الراتب هالشهر؟ هويتي 1023456784")
    take_in(account)
    commerce = Body.objects.get(slug="commerce")
    sent = referrals.refer(Case.objects.get(), person("finance"), commerce, "competence", "اتصلوا على 0551234567")
    assert referral_mail.send() == 1
    sent.refresh_from_db()
    return sent


def secret_of(text: str) -> str:
    return re.search(r"https://tafaul\.example/outside/(\w+)#accept", text).group(1)


def decide(client, secret: str, do: str, words: str = ""):
    return client.post(f"/outside/{secret}", {"do": do, "words": words})


def again_now() -> None:
    Referral.objects.filter(mail_after__isnull=False).update(mail_after=timezone.now() - timedelta(seconds=1))


def test_the_mail_has_the_matter_and_a_link_and_no_personal_data(mailed, inbox):
    (text,) = inbox.texts
    assert mailed.case.reference in text
    assert "متى ينزل الراتب" in text
    assert "1023456784" not in text
    assert "0551234567" not in text
    assert "abu_fahad" not in text
    secret = secret_of(text)
    assert mailed.email_key == referral_mail.digest(secret) != secret
    assert mailed.mailed_at is not None
    assert referral_mail.send() == 0, "it is mailed once"


def test_opening_the_link_does_nothing_and_only_posting_accepts(mailed, inbox, client):
    secret = secret_of(inbox.texts[0])
    for method in (client.get, client.head):
        answer = method(f"/outside/{secret}")
        assert answer.status_code == 200
        assert answer["Cache-Control"].count("no-store")
        assert answer["Referrer-Policy"] == "no-referrer"
    page = client.get(f"/outside/{secret}").content.decode()
    assert "1023456784" not in page
    assert "abu_fahad" not in page
    mailed.refresh_from_db()
    assert mailed.state == "sent"

    assert decide(client, secret, "accept").status_code == 302
    mailed.refresh_from_db()
    assert (mailed.state, mailed.decided_by) == ("accepted", None)
    assert mailed.case.body.slug == "finance", "nobody of the receiver could answer the citizen here"
    assert decide(client, secret, "accept").status_code == 409


def test_the_clerk_outside_returns_with_a_reason_or_reports_it_done(mailed, inbox, client):
    secret = secret_of(inbox.texts[0])
    refused = decide(client, secret, "return", " ")
    assert refused.status_code == 409
    decide(client, secret, "accept")
    decide(client, secret, "done", "عولجت يوم الأحد")
    mailed.refresh_from_db()
    assert (mailed.state, mailed.done_note) == ("done", "عولجت يوم الأحد")
    assert Notice.objects.filter(what="done", person=mailed.sent_by).exists()
    assert decide(client, secret, "return", "لا").status_code == 409
    mailed.refresh_from_db()
    assert mailed.state == "done"


def test_a_link_is_good_for_its_own_referral_and_a_wrong_one_for_none(mailed, inbox, client):
    assert client.get("/outside/0000").status_code == 404
    assert client.get(f"/outside/{mailed.email_key}").status_code == 404, "what the database has opens nothing"
    assert decide(client, "0000", "accept").status_code == 404


def test_who_tries_too_often_is_held_back(mailed, inbox, client):
    told = {"data": {"do": "accept"}, "REMOTE_ADDR": "10.9.8.7"}
    answers = [client.post("/outside/" + "0" * 64, **told).status_code for _try in range(35)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_what_is_withdrawn_is_not_decided(mailed, inbox, client):
    referrals.withdraw(mailed, mailed.sent_by)
    assert decide(client, secret_of(inbox.texts[0]), "accept").status_code == 409
    with pytest.raises(AlreadyDecided):
        referrals.accept(mailed, None)


def refer_anew(mailed: Referral) -> Referral:
    referrals.withdraw(mailed, mailed.sent_by)
    commerce = Body.objects.get(slug="commerce")
    return referrals.refer(mailed.case, mailed.sent_by, commerce, "competence")


def test_a_mail_server_that_is_away_is_asked_again_and_nothing_is_lost(mailed, inbox):
    sent = refer_anew(mailed)
    inbox.answer = "451 try later"
    assert referral_mail.send() == 0
    assert not referral_mail.due(), "it rests first"
    again_now()
    inbox.answer = "250 OK"
    assert referral_mail.send() == 1
    sent.refresh_from_db()
    assert (sent.mail_tries, sent.mail_trouble) == (2, "")


def test_an_address_that_does_not_exist_is_given_up_and_said_why(mailed, inbox):
    sent = refer_anew(mailed)
    inbox.answer = "550 no such mailbox"
    assert referral_mail.send() == 0
    sent.refresh_from_db()
    assert "no such mailbox" in sent.mail_trouble
    assert sent.mail_after is None
    assert not referral_mail.due()


def test_a_mail_of_unknown_fate_comes_again_under_the_same_name_with_the_same_link(mailed, inbox):
    refer_anew(mailed)
    inbox.mails.clear()
    inbox.drops = True  # taken, but its answer never arrives
    assert referral_mail.send() == 0
    inbox.drops = False
    again_now()
    assert referral_mail.send() == 1
    first, second = (re.search(rb"Message-ID: (\S+)", mail).group(1) for mail in inbox.mails)
    assert first == second
    assert secret_of(inbox.texts[0]) == secret_of(inbox.texts[1])


def test_a_worker_that_dies_while_mailing_leaves_it_to_the_next(mailed, inbox, monkeypatch):
    sent = refer_anew(mailed)

    def die(*_args):
        raise SystemExit("killed")

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "sendmail", die)
        with pytest.raises(SystemExit):
            referral_mail.send()
    sent.refresh_from_db()
    assert (sent.mail_tries, sent.mailed_at) == (1, None)
    again_now()
    assert referral_mail.send() == 1


def test_private_messages_and_names_are_not_mailed(mailed, inbox):
    post = Post.objects.get()
    Post.objects.filter(pk=post.pk).update(visibility="private")
    told = referral_mail.matter(mailed)
    assert told["texts"] == [mailed.case.subject]
    assert "1023456784" not in str(told["texts"])
