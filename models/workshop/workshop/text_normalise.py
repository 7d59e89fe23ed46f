"""How texts are read: equal, to the last UTF-16 unit, to `src/core/text/normalise.ts`. Standard library alone.

Every code point is read on its own, so that the outcome is a table; it is filled as texts ask for it. Letters that
Unicode added after the version that Python knows (`unicodedata.unidata_version`) are read as Python reads them.
"""

import json
import re
import unicodedata

from workshop.paths import REPOSITORY

VERSION = 2
"""Of the reading: a model fitted with another one gives other scores."""

_FILE = REPOSITORY / "src" / "core" / "text" / "confusables.json"
_LOOK_ALIKES: dict[str, str] = {
    one: letter for letter, alike in json.loads(_FILE.read_text(encoding="utf-8")).items() for one in alike
}
# Default_Ignorable_Code_Point, which `unicodedata` does not know; marks and format characters are dropped besides.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WHITE = frozenset("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}
_OUTSIDE = re.compile("[\U00010000-\U0010ffff]")
_ALPHABETS = (0x1F1E6, 0x1F150, 0x1F170)


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        read = self[code] = _read(chr(code))
        return read


def normalise(text: str) -> str:
    """The text as detectors read it, a UTF-16 unit a character: outside the basic plane it is two surrogates."""
    return _OUTSIDE.sub(_surrogates, re.sub(" +", " ", text.translate(_TABLE)))


def _surrogates(found: re.Match[str]) -> str:
    high, low = divmod(ord(found[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _read(char: str) -> str:
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF or char == "\ufffd":
        return "\ufffd"
    if 0xE0020 <= code <= 0xE007E:
        return _read(chr(code - 0xE0000))
    for first in _ALPHABETS:
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    if char in _LOOK_ALIKES:
        return _LOOK_ALIKES[char]
    plain = unicodedata.normalize("NFKD", _bare(unicodedata.normalize("NFKD", char)).upper().lower())
    spaced = "".join(" " if one in _WHITE else one for one in _bare(plain))
    folded = "".join(map(_sign, unicodedata.normalize("NFC", spaced)))
    return folded if folded == char else "".join(map(_read, folded))


def _bare(text: str) -> str:
    kept = _IGNORABLE.sub("", text)
    return "".join(one for one in kept if unicodedata.category(one)[0] != "M" and unicodedata.category(one) != "Cf")


def _sign(char: str) -> str:
    category = unicodedata.category(char)
    if char.isascii() or category[0] not in "PSZ":
        return char
    return "-" if category == "Pd" else '"' if category in ("Pi", "Pf") else ","


_TABLE = _Table()
