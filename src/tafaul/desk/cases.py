"""Pages of cases: the live list, a case with its conversation, and the composer."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tafaul.bodies import access
from tafaul.bodies.models import AnswerMode
from tafaul.care import cases, corrections, drafts, hiding, references, replies
from tafaul.care.errors import CareError, NotYours
from tafaul.care.models import Case, Kind, Reply, Visibility
from tafaul.channels import CHANNELS
from tafaul.desk.people import DeskRequest, at_the_desk

PAGE = 50


def _chosen(request: HttpRequest, seen: QuerySet[Case]) -> QuerySet[Case]:
    """Narrow cases to what the filters of the page ask for."""
    get = request.GET.get
    state = get("state", Case.State.OPEN)
    if state in Case.State.values:
        seen = seen.filter(state=state)
    if get("kind") in Kind.values:
        seen = seen.filter(kind=get("kind"))
    if get("body", "").isdigit():
        seen = seen.filter(Q(body=get("body")) | Q(account__body=get("body")))
    if get("urgent"):
        seen = seen.filter(urgency=Case.Urgency.URGENT)
    if sought := get("q", "").strip().lstrip("@"):
        in_words = Q(subject__icontains=sought) | Q(citizen__handle__istartswith=sought)
        if references.is_reference(sought):
            in_words |= Q(reference=sought.upper())
        seen = seen.filter(in_words)
    return seen


def _counts(seen: QuerySet[Case]) -> dict[str, Any]:
    open_ones = Q(state=Case.State.OPEN)
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return seen.order_by().aggregate(
        open=Count("id", filter=open_ones),
        urgent=Count("id", filter=open_ones & Q(urgency=Case.Urgency.URGENT)),
        longest=Min("waiting_since", filter=open_ones),
        answered_today=Count("id", filter=Q(answered_at__gte=today)),
    )


def _list(request: DeskRequest) -> dict[str, Any]:
    seen = cases.visible_to(request.user)
    drafted = Reply.objects.filter(case=OuterRef("pk"), state=Reply.State.DRAFT)
    under_way = Reply.objects.filter(case=OuterRef("pk"), state__in=[Reply.State.QUEUED, Reply.State.SENDING])
    chosen = _chosen(request, seen).annotate(drafted=Exists(drafted), under_way=Exists(under_way))
    bodies = list(access.seen_by(request.user))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": Paginator(chosen, PAGE).get_page(request.GET.get("page")),
        "counts": _counts(seen),
        "bodies": bodies,
        "kinds": Kind.choices,
        "states": Case.State.choices,
        "state": request.GET.get("state", Case.State.OPEN),
        "query": query.urlencode(),
        "several": len(bodies) > 1,
        "fresh_since": timezone.now() - timedelta(seconds=3),
    }


@at_the_desk
def inbox(request: DeskRequest) -> HttpResponse:
    """The live list of cases; its rows alone for htmx."""
    partial = request.headers.get("HX-Target") == "list"
    return render(request, "desk/parts/list.html" if partial else "desk/inbox.html", _list(request))


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


def _case(request: DeskRequest, reference: str) -> dict[str, Any]:
    found = cases.get(request.user, reference)
    messages = cases.conversation(found)
    first = next((item for item in messages if not isinstance(item, Reply) and item.understood), None)
    return {
        **_composer(request, found),
        "messages_of_case": messages,
        "seen": replies.seen(found),
        "understood": first.understood if first else None,
        "kinds": Kind.choices,
        "topics_by_body": corrections.topics_by_body(),
    }


@at_the_desk
def case(request: DeskRequest, reference: str) -> HttpResponse:
    """A case beside the list."""
    return render(request, "desk/case.html", {**_list(request), **_case(request, reference)})


@at_the_desk
def conversation(request: DeskRequest, reference: str) -> HttpResponse:
    """The conversation and the case's head, for the live update."""
    return render(request, "desk/parts/live.html", {**_case(request, reference), "live": True})


@at_the_desk
def unmasked(request: DeskRequest, reference: str, post_id: int) -> HttpResponse:
    """A post with its personal data, for somebody who answers the case."""
    found = cases.get(request.user, reference)
    if not cases.may_answer(request.user, found):
        raise NotYours
    post = get_object_or_404(found.posts, pk=post_id)
    return render(request, "desk/parts/unmasked.html", {"post": post})


@at_the_desk
def words(request: DeskRequest, reference: str) -> HttpResponse:
    """The approved words of an answer mode, in the composer's text field."""
    found = cases.get(request.user, reference)
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
    found = cases.get(request.user, reference)
    told = _measured(found, request.POST.get("visibility", Visibility.PUBLIC), request.POST.get("text", ""))
    return render(request, "desk/parts/measure.html", {"case": found, **told})


@require_POST
@at_the_desk
def reply(request: DeskRequest, reference: str) -> HttpResponse:
    """Send a reply; what keeps it from leaving is shown at the field, and nothing typed is lost."""
    found = cases.get(request.user, reference)
    told = {name: request.POST.get(name, "") for name in ("mode", "visibility", "text")}
    if told["mode"] not in AnswerMode.values or told["visibility"] not in Visibility.values:
        return HttpResponse(status=400)
    try:
        form_key = uuid.UUID(request.POST.get("form_key", ""))
    except ValueError:
        return HttpResponse(status=400)
    try:
        replies.send(found, request.user, form_key=form_key, saw=request.POST.get("seen"), **told)
    except CareError as error:
        kept = {**told, **_measured(found, told["visibility"], told["text"]), "error": str(error)}
        context = {**_composer(request, found), **kept}
    else:
        found.refresh_from_db()
        context = {**_composer(request, found), "text": "", "sent": True, "length": 0}
    if not request.headers.get("HX-Request"):
        return redirect("case", reference=found.reference) if "sent" in context else _page_with(request, context)
    return render(request, "desk/parts/composer.html", context)


def _page_with(request: DeskRequest, composer: dict[str, Any]) -> HttpResponse:
    whole = {**_list(request), **_case(request, composer["case"].reference), **composer}
    return render(request, "desk/case.html", whole, status=409)


@require_POST
@at_the_desk
def hide(request: DeskRequest, reference: str, post_id: int) -> HttpResponse:
    """Hide a citizen's post under our own on the channel."""
    found = cases.get(request.user, reference)
    hiding.hide(get_object_or_404(found.posts, pk=post_id), request.user)
    return redirect("case", reference=found.reference)


@require_POST
@at_the_desk
def correct(request: DeskRequest, reference: str) -> HttpResponse:
    """Put right what a case is about."""
    found = cases.get(request.user, reference)
    kind, topic = request.POST.get("kind", ""), request.POST.get("topic", "")
    try:
        corrections.correct(found, request.user, kind=kind, topic=topic)
    except ValueError:
        return HttpResponse(status=400)
    return redirect("case", reference=found.reference)


@require_POST
@at_the_desk
def change_state(request: DeskRequest, reference: str) -> HttpResponse:
    """Close a case, or open it again."""
    found = cases.get(request.user, reference)
    if request.POST.get("to") == "closed":
        cases.close(found, request.user)
    else:
        cases.reopen(found, request.user)
    return redirect("case", reference=found.reference)
