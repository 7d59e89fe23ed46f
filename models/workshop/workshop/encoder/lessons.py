"""What the encoder's heads are fitted on: the rows of the linear heads, one text once, with all that is known of it."""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workshop.augment import augmented
from workshop.encoder.carried import carried
from workshop.encoder.pii import Sentence, Span, sentences
from workshop.heads import HEADS, Head
from workshop.text_data import Row, fit_rows, is_permissive, read

SIZES: Mapping[str, int] = {
    "injection": 22_000,
    "toxicity": 28_000,
    "hate": 10_000,
    "offensive": 8000,
    "sentiment": 14_000,
    "topic": 22_000,
    "intent": 8000,
}
"""Rows drawn of each head for one pass; the classes of a head in equal parts as far as they go."""
CARRIED = 4000
"""Attacks, and as many harmless sentences, that stand inside other text."""
BENT = 3
"""Further copies of each attack that is no sentence of ours, bent by chance: there are so few."""
PII_PER_LANGUAGE = 5000
NER_ROWS = 6000
_NER_TYPES = {"PERSON": "PERSON", "ORGANIZATION": "ORGANIZATION", "LOC": "GPE"}
NAMES = frozenset(_NER_TYPES.values())
"""The types that real sentences mark."""


class Lesson(NamedTuple):
    """A text, and the answers that are known of it: a class number a head, and where its personal data lies."""

    text: str
    answers: Mapping[str, int]
    spans: tuple[Span, ...] | None
    lang: str
    source: str
    has_names_alone: bool = False
    """Persons, organisations and places are marked in it, and no other type: what else is there, is unknown."""


def lessons(data: Path, seed: int, share: float = 1.0) -> list[Lesson]:
    """One pass over the fitting rows, of `share` of its usual size, drawn anew by each seed."""
    chance = random.Random(seed)
    answers: dict[str, dict[str, int]] = defaultdict(dict)
    chosen: dict[str, Row] = {}
    for head in HEADS:
        rows = fit_rows(data, head)
        for row in rows:
            answers[row.text][head.task] = row.label
        drawn = drawn_rows(head, rows, seed, share, chance)
        for row in drawn:
            answers[row.text][head.task] = row.label
        chosen |= {row.text: row for row in drawn}
    taught = [Lesson(text, answers[text], None, row.lang, row.source) for text, row in chosen.items()]
    spelt = sentences("fit", round(PII_PER_LANGUAGE * share), seed)
    named = named_entities(data, share, chance)
    return [
        *taught,
        *(Lesson(one.text, {}, one.spans, one.lang, one.source) for one in spelt),
        *(Lesson(one.text, {}, one.spans, one.lang, one.source, has_names_alone=True) for one in named),
    ]


def drawn_rows(head: Head, rows: Sequence[Row], seed: int, share: float, chance: random.Random) -> list[Row]:
    """What one head is shown in a pass: some of its rows, and where its attacks are few more copies of these."""
    drawn = balanced(rows, round(SIZES[head.task] * share), chance)
    return [*drawn, *carried(rows, round(CARRIED * share), chance), *_bent(rows, seed)] if head.augments else drawn


def _bent(rows: Sequence[Row], seed: int) -> list[Row]:
    found = [row for row in rows if row.label == 1 and not row.kind.startswith("augmented")]
    real = [row for row in found if not row.source.startswith("wardlight")]
    return [one for turn in range(BENT) for one in augmented(real, seed * BENT + turn)]


def named_entities(data: Path, share: float, chance: random.Random) -> list[Sentence]:
    """Real sentences under permissive licences in which persons, organisations and places are marked."""
    usable = [row for row in read(data / "train" / "ner.jsonl.gz") if is_permissive(row.get("license", ""))]
    return _sentences(chance.sample(usable, min(len(usable), round(NER_ROWS * share))))


def marked(data: Path, split: str, count: int) -> list[Sentence]:
    """So many real sentences of any licence: they measure."""
    rows = list(read(data / split / "ner.jsonl.gz"))
    return _sentences(random.Random(4).sample(rows, min(len(rows), count)))


def _sentences(rows: Iterable[Mapping[str, Any]]) -> list[Sentence]:
    return [Sentence(row["text"], _spans(row["spans"]), row["lang"], row["source"]) for row in rows]


def _spans(found: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    return tuple(Span(one["start"], one["end"], _NER_TYPES[one["type"]]) for one in found if one["type"] in _NER_TYPES)


def _groups(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> list[list[Row]]:
    found: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return list(found.values())


def balanced(rows: Sequence[Row], size: int, chance: random.Random) -> list[Row]:
    """At most `size` rows: classes in equal shares until one is used up, and sources within a class likewise."""
    return _in_turn([_in_turn_of_sources(group, chance) for group in _groups(rows, lambda row: row.label)], size)


def _in_turn_of_sources(rows: Iterable[Row], chance: random.Random) -> list[Row]:
    groups = _groups(rows, lambda row: (row.source, row.lang))
    for group in groups:
        chance.shuffle(group)
    return _in_turn(groups, sum(map(len, groups)))


def _in_turn(groups: Sequence[Sequence[Row]], size: int) -> list[Row]:
    longest = max(map(len, groups), default=0)
    turns = (group[at] for at in range(longest) for group in groups if at < len(group))
    return [row for row, _ in zip(turns, range(size), strict=False)]
