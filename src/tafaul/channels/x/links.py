"""Links in a text as X finds them: every link it finds counts alike, and a name such as «mof.gov.sa» is one.

Follows the rules that X publishes with twitter-text: a host ends in a known top-level domain; without a scheme
it is of ASCII letters; no letter, digit, @, $, # or directional mark stands directly before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from publicsuffixlist import PublicSuffixList

_SUFFIXES = PublicSuffixList(accept_unknown=False)

_ACCENTS = "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_PUNCTUATION = r"\s!-,./:-@\[-^`{-\u00bf\u2000-\u206f\u3000-\u3002\uff01-\uff0f\uff1a-\uff20"
_CANDIDATE = re.compile(
    rf"(?<![a-z0-9@＠$#＃\u202a-\u202e])(?P<scheme>https?://)?"
    rf"(?P<host>[^{_PUNCTUATION}](?:[^{_PUNCTUATION}]|[_-])*(?:\.(?:[^{_PUNCTUATION}]|[_-])+)+)",
    re.IGNORECASE,
)
_NOT_BEFORE = ("-", "_", ".", "/")
_WITHOUT_SCHEME = re.compile(rf"[a-z0-9_\-{_ACCENTS}]+(?:\.[a-z0-9_\-{_ACCENTS}]+)+", re.IGNORECASE)
_NAME = re.compile(r"[^_-](?:[^_]*[^_-])?$")
"""The label before the top-level domain: no underscore, no hyphen at its ends."""
_LETTERS = re.compile(r"[a-z0-9-]+|[^\x00-\x7f]+", re.IGNORECASE)
"""What of the last label can be a top-level domain: «com» of «com_x»."""

_IN_PATH = rf"a-z0-9!*';:=+,.$/%#\[\]\-_~@|&{_ACCENTS}\u0400-\u04ff"
_PATH_END = rf"[a-z0-9=_#/+\-{_ACCENTS}\u0400-\u04ff]"
_REST = re.compile(
    rf"(?:/(?:[{_IN_PATH}]*\([{_IN_PATH}]+\))*(?:[{_IN_PATH}]*{_PATH_END})?)?"
    r"(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?",
    re.IGNORECASE,
)
_PORT = re.compile(r":\d+")
_SHORTENED = re.compile(r"/[a-z0-9]+", re.IGNORECASE)
"""All that belongs to a link of X's own shortener, t.co."""


def links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each link of a text begins and ends."""
    place = 0
    while "." in text and (match := _CANDIDATE.search(text, place)):
        # The last label may be another link's scheme: «www.https://mof.gov.sa».
        place = match.start("host") + match["host"].rindex(".") + 1
        if not match["scheme"] and text[max(match.start() - 1, 0) : match.start()] in _NOT_BEFORE:
            continue
        done = match.start()
        for start, hosts_start, candidate in _candidates(match):
            after = hosts_start + len(candidate)
            host = _host(candidate, text[after : after + 1])
            if host and start >= done:
                done = hosts_start + len(host)
                if match["scheme"] and (port := _PORT.match(text, done)):
                    done = port.end()
                rest = (_SHORTENED if host.lower() == "t.co" else _REST).match(text, done)
                done = rest.end() if rest else done
                yield start, done
        place = max(place, done)


def _candidates(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield where a link may begin, where its host begins, and the host with what may be too much."""
    if match["scheme"]:
        yield match.start(), match.start("host"), match["host"]
        return
    for inner in _WITHOUT_SCHEME.finditer(match["host"]):
        start = match.start() + inner.start()
        yield start, start, inner.group()


def _host(candidate: str, following: str) -> str:
    """Return the longest beginning of dotted labels that ends in a top-level domain, or nothing."""
    labels = candidate.split(".")
    for count in range(len(labels), 1, -1):
        last = _LETTERS.match(labels[count - 1])
        if last is None or not _is_top_level(last.group().lower()) or not _NAME.match(labels[count - 2]):
            continue
        host = ".".join([*labels[: count - 1], last.group()])
        if host != candidate or following not in ("@", "+"):
            return host
    return ""


@lru_cache(maxsize=4096)
def _is_top_level(label: str) -> bool:
    return _SUFFIXES.publicsuffix(label) == label
