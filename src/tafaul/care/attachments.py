"""Attachments: files that colleagues put to a case or a note."""

from __future__ import annotations

import io
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageOps

from tafaul.bodies.models import Person
from tafaul.care import cases, colleagues, file_types
from tafaul.care.errors import FileEmpty, FileNotAllowed, FileTooLarge, NotTheirFile
from tafaul.care.models import Attachment, Case, Note

LIMIT = 10 * 1024 * 1024
SMALL = (480, 320)
LEFT_BEHIND = 3600
"""Seconds after which a file without a row is of a crash, and not of an upload that is under way."""


@transaction.atomic
def put(case: Case, person: Person, file: File[bytes], note: Note | None = None) -> Attachment:
    """Keep a file with a case, or with a note of it, under a random name.

    Raises `NotYours`, and a `FileRefused` that says why: its size, or its type, told by its content.
    """
    cases.require(person, case)
    named = file_types.clean_name(file.name or "")
    if not file.size:
        raise FileEmpty(named)
    if file.size > LIMIT:
        raise FileTooLarge(named)
    kind = file_types.of(file, named)
    file.seek(0)
    return Attachment.objects.create(
        case=case,
        note=note,
        by=person,
        name=file_types.clean_name(named, kind),
        content_type=kind.content_type,
        size=file.size,
        file=File(file, name=secrets.token_hex(16)),
        at=timezone.now(),
    )


@transaction.atomic
def remove(attachment: Attachment, person: Person) -> None:
    """Remove a file. Raises `NotTheirFile` unless the person put it there or supervises the case."""
    held = Attachment.objects.select_for_update().filter(pk=attachment.pk)
    if not may_be_removed(attachment, person):
        raise NotTheirFile
    forget(held)
    held.delete()


def may_be_removed(attachment: Attachment, person: Person) -> bool:
    """Tell whether a person may remove a file."""
    return attachment.by_id == person.pk or is_supervisor(attachment.case, person)


def is_supervisor(case: Case, person: Person) -> bool:
    """Tell whether a person may remove the files of everybody from a case."""
    return colleagues.supervisors(case).filter(pk=person.pk).exists()


def forget(attachments: Iterable[Attachment]) -> None:
    """Delete the content of attachments when the transaction, which deletes their rows, commits."""
    for attachment in attachments:
        name = str(attachment.file)
        transaction.on_commit(lambda name=name: default_storage.delete(name))  # type: ignore[misc]


def small(attachment: Attachment) -> bytes:
    """Return a picture small, as WebP, without what the camera noted. Raises `FileNotAllowed` if it is broken."""
    try:
        with attachment.file.open("rb") as stream, Image.open(stream) as picture:
            picture.draft("RGB", (SMALL[0] * 2, SMALL[1] * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail(SMALL)
            drawn = io.BytesIO()
            upright.convert("RGBA" if upright.has_transparency_data else "RGB").save(drawn, "WEBP", exif=b"")
    except (OSError, ValueError, SyntaxError) as error:
        raise FileNotAllowed(attachment.name) from error
    return drawn.getvalue()


def sweep() -> int:
    """Delete files that no attachment knows, as crashes leave them behind, and return how many."""
    swept = 0
    if not Attachment.objects.exists():
        return swept
    before = time.time() - LEFT_BEHIND
    for month in Path(settings.MEDIA_ROOT).glob("attachments/*/*"):
        within = month.relative_to(settings.MEDIA_ROOT).as_posix()
        known = set(Attachment.objects.filter(file__startswith=f"{within}/").values_list("file", flat=True))
        for file in month.iterdir():
            if f"{within}/{file.name}" not in known and file.stat().st_mtime < before:
                file.unlink(missing_ok=True)
                swept += 1
    return swept
