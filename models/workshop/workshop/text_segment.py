"""Texts in overlapping chunks of whole sentences, as `src/core/text/segment.ts` cuts them."""

import re
from itertools import pairwise

MAX_CHARS = 512
"""Of a chunk; about 128 tokens of an encoder."""
OVERLAP = 128
"""Of two neighbours, at most; a sentence longer than this may be cut between words."""

_SENTENCE_END = re.compile("[.!?;:\u2026\u3002\uff01\uff1f\u061f\u0964]+[\"')\\]]*[ \t]+|\n+")


def boundaries(text: str) -> list[int]:
    """Where a chunk may begin or end, ascending, 0 and the length among them; at most OVERLAP apart."""
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    found = [0]
    for start, end in pairwise(ends):
        at = start
        while end - at > OVERLAP:
            at = _word_break(text, at)
            found.append(at)
        if end > found[-1]:
            found.append(end)
    return found


def _word_break(text: str, start: int) -> int:
    """After the last space within reach; else in the middle of a word, but never inside a surrogate pair."""
    space = text.rfind(" ", start + 1, start + OVERLAP)
    if space > start:
        return space + 1
    cut = start + OVERLAP
    return cut - 1 if "\udc00" <= text[cut] <= "\udfff" and not "\udc00" <= text[cut - 1] <= "\udfff" else cut


def segment(text: str) -> list[tuple[int, int]]:
    """Start and end of each chunk; together they cover the text, and an empty text has one."""
    found = boundaries(text)
    chunks = []
    first = 0
    while True:
        last = first
        while last + 1 < len(found) and (last == first or found[last + 1] - found[first] <= MAX_CHARS):
            last += 1
        chunks.append((found[first], found[last]))
        if last + 1 >= len(found):
            return chunks
        following = last
        while following - 1 > first and found[last] - found[following - 1] <= OVERLAP:
            following -= 1
        first = following
