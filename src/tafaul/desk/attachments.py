"""Files of a case: put there, downloaded, shown small, removed. None is reached but through these pages."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from tafaul.care import attachments, cases
from tafaul.care.errors import CareError, FileRefused, NotYours
from tafaul.care.models import Attachment
from tafaul.desk.colleagues import section
from tafaul.desk.people import DeskRequest, at_the_desk

AN_HOUR = "private, max-age=3600"


@require_POST
@at_the_desk
def put(request: DeskRequest, reference: str) -> HttpResponse:
    """Put files to a case; those that are good stay when another is refused."""
    case, refused = cases.get(request.user, reference), []
    for file in request.FILES.getlist("files"):
        try:
            attachments.put(case, request.user, file)
        except FileRefused as error:
            refused.append(str(error))
    return section(request, case, error=" ".join(refused))


@at_the_desk
def download(request: DeskRequest, reference: str, attachment_id: int) -> HttpResponse:
    """The file, to be kept and not opened in the page."""
    found = _of_case(request, reference, attachment_id)
    try:
        with found.file.open("rb") as stored:
            content = stored.read()
    except FileNotFoundError as error:
        raise Http404 from error
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=found.name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=found.content_type, headers=headers)


@at_the_desk
def small(request: DeskRequest, reference: str, attachment_id: int) -> HttpResponse:
    """A picture, small."""
    found = _of_case(request, reference, attachment_id)
    if not found.is_picture:
        raise Http404
    try:
        drawn = attachments.small(found)
    except FileRefused as error:
        raise Http404 from error
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": AN_HOUR}
    return HttpResponse(drawn, content_type="image/webp", headers=headers)


@require_POST
@at_the_desk
def remove(request: DeskRequest, reference: str, attachment_id: int) -> HttpResponse:
    """Remove a file."""
    found = _of_case(request, reference, attachment_id)
    try:
        attachments.remove(found, request.user)
    except NotYours:
        raise
    except CareError as error:
        return section(request, found.case, error=str(error))
    return section(request, found.case)


def _of_case(request: DeskRequest, reference: str, attachment_id: int) -> Attachment:
    case = cases.get(request.user, reference)
    found = get_object_or_404(case.attachments, pk=attachment_id)
    found.case = case
    return found
