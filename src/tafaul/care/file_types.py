"""What a file is, told by its content and not by its name, and the name under which it may be kept."""

from __future__ import annotations

import codecs
import struct
import unicodedata
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from PIL import Image, UnidentifiedImageError

from tafaul.care.errors import FileNotAllowed, MacrosInside, PictureTooLarge

PIXELS = 50_000_000
"""A picture of more would take too much memory to make small."""
PICTURES = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",), "GIF": (".gif",), "WEBP": (".webp",)}
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OFFICE = {
    f"{OPEN_XML}wordprocessingml.document": ".docx",
    f"{OPEN_XML}spreadsheetml.sheet": ".xlsx",
    f"{OPEN_XML}presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
MACROS = ("vbaproject.bin", "basic/", "scripts/")
MANIFEST = 1_000_000
"""Bytes of a list of contents that are read at most, whatever it unpacks to."""
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class FileType:
    """A type as browsers are told, and the endings that names of such files have; the first is the usual one."""

    content_type: str
    endings: tuple[str, ...]


def of(stream: IO[bytes], name: str) -> FileType:
    """Tell of what type a file is. Raises `FileNotAllowed`, `MacrosInside` and `PictureTooLarge`."""
    stream.seek(0)
    start = stream.read(8)
    if start.startswith(b"%PDF-"):
        return FileType("application/pdf", (".pdf",))
    found = _office(stream, name) if start.startswith(b"PK\x03\x04") else _picture(stream, name) or _text(stream)
    if found is None:
        raise FileNotAllowed(name)
    return found


def clean_name(name: str, kind: FileType | None = None) -> str:
    """Return a name without folders and without what misleads, with an ending that is true."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(" " if char.isspace() else char for char in name)
    name = "".join("_" if char in '<>:"|?*' else char for char in name if unicodedata.category(char)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    ending = PurePosixPath(name).suffix
    stem = name.removesuffix(ending)
    if kind is not None and ending.lower() not in kind.endings:
        stem, ending = name, kind.endings[0]
    return (stem[:LONGEST_NAME].strip(". ") or "file") + ending[:LONGEST_NAME]


def _picture(stream: IO[bytes], name: str) -> FileType | None:
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(stream, formats=list(PICTURES))
        kind, pixels = picture.format or "", picture.width * picture.height
        picture.verify()
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(name) from error
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error) as error:
        raise FileNotAllowed(name) from error
    if pixels > PIXELS:
        raise PictureTooLarge(name)
    return FileType(Image.MIME[kind], PICTURES[kind])


def _office(stream: IO[bytes], name: str) -> FileType | None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = [part.lower() for part in packed.namelist()]
            manifest = "[Content_Types].xml" if "[content_types].xml" in parts else "mimetype"
            with packed.open(manifest) as listed:
                told = listed.read(MANIFEST).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, ValueError, EOFError, zlib.error):
        return None
    if "macroenabled" in told.lower() or any(
        part.endswith(MACROS[0]) or part.startswith(MACROS) for part in parts
    ):
        raise MacrosInside(name)
    for content_type, ending in OFFICE.items():
        if told.strip() == content_type or f'"{content_type}.main+xml"' in told:
            return FileType(content_type, (ending,))
    return None


def _text(stream: IO[bytes]) -> FileType | None:
    stream.seek(0)
    content = stream.read()
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    encodings = ("utf-16",) if content.startswith(marks) else ("utf-8", "windows-1256")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(char >= " " or char in "\t\n\r\f" for char in text):
            return FileType(f"text/plain; charset={encoding}", (".txt", ".csv"))
        return None
    return None
