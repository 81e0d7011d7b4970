"""Pages of a case: its conversation, the composer, and what is decided about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tafaul.bodies import access
from tafaul.bodies.models import AnswerMode, Body
from tafaul.care import cases, corrections, drafts, hiding, priority, replies, triage
from tafaul.care.errors import CareError, NotYours, WasMerged
from tafaul.care.models import Case, Kind, Post, Visibility
from tafaul.channels import CHANNELS
from tafaul.desk.lists import listed
from tafaul.desk.people import DeskRequest, at_the_desk

LONGEST_NOTE = 2000


def _composer(request: DeskRequest, case: Case, **more: Any) -> dict[str, Any]:
    draft = drafts.draft_of(case)
    post = drafts.last_post(case)
    mode = draft.mode if draft else drafts.usual_mode(case).value
    text = draft.text if draft else ""
    return {
        "case": case,
        "may_answer": cases.may_answer(request.user, case),
        "modes": AnswerMode.choices,
        "mode": mode,
        "visibility": draft.visibility if draft else post.visibility,
        "visibilities": Visibility.choices,
        "text": text,
        "form_key": uuid.uuid4(),
        **_measured(case, post.visibility, text),
        **more,
    }


def _measured(case: Case, visibility: str, text: str) -> dict[str, Any]:
    public = visibility == Visibility.PUBLIC
    return {
        "length": replies.length(case, text) if public else len(text),
        "limit": replies.LIMIT if public else replies.PRIVATE_LIMIT,
        "price": replies.price(case, visibility, text),
        "has_link": public and CHANNELS[case.account.channel].has_link(text),
    }


def _found(request: DeskRequest, reference: str) -> Case:
    """Return a case to work on. Raises `NotYours`, and `WasMerged` with where it goes on."""
    found = cases.get(request.user, reference)
    if found.merged_into is not None:
        raise WasMerged(found.merged_into)
    return found


def _case(request: DeskRequest, found: Case) -> dict[str, Any]:
    messages = cases.conversation(found)
    first = next((item for item in messages if isinstance(item, Post) and item.understood), None)
    return {
        **_composer(request, found),
        "messages_of_case": messages,
        "seen": replies.seen(found),
        "understood": first.understood if first else None,
        "priority": priority.name(found.priority),
        "reasons": priority.reasons(found, priority.late_of(found)),
        "kinds": Kind.choices,
        "outcomes": [(outcome.value, outcome.label) for outcome in cases.OUTCOMES],
        "answering_for": access.answered_by(request.user) if found.needs_triage else (),
        "topics_by_body": corrections.topics_by_body(),
    }


@at_the_desk
def case(request: DeskRequest, reference: str) -> HttpResponse:
    """A case beside the list; one that was merged leads to the other."""
    found = cases.get(request.user, reference)
    if found.merged_into is not None:
        return redirect("case", reference=found.merged_into.reference)
    return render(request, "desk/case.html", {**listed(request), **_case(request, found)})


@at_the_desk
def conversation(request: DeskRequest, reference: str) -> HttpResponse:
    """The conversation and the case's head, for the live update."""
    return render(request, "desk/parts/live.html", {**_case(request, _found(request, reference)), "live": True})


@at_the_desk
def unmasked(request: DeskRequest, reference: str, post_id: int) -> HttpResponse:
    """A post with its personal data, for somebody who answers the case."""
    found = _found(request, reference)
    if not cases.may_answer(request.user, found):
        raise NotYours
    post = get_object_or_404(found.posts, pk=post_id)
    return render(request, "desk/parts/unmasked.html", {"post": post})


@at_the_desk
def words(request: DeskRequest, reference: str) -> HttpResponse:
    """The approved words of an answer mode, in the composer's text field."""
    found = _found(request, reference)
    mode = request.GET.get("mode", "")
    visibility = request.GET.get("visibility", Visibility.PUBLIC)
    text = replies.suggested(found, mode) if mode in AnswerMode.values else ""
    return render(
        request, "desk/parts/text.html", {"case": found, "text": text, **_measured(found, visibility, text)}
    )


@require_POST
@at_the_desk
def measure(request: DeskRequest, reference: str) -> HttpResponse:
    """Length and price of what is being typed."""
    found = _found(request, reference)
    told = _measured(found, request.POST.get("visibility", Visibility.PUBLIC), request.POST.get("text", ""))
    return render(request, "desk/parts/measure.html", {"case": found, **told})


@require_POST
@at_the_desk
def reply(request: DeskRequest, reference: str) -> HttpResponse:
    """Send a reply; what keeps it from leaving is shown at the field, and nothing typed is lost."""
    found = _found(request, reference)
    told = {name: request.POST.get(name, "") for name in ("mode", "visibility", "text")}
    if told["mode"] not in AnswerMode.values or told["visibility"] not in Visibility.values:
        return HttpResponse(status=400)
    try:
        form_key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return HttpResponse(status=400)
    asks, saw = bool(request.POST.get("asks")), request.POST.get("seen")
    try:
        replies.send(found, request.user, form_key=form_key, saw=saw, asks=asks, **told)
    except CareError as error:
        kept = {**told, "asks": asks, **_measured(found, told["visibility"], told["text"]), "error": str(error)}
        context = {**_composer(request, found), **kept}
    else:
        found.refresh_from_db()
        context = {**_composer(request, found), "text": "", "sent": True, "length": 0}
    if not request.headers.get("HX-Request"):
        return redirect("case", reference=found.reference) if "sent" in context else _page_with(request, context)
    return render(request, "desk/parts/composer.html", context)


def _page_with(request: DeskRequest, composer: dict[str, Any]) -> HttpResponse:
    whole = {**listed(request), **_case(request, composer["case"]), **composer}
    return render(request, "desk/case.html", whole, status=409)


@require_POST
@at_the_desk
def hide(request: DeskRequest, reference: str, post_id: int) -> HttpResponse:
    """Hide a citizen's post under our own on the channel."""
    found = _found(request, reference)
    hiding.hide(get_object_or_404(found.posts, pk=post_id), request.user)
    return redirect("case", reference=found.reference)


@require_POST
@at_the_desk
def correct(request: DeskRequest, reference: str) -> HttpResponse:
    """Put right what a case is about; in triage, decide whose it is as well."""
    found = _found(request, reference)
    told = {"kind": request.POST.get("kind", ""), "topic": request.POST.get("topic", "")}
    try:
        if "body" in request.POST:
            triage.settle(found, request.user, body=_body(request.POST["body"]), **told)
        else:
            corrections.correct(found, request.user, **told)
    except ValueError:
        return HttpResponse(status=400)
    return redirect("case", reference=found.reference)


def _body(told: str) -> Body | None:
    """Return the body that a form names; None when it names none. Raises `ValueError` for what is no body."""
    if not told:
        return None
    return get_object_or_404(Body, pk=int(told[:18]))


@require_POST
@at_the_desk
def close(request: DeskRequest, reference: str) -> HttpResponse:
    """Close a case with what it came to."""
    found = _found(request, reference)
    outcome, note = request.POST.get("outcome", ""), request.POST.get("note", "").replace("\0", "")
    if outcome not in cases.OUTCOMES:
        return HttpResponse(status=400)
    cases.close(found, request.user, outcome, note[:LONGEST_NOTE])
    return redirect("case", reference=found.reference)


@require_POST
@at_the_desk
def reopen(request: DeskRequest, reference: str) -> HttpResponse:
    """Open a closed case again."""
    found = _found(request, reference)
    cases.reopen(found, request.user)
    return redirect("case", reference=found.reference)
