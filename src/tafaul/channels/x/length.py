"""Weighted length of a text as X counts it.

Follows twitter-text's configuration version 3: at most 280, code points of the ranges below weigh 1 and all
others 2, an emoji sequence weighs 2 as a whole, a link 23 whatever its length; counted after NFC.
"""

from __future__ import annotations

import re
import unicodedata

from tafaul.channels.x.links import links

LIMIT = 280
LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

_LIGHT = "\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037"
_HEAVY = re.compile(f"[^{_LIGHT}]")

# Emoji presentation as Unicode's emoji-sequences and emoji-zwj-sequences define it: a flag is a pair of regional
# indicators, a keycap ends in U+20E3, others are joined by U+200D, each with a skin tone, a selector or tags.
_PICTURE = (
    "(?:[\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
    "\u2600-\u27bf\u2300-\u23ff\u2b00-\u2bff\u2934\u2935\u3030\u303d\u3297\u3299]"
    "|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u24c2\u25aa-\u25fe](?=\ufe0f))"
)
_TAIL = "\ufe0f?[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}{_TAIL}"
    f"(?:\u200d(?:{_PICTURE}|[\u2640\u2642\u2695]){_TAIL})*"
)


def has_link(text: str) -> bool:
    """Tell whether a text holds a link, which X charges more for."""
    return next(links(text), None) is not None


def weighted_length(text: str) -> int:
    """Return the length of a text as X counts it; at most `LIMIT` can be posted."""
    text = unicodedata.normalize("NFC", text)
    found = list(links(text))
    words = text
    for start, end in reversed(found):
        words = words[:start] + words[end:]
    without_emoji, emoji = _EMOJI.subn("", words)
    heavy = len(_HEAVY.findall(without_emoji))
    return len(without_emoji) + heavy + len(found) * LINK_WEIGHT + emoji * EMOJI_WEIGHT
