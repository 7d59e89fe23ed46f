"""How many of the entities are found whole: generated sentences of unseen templates and values, and real ones."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workshop.encoder.dev import entity_f1
from workshop.encoder.judge import Judge
from workshop.encoder.lessons import marked
from workshop.encoder.pii import Sentence, Span, sentences

PER_LANGUAGE = 300
_NER = {"PERSON", "ORGANIZATION", "GPE"}


def entity_figures(judge: Judge, data: Path) -> dict[str, Any]:
    """F1 of whole entities, by language and by type; and of the three types that the real sentences mark."""
    unseen = sentences("unseen", PER_LANGUAGE, 2)
    real = marked(data, "dev", PER_LANGUAGE * 5)
    said = judge.says([one.text for one in unseen]).entities
    real_said = [
        {one for one in found if one.type in _NER} for found in judge.says([one.text for one in real]).entities
    ]
    return {
        "unseen": _by_language(unseen, said),
        "byType": _by_type(unseen, said),
        "ner": _by_language(real, real_said),
    }


def _by_language(rows: Sequence[Sentence], said: Sequence[set[Span]]) -> dict[str, float]:
    found: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(rows):
        found["all"].append(at)
        found[one.lang].append(at)
    return {
        lang: round(entity_f1([said[at] for at in places], [set(rows[at].spans) for at in places]), 4)
        for lang, places in found.items()
    }


def _by_type(rows: Sequence[Sentence], said: Sequence[set[Span]]) -> dict[str, float]:
    types = sorted({span.type for one in rows for span in one.spans})
    return {
        type_: round(
            entity_f1(
                [{one for one in found if one.type == type_} for found in said],
                [{span for span in one.spans if span.type == type_} for one in rows],
            ),
            4,
        )
        for type_ in types
    }
