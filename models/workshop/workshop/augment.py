"""Copies of a text as an attacker may bend it; the normaliser undoes some of them, the model must bear the others."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from workshop.templates import templates

if TYPE_CHECKING:
    from workshop.text_data import Row

RATE = 0.1
"""Share of the words that is changed, dropped or doubled."""

_LEET = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "4", "s": "5", "t": "7"})
_HOMOGLYPHS = str.maketrans("aceopxyi", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456")


def _some(words: list[str], chance: random.Random) -> list[int]:
    return [i for i in range(len(words)) if chance.random() < RATE]


def synonym(text: str, chance: random.Random) -> str:
    """Words of the table, each for another of its line."""
    others = {
        word: line for lines in templates("synonyms")["synonyms"].values() for line in lines for word in line.split("|")
    }
    return " ".join(
        chance.choice(others[word.lower()].split("|")) if word.lower() in others else word for word in text.split(" ")
    )


def deletion(text: str, chance: random.Random) -> str:
    """One word in ten is left out."""
    words = text.split(" ")
    dropped = set(_some(words, chance))
    return " ".join(word for i, word in enumerate(words) if i not in dropped) or text


def insertion(text: str, chance: random.Random) -> str:
    """One word in ten comes twice, the second time elsewhere."""
    words = text.split(" ")
    for i in _some(words, chance):
        words.insert(chance.randrange(len(words) + 1), words[i])
    return " ".join(words)


def swap(text: str, chance: random.Random) -> str:
    """One word in ten changes places with its neighbour."""
    words = text.split(" ")
    for i in _some(words, chance):
        other = min(i + 1, len(words) - 1)
        words[i], words[other] = words[other], words[i]
    return " ".join(words)


def case(text: str, chance: random.Random) -> str:
    """Letters of random case."""
    return "".join(chance.choice((char.lower(), char.upper())) for char in text)


def space(text: str, chance: random.Random) -> str:
    """A space in the middle of one word in ten."""
    words = text.split(" ")
    for i in _some(words, chance):
        cut = len(words[i]) // 2
        words[i] = f"{words[i][:cut]} {words[i][cut:]}"
    return " ".join(words)


def leet(text: str, chance: random.Random) -> str:
    """Digits for letters, in one word of two."""
    return " ".join(word.lower().translate(_LEET) if chance.random() < 0.5 else word for word in text.split(" "))


def zero_width(text: str, chance: random.Random) -> str:
    """Invisible characters between letters."""
    return "".join(char + ("\u200b" if chance.random() < 0.3 else "") for char in text)


def homoglyph(text: str, chance: random.Random) -> str:
    """Cyrillic letters that look Latin."""
    return "".join(char.translate(_HOMOGLYPHS) if chance.random() < 0.5 else char for char in text)


KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    *(synonym, deletion, insertion, swap, case),
    *(space, leet, zero_width, homoglyph),
)


def augmented(rows: "list[Row]", seed: int) -> "list[Row]":
    """One bent copy of each row, the ways taken in turn."""
    chance = random.Random(seed)
    ways = [KINDS[i % len(KINDS)] for i in range(len(rows))]
    return [
        row._replace(text=way(row.text, chance), kind=f"augmented:{way.__name__}")
        for row, way in zip(rows, ways, strict=True)
    ]
