"""Drafts: for each case, approved words in the way in which its body usually answers. A person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tafaul.bodies.models import AnswerMode, Body
from tafaul.care import taxonomy
from tafaul.care.joining import Thread
from tafaul.care.models import Case, Kind, Post, Referral, Reply, Visibility
from tafaul.foundation import rows
from tafaul.knowledge import approved

COLUMNS = (
    "case_id", "account_id", "answers_id", "mode", "visibility", "text", "state", "created_at", "tries",
    "external_id", "failure",
)  # fmt: skip


SAME_WORDS_AFTER = timedelta(days=1)
WORDINGS = 3


@dataclass(slots=True)
class Draft:
    """A draft as it is written with others."""

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


def usual_mode(case: Case, unit: Body | None = None, *, shows_personal_data: bool = False) -> AnswerMode:
    """Return the way in which a case like this is answered: the article's, by body and kind.

    `unit` is the body that it is being referred to; without it, the case's own counts.
    """
    if shows_personal_data:
        return AnswerMode.TAKEN_PRIVATE
    if case.kind in (Kind.THANKS, Kind.SUGGESTION):
        return AnswerMode.ACKNOWLEDGED
    if (unit or case.body).pk != case.account.body_id:
        return AnswerMode.REFERRED
    return AnswerMode(case.body.usual_answer)


def words(case: Case, mode: str, language: str = "ar", turn: int = 0, *, unit: Body | None = None) -> str:
    """Return approved words for answering a case in a mode, filled in; wordings take turns by case and `turn`.

    `unit` is the body that a referral names; without it, the case's own.
    """
    # The body that speaks is the account's.
    unit = unit or case.body
    return approved.words(
        body=case.account.body.slug,
        mode=mode,
        topic=case.topic,
        turn=(case.pk or 0) + turn,
        language=language,
        variables={
            "reference": case.reference,
            "contact_number": case.account.body.contact_number,
            "unit": unit.name_en if language == "en" else unit.name_ar,
            "place": taxonomy.place_name(case.place) if case.place else "",
        },
    )


def referred_to(case: Case) -> Body:
    """Return the body that a case is referred to at this moment; its own when it is not."""
    return _referred_to([case.pk]).get(case.pk, case.body)


def _referred_to(case_ids: Sequence[int]) -> dict[int, Body]:
    """Return the bodies that cases are referred to, by the cases' ids."""
    under_way = Referral.objects.filter(case__in=case_ids, state__in=Referral.OPEN).select_related("to_body")
    return {referral.case_id: referral.to_body for referral in under_way}


def tell_referred(case: Case, unit: Body) -> Reply | None:
    """Draft the words by which the citizen hears that a case is referred, unless another draft is there."""
    draft = draft_of(case)
    if draft is not None and draft.mode != AnswerMode.REFERRED:
        return draft
    post = last_post(case)
    language = "en" if (post.understood or {}).get("language") == "en" else "ar"
    wordings = [words(case, AnswerMode.REFERRED, language, turn, unit=unit) for turn in range(WORDINGS)]
    told = _told_lately([case])
    draft = draft or Reply(case=case, account=case.account, mode=AnswerMode.REFERRED, state=Reply.State.DRAFT)
    draft.answers, draft.visibility, draft.created_at = post, post.visibility, datetime.now(UTC)
    draft.text = next((text for text in wordings if (case.citizen_id, text) not in told), wordings[0])
    draft.save()
    return draft


def forget_referred(case: Case) -> None:
    """Remove the draft that tells of a referral which holds no more."""
    case.replies.filter(state=Reply.State.DRAFT, mode=AnswerMode.REFERRED).delete()


def write(threads: Mapping[int, Thread], sent: Mapping[int, Referral]) -> None:
    """Write a draft for each case whose citizen waits for words and that has no draft yet.

    `sent` are the referrals that are made of the cases in this moment, by their ids.
    """
    unique = {thread.case.pk: thread for thread in threads.values()}
    joined = [number for number, thread in unique.items() if not thread.is_new]
    drafted = set(Reply.objects.filter(case__in=joined, state=Reply.State.DRAFT).values_list("case_id", flat=True))
    told = _told_lately([thread.case for thread in unique.values()])
    units = _referred_to(joined) | {number: referral.to_body for number, referral in sent.items()}
    now = datetime.now(UTC)
    written = []
    for number, thread in unique.items():
        if number in drafted or thread.case.kind == Kind.OTHER or thread.case.state != Case.State.OPEN:
            continue
        draft = _draft(thread, now, told, units.get(number, thread.case.body))
        if draft is not None:
            written.append(draft)
            told.add((thread.case.citizen_id, draft.text))
    rows.copy("care_reply", COLUMNS, written)


def _told_lately(cases: Sequence[Case]) -> set[tuple[int, str]]:
    """Return what the citizens of cases were told within a day: a channel refuses the same words again."""
    lately = Reply.objects.filter(
        case__citizen__in={case.citizen_id for case in cases},
        account__in={case.account_id for case in cases},
        created_at__gte=datetime.now(UTC) - SAME_WORDS_AFTER,
    )
    return set(lately.values_list("case__citizen_id", "text"))


def _draft(thread: Thread, now: datetime, told: set[tuple[int, str]], unit: Body) -> Draft | None:
    case, post = thread.case, thread.posts[-1]
    shown = bool(thread.understood.personal_data) and post.visibility == Visibility.PUBLIC
    usual = usual_mode(case, unit, shows_personal_data=shown)
    language = "en" if thread.understood.language == "en" else "ar"
    for mode in (usual, AnswerMode.ACKNOWLEDGED):
        for turn in range(WORDINGS):
            text = words(case, mode, language, turn, unit=unit)
            if (case.citizen_id, text) not in told:
                return Draft(case.pk, case.account_id, post.pk, mode.value, post.visibility, text, now)
    return None


def draft_of(case: Case) -> Reply | None:
    """Return the draft of a case, if it has one."""
    return case.replies.filter(state=Reply.State.DRAFT).first()


def last_post(case: Case) -> Post:
    """Return the citizen's latest post of a case: the one that a reply answers."""
    return case.posts.order_by("written_at", "id").reverse()[0]
