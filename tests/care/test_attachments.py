"""Files that colleagues put to a case: what is taken, under which name, and who gets it."""

from __future__ import annotations

import io
import os
import stat
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tafaul.care import attachments, file_types, notes
from tafaul.care.errors import (
    FileEmpty,
    FileNotAllowed,
    FileTooLarge,
    MacrosInside,
    NotTheirFile,
    NotYours,
    PictureTooLarge,
)
from tafaul.care.models import Attachment, Note

pytestmark = pytest.mark.django_db(transaction=True)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    """Where files are kept."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 900), **more) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "teal").save(drawn, kind, **more)
    return drawn.getvalue()


def packed(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def open_xml(main: str, **more: str) -> bytes:
    content_type = f"application/vnd.openxmlformats-officedocument.{main}.main+xml"
    return packed(**{"[Content_Types].xml": f'<Types><Override ContentType="{content_type}"/></Types>', **more})


def open_document(kind: str, **more: str) -> bytes:
    return packed(mimetype=f"application/vnd.oasis.opendocument.{kind}", **more)


def file(content: bytes, name: str = "file") -> ContentFile:
    return ContentFile(content, name=name)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (picture("PNG"), "image/png", "x.png"),
        (picture("JPEG"), "image/jpeg", "x.jpg"),
        (picture("GIF"), "image/gif", "x.gif"),
        (picture("WEBP"), "image/webp", "x.webp"),
        (PDF, "application/pdf", "x.pdf"),
        (open_xml("wordprocessingml.document"), f"{file_types.OPEN_XML}wordprocessingml.document", "x.docx"),
        (open_xml("spreadsheetml.sheet"), f"{file_types.OPEN_XML}spreadsheetml.sheet", "x.xlsx"),
        (open_xml("presentationml.presentation"), f"{file_types.OPEN_XML}presentationml.presentation", "x.pptx"),
        (open_document("text"), "application/vnd.oasis.opendocument.text", "x.odt"),
        (open_document("spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", "x.ods"),
        ("نص عربي\n".encode(), "text/plain; charset=utf-8", "x.txt"),
        ("نص عربي".encode("utf-16"), "text/plain; charset=utf-16", "x.txt"),
        ("نص عربي".encode("windows-1256"), "text/plain; charset=windows-1256", "x.txt"),
    ],
)
def test_a_files_type_is_that_of_its_content_and_its_name_says_so(asked, person, content, content_type, name):
    for given_name in ("x", "x.exe", name.upper()):
        kept = attachments.put(
            asked,
            person("finance") if given_name == "x" else asked.attachments.first().by,
            file(content, given_name),
        )
        assert kept.content_type == content_type
        assert kept.name.lower() in (name, f"x.exe{Path(name).suffix}")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"\x89PNG\r\n\x1a\n broken",
        b"PK\x03\x04 broken",
        packed(**{"evil.exe": "MZ"}),
        packed(mimetype="application/epub+zip"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"\x00\x01\x02",
        bytes(range(256)),
        b"BM" + bytes(60),
        picture("PNG")[:200],
        picture("TIFF"),
    ],
)
@pytest.mark.parametrize("name", ["photo.png", "paper.pdf", "list.txt", "letter.docx"])
def test_what_is_of_another_type_is_refused_whatever_its_name_says(content, name):
    with pytest.raises(FileNotAllowed, match=name):
        file_types.of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    "content",
    [
        open_xml("wordprocessingml.document", word__vbaProject__bin="x").replace(
            b"vbaProject/bin", b"vbaProject.bin"
        ),
        packed(**{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        open_document("text", Basic__Standard__Module1="Sub Main"),
        open_document("spreadsheet", Scripts__python__evil="import os"),
    ],
)
def test_documents_with_macros_are_refused(content):
    with pytest.raises(MacrosInside):
        file_types.of(io.BytesIO(content), "letter.docx")


def test_a_picture_that_unpacks_to_too_much_is_refused():
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    for side in (10_000, 60_000):
        header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
        content = (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", header)
            + chunk(b"IDAT", zlib.compress(b""))
            + chunk(b"IEND", b"")
        )
        with pytest.raises(PictureTooLarge):
            file_types.of(io.BytesIO(content), "bomb.png")


def test_a_list_of_contents_that_unpacks_to_too_much_is_read_in_part():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "0" * 50_000_000)
    with pytest.raises(FileNotAllowed):
        file_types.of(content, "bomb.odt")


@pytest.mark.parametrize(
    "page", [b"<script>alert(1)</script>", b"<svg onload='alert(1)'/>", b"<?php ?>", b"@echo off"]
)
def test_pages_and_programs_in_words_are_kept_as_plain_text(asked, person, client, page):
    agent = person("finance")
    kept = attachments.put(asked, agent, file(page, "evil.html"))
    assert (kept.name, kept.content_type) == ("evil.html.txt", "text/plain; charset=utf-8")
    client.force_login(agent)
    answer = client.get(f"/cases/{asked.reference}/files/{kept.pk}")
    assert answer["Content-Disposition"] == 'attachment; filename="evil.html.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content == page


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system32\\evil.pdf", "evil.pdf"),
        ("/etc/cron.d/x.pdf", "x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
        ("cod\u202efdp.exe", "codfdp.exe.pdf"),
        ("..", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("   .  ", "file.pdf"),
        ('<img src=x onerror="alert(1)">.pdf', "_img src=x onerror=_alert(1)__.pdf"),
        ("خطاب رقم ٣.PDF", "خطاب رقم ٣.PDF"),
        ("ن" * 300 + ".pdf", "ن" * 100 + ".pdf"),
    ],
)
def test_hostile_names_become_harmless(name, kept):
    assert file_types.clean_name(name, file_types.FileType("application/pdf", (".pdf",))) == kept


@given(st.text(max_size=300))
def test_any_name_at_all_becomes_one_of_a_file_without_folders(name):
    kept = file_types.clean_name(name, file_types.FileType("text/plain", (".txt", ".csv")))
    assert kept.lower().endswith((".txt", ".csv"))
    assert not set("/\\\0\n\r") & set(kept)
    assert 5 <= len(kept) <= 210
    assert file_types.clean_name(kept, file_types.FileType("text/plain", (".txt", ".csv"))) == kept


def test_files_are_stored_under_random_names_that_only_we_read(asked, person, folder):
    kept = attachments.put(asked, person("finance"), file(PDF, "../../../secret.pdf"))
    (path,) = on_disk(folder)
    assert "secret" not in str(path)
    assert len(path.name) == 32
    assert path.read_bytes() == PDF
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert kept.name == "secret.pdf"


def test_a_file_is_neither_empty_nor_larger_than_10_mb(asked, person, folder):
    agent = person("finance")
    with pytest.raises(FileEmpty):
        attachments.put(asked, agent, file(b""))
    with pytest.raises(FileTooLarge, match="10"):
        attachments.put(asked, agent, file(PDF + bytes(10 * 1024 * 1024)))
    assert attachments.put(asked, agent, file(PDF.ljust(10 * 1024 * 1024, b" "))).size == 10 * 1024 * 1024


@pytest.mark.parametrize(("body", "role"), [("finance", "auditor"), ("commerce", "agent")])
def test_only_who_may_answer_puts_files(asked, person, body, role, folder):
    with pytest.raises(NotYours):
        attachments.put(asked, person(body, role), file(PDF))
    assert not on_disk(folder)


def test_who_sees_the_case_downloads_its_files_and_nobody_else(asked, person, client):
    kept = attachments.put(asked, person("finance"), file(picture(), "photo.png"))
    address = f"/cases/{asked.reference}/files/{kept.pk}"
    assert client.get(address).status_code == 302
    client.force_login(person("finance", "auditor"))
    assert client.get(address).status_code == 200
    client.force_login(person("commerce"))
    assert client.get(address).status_code == 404
    assert client.get(f"{address}/small").status_code == 404
    assert client.post(f"{address}/remove").status_code == 404
    assert client.post(f"/cases/{asked.reference}/files", {"files": file(PDF, "x.pdf")}).status_code == 404


def test_a_file_is_not_reached_through_another_case(asked, person, client, x):
    from tafaul.care.models import Case
    from tests.care.conftest import take_in

    agent = person("finance")
    kept = attachments.put(asked, agent, file(PDF))
    x.write(asked.account.handle, "متى ينزل حساب المواطن؟", author="another")
    take_in(asked.account)
    other = Case.objects.exclude(pk=asked.pk).get()
    client.force_login(agent)
    assert client.get(f"/cases/{other.reference}/files/{kept.pk}").status_code == 404


def test_files_are_served_by_no_other_address(asked, person, client, folder):
    kept = attachments.put(asked, person("finance"), file(PDF))
    client.force_login(person("finance", "supervisor"))
    for address in (
        f"/{kept.file.name}",
        f"/static/{kept.file.name}",
        f"/media/{kept.file.name}",
        f"/files/{kept.file.name}",
    ):
        assert client.get(address).status_code == 404


def test_a_picture_is_shown_small_without_what_the_camera_noted(asked, person, client):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "a camera", 6
    agent = person("finance")
    kept = attachments.put(asked, agent, file(picture("JPEG", exif=exif), "photo.jpg"))
    client.force_login(agent)
    answer = client.get(f"/cases/{asked.reference}/files/{kept.pk}/small")
    small = Image.open(io.BytesIO(answer.content))
    assert (answer["Content-Type"], small.format, dict(small.getexif())) == ("image/webp", "WEBP", {})
    assert small.width < small.height <= 320


def test_what_is_no_picture_is_not_shown_small(asked, person, client):
    agent = person("finance")
    kept = attachments.put(asked, agent, file(PDF))
    client.force_login(agent)
    assert client.get(f"/cases/{asked.reference}/files/{kept.pk}/small").status_code == 404


def test_who_put_a_file_there_and_supervisors_remove_it(asked, person, folder):
    agent, supervisor = person("finance"), person("finance", "supervisor")
    mine, other = (attachments.put(asked, agent, file(PDF)) for _turn in range(2))
    with pytest.raises(NotTheirFile):
        attachments.remove(mine, person("finance", "approver"))
    assert len(on_disk(folder)) == 2
    attachments.remove(mine, agent)
    attachments.remove(other, supervisor)
    assert not Attachment.objects.exists()
    assert not on_disk(folder)


def test_files_go_with_the_note_that_is_taken_back(asked, person, folder):
    agent = person("finance")
    note = notes.write(asked, agent, "مرفق", [file(PDF, "a.pdf"), file(picture(), "b.png")])
    assert [attached.name for attached in note.attachments.all()] == ["a.pdf", "b.png"]
    notes.take_back(note, agent)
    assert not Attachment.objects.exists()
    assert not on_disk(folder)


def test_a_note_with_a_refused_file_is_not_written(asked, person):
    with pytest.raises(FileNotAllowed):
        notes.write(asked, person("finance"), "مرفق", [file(PDF, "a.pdf"), file(b"MZ\0\0", "b.pdf")])
    assert not Note.objects.exists()
    assert not Attachment.objects.exists()


def test_what_a_crash_left_behind_is_swept_and_nothing_else(asked, person, folder):
    kept = attachments.put(asked, person("finance"), file(PDF))
    month = Path(kept.file.path).parent
    for name, age in (("orphan", 7200), ("under-way", 60)):
        (month / name).write_bytes(PDF)
        os.utime(month / name, (time.time() - age,) * 2)
    os.utime(kept.file.path, (time.time() - 7200,) * 2)
    assert attachments.sweep() == 1
    assert {path.name for path in on_disk(folder)} == {Path(kept.file.name).name, "under-way"}


def test_good_files_stay_when_another_is_refused(asked, person, client):
    client.force_login(person("finance"))
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", b"MZ\0\0")]
    answer = client.post(f"/cases/{asked.reference}/files", {"files": files}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "b.pdf" in page
    assert asked.attachments.get().name == "a.pdf"


def test_a_file_that_is_gone_from_the_disk_is_not_found(asked, person, client, folder):
    agent = person("finance")
    kept = attachments.put(asked, agent, file(picture(), "photo.png"))
    Path(kept.file.path).unlink()
    client.force_login(agent)
    assert client.get(f"/cases/{asked.reference}/files/{kept.pk}").status_code == 404
    assert client.get(f"/cases/{asked.reference}/files/{kept.pk}/small").status_code == 404
