"""Drafts: for each case, approved words in the way in which its body usually answers. A person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tafaul.bodies.models import AnswerMode
from tafaul.care import taxonomy
from tafaul.care.cases import Thread
from tafaul.care.models import Case, Kind, Post, Reply, Visibility
from tafaul.foundation import rows
from tafaul.knowledge import approved

COLUMNS = (
    "case_id", "account_id", "answers_id", "mode", "visibility", "text", "state", "created_at", "tries",
    "external_id", "failure",
)  # fmt: skip


SAME_WORDS_AFTER = timedelta(days=1)
WORDINGS = 3


@dataclass(slots=True)
class _Draft:
    case_id: int
    account_id: int
    answers_id: int
    mode: str
    visibility: str
    text: str
    created_at: datetime
    state: str = Reply.State.DRAFT.value
    tries: int = 0
    external_id: str = ""
    failure: str = ""


def usual_mode(case: Case, *, shows_personal_data: bool = False) -> AnswerMode:
    """Return the way in which a case like this is answered: the article's, by body and kind."""
    if shows_personal_data:
        return AnswerMode.TAKEN_PRIVATE
    if case.kind in (Kind.THANKS, Kind.SUGGESTION):
        return AnswerMode.ACKNOWLEDGED
    if case.body_id != case.account.body_id:
        return AnswerMode.REFERRED
    return AnswerMode(case.body.usual_answer)


def words(case: Case, mode: str, language: str = "ar", turn: int = 0) -> str:
    """Return approved words for answering a case in a mode, filled in; wordings take turns by case and `turn`."""
    # The body that speaks is the account's; a referral names the body that it goes to.
    return approved.words(
        body=case.account.body.slug,
        mode=mode,
        topic=case.topic,
        turn=(case.pk or 0) + turn,
        language=language,
        variables={
            "reference": case.reference,
            "contact_number": case.account.body.contact_number,
            "unit": case.body.name_en if language == "en" else case.body.name_ar,
            "place": taxonomy.place_name(case.place) if case.place else "",
        },
    )


def write(threads: Mapping[int, Thread]) -> None:
    """Write a draft for each case whose citizen waits for words and that has no draft yet."""
    unique = {thread.case.pk: thread for thread in threads.values()}
    joined = [number for number, thread in unique.items() if not thread.is_new]
    drafted = set(Reply.objects.filter(case__in=joined, state=Reply.State.DRAFT).values_list("case_id", flat=True))
    told = _told_lately(unique.values())
    now = datetime.now(UTC)
    written = []
    for number, thread in unique.items():
        if number in drafted or thread.case.kind == Kind.OTHER or thread.case.state != Case.State.OPEN:
            continue
        draft = _draft(thread, now, told)
        if draft is not None:
            written.append(draft)
            told.add((thread.case.citizen_id, draft.text))
    rows.copy("care_reply", COLUMNS, written)


def _told_lately(threads: Iterable[Thread]) -> set[tuple[int, str]]:
    """Return what these citizens were told within a day: a channel refuses the same words again."""
    cases = [thread.case for thread in threads]
    lately = Reply.objects.filter(
        case__citizen__in={case.citizen_id for case in cases},
        account__in={case.account_id for case in cases},
        created_at__gte=datetime.now(UTC) - SAME_WORDS_AFTER,
    )
    return set(lately.values_list("case__citizen_id", "text"))


def _draft(thread: Thread, now: datetime, told: set[tuple[int, str]]) -> _Draft | None:
    case, post = thread.case, thread.posts[-1]
    shown = bool(thread.understood.personal_data) and post.visibility == Visibility.PUBLIC
    usual = usual_mode(case, shows_personal_data=shown)
    language = "en" if thread.understood.language == "en" else "ar"
    for mode in (usual, AnswerMode.ACKNOWLEDGED):
        for turn in range(WORDINGS):
            text = words(case, mode, language, turn)
            if (case.citizen_id, text) not in told:
                return _Draft(case.pk, case.account_id, post.pk, mode.value, post.visibility, text, now)
    return None


def draft_of(case: Case) -> Reply | None:
    """Return the draft of a case, if it has one."""
    return case.replies.filter(state=Reply.State.DRAFT).first()


def last_post(case: Case) -> Post:
    """Return the citizen's latest post of a case: the one that a reply answers."""
    return case.posts.order_by("written_at", "id").reverse()[0]
