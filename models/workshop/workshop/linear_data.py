"""What the linear model is fitted and measured on. Pure but for reading the data folder."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from workshop.errors import WorkshopError
from workshop.linear_phrases import ATTACKS, HARMLESS, spoken

SUITES = frozenset(
    {"xsid", "hwu64", "tensortrust_extraction", "piguard_valid", "xstest", "hatecheck", "surge_toxicity"}
)
"""Sources that are evaluation suites: never fitted on, in any form."""

_PERMISSIVE = re.compile(r"(MIT|Apache-2\.0|BSD|CC0|CC-BY-\d|CC-BY-SA|public domain)", re.IGNORECASE)
_DOUBTFUL = re.compile(r"-NC|GPL|terms|unstated|not (?:verified|checked|stated)|research|mixed", re.IGNORECASE)


class Example(NamedTuple):
    """A text, whether it is an attack, and where it comes from."""

    text: str
    is_attack: bool
    lang: str
    source: str
    kind: str


def is_permissive(license_name: str) -> bool:
    """Whether a model that ships may be fitted on rows under this licence."""
    return _PERMISSIVE.match(license_name) is not None and _DOUBTFUL.search(license_name) is None


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzip JSONL file; raises WorkshopError where it is absent."""
    if not path.exists():
        raise WorkshopError(f"No {path.name} in {path.parent}: the linear model needs it; name the data by --data.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _example(row: dict[str, Any]) -> Example:
    return Example(row["text"], row["label"] == "attack", row["lang"], row["source"], row.get("kind") or "")


def injection(path: Path, *, label_in: Iterable[str] = ("attack", "benign")) -> list[tuple[Example, str]]:
    """Examples of an injection file with their licences; `harmful_request` only where asked for."""
    wanted = frozenset(label_in)
    return [(_example(row), row.get("license", "")) for row in rows(path) if row["label"] in wanted]


def is_usable(source: str, license_name: str) -> bool:
    """Whether the shipped model may be fitted on a row."""
    return source not in SUITES and is_permissive(license_name)


def fit_rows(data: Path) -> list[Example]:
    """The usable rows of the injection set."""
    found = injection(data / "train" / "injection.jsonl.gz")
    return [example for example, license_name in found if is_usable(example.source, license_name)]


SIZES = {"toxicity": 4000, "category": 2500, "intent": 2500, "ner": 1500}
"""Rows drawn from the harmless side of the other sets."""


def harmless_rows(data: Path, split: str = "train", sizes: dict[str, int] = SIZES) -> list[Example]:
    """Permissive rows of other sets in which nobody instructs a machine."""
    drawn = []
    for name, size in sizes.items():
        found = [
            Example(row["text"], False, row.get("lang", "en"), row["source"], name)
            for row in rows(data / split / f"{name}.jsonl.gz")
            if row["source"] not in SUITES
            and is_permissive(row.get("license", ""))
            and (name != "toxicity" or row["label"] in ("clean", "not_hate"))
        ]
        drawn += random.Random(f"{name} {split}").sample(found, min(size, len(found)))
    return drawn


def is_held_out(english: str) -> bool:
    """One English paragraph in five, with all its translations, is kept for measuring."""
    return hashlib.sha256(english.encode()).digest()[0] % 5 == 0


def parallel_rows(data: Path, source: str, per_lang: int, *, held_out: bool) -> list[Example]:
    """Both sides of translated pairs: technical prose full of `ignore`, `override` and `instructions`."""
    sides: dict[str, set[str]] = {}
    for row in rows(data / "parallel.jsonl.gz"):
        if row["source"] == source and is_held_out(row["en"]) == held_out:
            sides.setdefault(row["lang"], set()).add(row["text"])
            sides.setdefault("en", set()).add(row["en"])
    return [
        Example(text, False, lang, source, "parallel")
        for lang, texts in sorted(sides.items())
        for text in random.Random(f"{lang} {source}").sample(sorted(texts), min(per_lang, len(texts)))
    ]


def phrase_rows(attacks: int, twins: int) -> list[Example]:
    """The sentences of this project: per language so many attacks and harmless twins."""
    return [
        Example(text, table is ATTACKS, lang, "wardlight", "phrase")
        for table, count in ((ATTACKS, attacks), (HARMLESS, twins))
        for lang, lines in table.items()
        for text in spoken(lines, count, seed=42)
    ]


def hidden_rows(examples: list[Example], pages: list[Example], seed: int = 42) -> list[Example]:
    """Each attack of `examples` inside a harmless text of `pages`, at a random break between sentences."""
    chance = random.Random(seed)
    by_lang = {lang: [page for page in pages if page.lang == lang] for lang in {page.lang for page in pages}}
    hidden = []
    for attack in examples:
        page = chance.choice(by_lang.get(attack.lang) or pages).text
        breaks = [0, *(match.end() for match in re.finditer(r"[.!?]\s", page)), len(page)]
        at = chance.choice(breaks)
        text = f"{page[:at].rstrip()} {attack.text} {page[at:].lstrip()}".strip()
        hidden.append(attack._replace(text=text, kind="hidden"))
    return hidden
