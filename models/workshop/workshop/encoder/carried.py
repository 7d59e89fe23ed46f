"""Sentences inside other text of their language: an attack seldom stands alone on a page."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence

from workshop.text_data import Row

LONGEST = 260
"""Characters of a sentence that is carried, and at most as many before and behind it together: one window."""
_SHORTEST_CARRIER = 120


def carried(rows: Sequence[Row], count: int, chance: random.Random) -> list[Row]:
    """`count` rows of each class, each between the end of one harmless text and the beginning of another.

    Harmless sentences are carried as well, so that a change of subject alone says nothing.
    """
    carriers: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.label == 0 and len(row.text) >= _SHORTEST_CARRIER:
            carriers[row.lang].append(row.text)
    found = []
    for label in (0, 1):
        short = [row for row in rows if row.label == label and len(row.text) <= LONGEST and carriers[row.lang]]
        found += [_between(row, carriers[row.lang], chance) for row in _drawn(short, count, chance)]
    return found


def _drawn(rows: Iterable[Row], count: int, chance: random.Random) -> list[Row]:
    """Every language as often as the others, as far as its rows go."""
    by_lang: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_lang[row.lang].append(row)
    share = count // max(1, len(by_lang))
    return [one for group in by_lang.values() for one in chance.sample(group, min(share, len(group)))]


def _between(row: Row, carriers: Sequence[str], chance: random.Random) -> Row:
    room = chance.randint(LONGEST // 4, LONGEST)
    before = chance.randint(0, room)
    parts = (_end(chance.choice(carriers), before), row.text, _beginning(chance.choice(carriers), room - before))
    gap = chance.choice((" ", " ", "\n"))
    text = gap.join(part for part in parts if part)
    return row._replace(text=text, kind="carried")


def _end(text: str, size: int) -> str:
    """At most `size` characters, from the beginning of a word."""
    return text[-size:].partition(" ")[2] if 0 < size < len(text) else text[:size]


def _beginning(text: str, size: int) -> str:
    return text[:size].rpartition(" ")[0] if size < len(text) else text
