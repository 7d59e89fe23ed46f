"""How a text becomes what the encoder reads: tokens with their places and shapes, and windows over them.

`src/core/text/wordpiece.ts`, `shape.ts` and `encoder.ts` do the same.
"""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

WINDOW = 126
"""Tokens that are read at once, between [CLS] and [SEP]."""
OVERLAP = 32
"""Tokens that two neighbouring windows share."""
SHAPES = 7


class Token(NamedTuple):
    """A piece of a word: characters from `start` until `end`, the case of what stands there, the number of its word."""

    id: int
    start: int
    end: int
    shape: int
    word: int


def shape_of(text: str) -> int:
    """Its case, which the lower-cased pieces do not tell.

    0 neither letter nor digit, 1 lower (or without case), 2 Initial, 3 ALL CAPITALS (two at least), 4 mIxed,
    5 digits alone, 6 letters and digits.
    """
    kinds = [unicodedata.category(char) for char in text]
    letters = [kind for kind in kinds if kind[0] == "L"]
    has_digits = "Nd" in kinds
    if not letters or has_digits:
        return (6 if letters else 5) if has_digits else 0
    upper = [kind in ("Lu", "Lt") for kind in letters]
    if not any(upper):
        return 1
    if len(upper) > 1 and all(upper):
        return 3
    return 2 if upper[0] and not any(upper[1:]) else 4


def tokens_of(tokenizer: Tokenizer, text: str) -> list[Token]:
    """Without [CLS] and [SEP]; such names in the text itself are words like others."""
    tokenizer.encode_special_tokens = True
    read = tokenizer.encode(text, add_special_tokens=False)
    places = zip(read.ids, read.offsets, read.word_ids, strict=True)
    return [Token(i, start, end, shape_of(text[start:end]), word) for i, (start, end), word in places]


def windows(count: int) -> list[range]:
    """Places of the tokens of each window; together they cover `count` tokens. No token, no window."""
    step = WINDOW - OVERLAP
    starts = range(0, max(1, count - OVERLAP), step) if count else ()
    return [range(start, min(start + WINDOW, count)) for start in starts]


def framed(tokenizer: Tokenizer, tokens: Sequence[Token]) -> tuple[list[int], list[int]]:
    """Ids and shapes of one window, between [CLS] and [SEP]."""
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return [first, *(token.id for token in tokens), last], [0, *(token.shape for token in tokens), 0]
