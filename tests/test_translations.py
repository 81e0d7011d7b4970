"""Every string that a person sees is in Arabic."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tafaul"
PO = SOURCE / "locale" / "ar" / "LC_MESSAGES" / "django.po"
KEYWORDS = ("_", "gettext", "ngettext", "pgettext", "npgettext", "gettext_lazy", "gettext_noop")


def strings() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield where a translatable string stands, and the string or its singular and plural."""
    for file in sorted(SOURCE.rglob("*.py")):
        code = file.read_text(encoding="utf-8")
        yield from _extracted(file, code)
    for file in sorted(SOURCE.rglob("templates/**/*.html")):
        yield from _extracted(file, templatize(file.read_text(encoding="utf-8")))


def _extracted(file: Path, code: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    found = extract_python(io.BytesIO(code.encode()), KEYWORDS, (), {})
    for line, function, message, _comments in found:
        said = message if isinstance(message, tuple) else (message,)
        kept = tuple(item for item in said if item)
        if kept:
            yield f"{file}:{line}", kept[:2] if function == "ngettext" else kept[0]


def test_every_string_has_its_arabic():
    with PO.open("rb") as stream:
        catalogue = read_po(stream, locale="ar")
    missing = []
    for where, message in strings():
        known = catalogue.get(message if isinstance(message, str) else message[0])
        arabic = known.string if known else ""
        if not (all(arabic) and len(arabic) == 6 if isinstance(message, tuple) else arabic):
            missing.append((where, message))
    assert missing == []


def test_no_arabic_is_left_over():
    with PO.open("rb") as stream:
        catalogue = read_po(stream, locale="ar")
    used = {message if isinstance(message, str) else message[0] for _where, message in strings()}
    known = {item.id if isinstance(item.id, str) else item.id[0] for item in catalogue if item.id}
    assert known - used == set()
