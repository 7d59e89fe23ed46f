"""Sentences with personal data for the token head: templates and values of this project, in five languages.

The values of `fit` and `unseen` in `templates/pii_values.json` are disjoint, and so are their sentences. Numbers carry
right check digits where the standard has them. Nobody real is meant.
"""

import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from workshop.encoder.pii_values import Values
from workshop.templates import templates

TYPES = (
    *("AGE", "CREDIT_CARD", "DATE_TIME", "DOMAIN_NAME", "EMAIL_ADDRESS", "GPE", "IBAN_CODE", "IP_ADDRESS", "NRP"),
    *("ORGANIZATION", "PERSON", "PHONE_NUMBER", "STREET_ADDRESS", "TITLE", "US_DRIVER_LICENSE", "US_SSN", "ZIP_CODE"),
)
LABELS = ("O", *(f"{mark}-{name}" for name in TYPES for mark in "BI"))
"""What the token head says of a token, in its order: outside, then begin and inside of each type."""

_MARK = re.compile(r"<([A-Z_]+)>")
_CHOICE = re.compile(r"\{([^{}]*)\}")


class Span(NamedTuple):
    """Characters from `start` until `end`, of a type."""

    start: int
    end: int
    type: str


class Sentence(NamedTuple):
    """A text and where its personal data lies."""

    text: str
    spans: tuple[Span, ...]
    lang: str
    source: str


def sentences(half: str, per_lang: int, seed: int) -> list[Sentence]:
    """Different sentences of `fit` or `unseen`, `per_lang` at most."""
    found: dict[Sentence, None] = {}
    for lang in templates("pii")[half]:
        found |= dict.fromkeys(_drawn(half, lang, per_lang, seed))
    return list(found)


def _drawn(half: str, lang: str, count: int, seed: int) -> Iterator[Sentence]:
    lines, chance = templates("pii")[half][lang], random.Random(f"{seed} {half} {lang}")
    values = Values(templates("pii_values")[half][lang], lang, chance, varied=half == "fit")
    for i in range(count):
        drawn = _sentence(lines[i % len(lines)], values, lang, chance)
        if half == "fit":
            drawn = _varied(drawn, lambda: _sentence(chance.choice(lines), values, lang, chance), chance)
        yield drawn


def _sentence(template: str, values: Values, lang: str, chance: random.Random) -> Sentence:
    while choice := _CHOICE.search(template):
        template = template[: choice.start()] + chance.choice(choice[1].split("|")) + template[choice.end() :]
    text, spans, at = "", [], 0
    for mark in _MARK.finditer(template):
        text += template[at : mark.start()]
        value = values.of(mark[1])
        spans.append(Span(len(text), len(text) + len(value), mark[1]))
        text, at = text + value, mark.end()
    return _recased(Sentence(text + template[at:], tuple(spans), lang, "wardlight:pii"), chance)


def _recased(sentence: Sentence, chance: random.Random) -> Sentence:
    """One in seven as people type: without capitals, or in nothing else."""
    dice = chance.random()
    recase = str.lower if dice < 0.1 else str.upper if dice < 0.14 else str
    text = "".join(letter if len(recase(letter)) != 1 else recase(letter) for letter in sentence.text)
    return sentence._replace(text=text)


def _varied(sentence: Sentence, another: Callable[[], Sentence], chance: random.Random) -> Sentence:
    """Three in ten otherwise set: without the final stop, in quotes, or with another sentence after it."""
    (text, spans, _, _), dice = sentence, chance.random()
    if dice < 0.1 and text.endswith(".") and (not spans or spans[-1].end < len(text)):
        return sentence._replace(text=text[:-1])
    if 0.1 <= dice < 0.14:
        return sentence._replace(text=f'"{text}"', spans=_moved(spans, 1))
    if 0.14 <= dice < 0.3:
        second, gap = another(), chance.choice((" ", " ", "\n", " / "))
        return sentence._replace(
            text=text + gap + second.text, spans=(*spans, *_moved(second.spans, len(text) + len(gap)))
        )
    return sentence


def _moved(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(Span(start + by, end + by, name) for start, end, name in spans)
