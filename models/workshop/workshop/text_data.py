"""What the linear heads are fitted and measured on. Pure but for reading the data folder."""

import gzip
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from workshop.augment import augmented
from workshop.errors import WorkshopError
from workshop.heads import BINARY, Head
from workshop.templates import spoken, templates

SUITES = frozenset(
    {"xsid", "hwu64", "tensortrust_extraction", "piguard_valid", "xstest", "hatecheck", "surge_toxicity"}
)
"""Sources that are evaluation suites: never fitted on, in any form."""

_PERMISSIVE = re.compile(r"(MIT|Apache-2\.0|BSD|CC0|CC-BY-\d|CC-BY-SA|public domain)", re.IGNORECASE)
_DOUBTFUL = re.compile(r"-NC|GPL|terms|unstated|not (?:verified|checked|stated)|research|mixed", re.IGNORECASE)


class Row(NamedTuple):
    """A text and its class, a number in the head's order; where it comes from and under which licence."""

    text: str
    label: int
    lang: str
    source: str
    license: str
    kind: str


def is_permissive(license_name: str) -> bool:
    """Whether a model that ships may be fitted on rows under this licence."""
    return _PERMISSIVE.match(license_name) is not None and _DOUBTFUL.search(license_name) is None


def is_usable(row: Row, exceptions: Iterable[str] = ()) -> bool:
    """Whether a head may be fitted on a row; `exceptions` are sources that its card names and justifies."""
    return row.source not in SUITES and (is_permissive(row.license) or row.source in exceptions)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a gzip JSONL file; raises WorkshopError where it is absent."""
    if not path.exists():
        raise WorkshopError(f"No {path.name} in {path.parent}: the linear heads need it; name the data by --data.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _row(found: dict[str, Any], label: int) -> Row:
    kind = found.get("kind") or ""
    return Row(found["text"], label, found.get("lang", "en"), found["source"], found.get("license", ""), kind)


def labelled(path: Path, head: Head) -> list[Row]:
    """The rows of a file that say something of the head's question."""
    labels = ((found, head.label_of(found)) for found in read(path))
    return [_row(found, label) for found, label in labels if label is not None]


def task_rows(data: Path, head: Head, split: str) -> list[Row]:
    """The head's own file: `train`, `dev`."""
    return labelled(data / split / f"{head.file}.jsonl.gz", head)


def is_held_out(english: str) -> bool:
    """One English paragraph in five, with all its translations, is kept for measuring."""
    return hashlib.sha256(english.encode()).digest()[0] % 5 == 0


def parallel_rows(data: Path, source: str, per_lang: int, *, held_out: bool) -> list[Row]:
    """Both sides of translated pairs: technical prose full of `ignore`, `override` and `instructions`."""
    sides: dict[str, dict[str, str]] = {}
    for row in read(data / "parallel.jsonl.gz"):
        if row["source"] == source and is_held_out(row["en"]) == held_out:
            sides.setdefault(row["lang"], {})[row["text"]] = row.get("license", "")
            sides.setdefault("en", {})[row["en"]] = row.get("license", "")
    return [
        Row(text, 0, lang, source, texts[text], "page")
        for lang, texts in sorted(sides.items())
        for text in random.Random(f"{lang} {source}").sample(sorted(texts), min(per_lang, len(texts)))
    ]


_HARMLESS_SIZES = {"injection": 30_000, "toxicity": 8000, "category": 5000, "intent": 6000, "ner": 3000}
_IS_HARMLESS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "injection": lambda row: row["label"] == "benign",
    "toxicity": lambda row: row["label"] in ("clean", "not_hate"),
}


def _any(_: dict[str, Any]) -> bool:
    return True


def harmless_rows(data: Path, but: str, split: str = "train") -> list[Row]:
    """Permissive rows of the other sets: harmless in the eyes of the head of the file `but`.

    An insult is no instruction to a machine, so that for `injection` comments of every kind are harmless.
    """
    drawn = []
    for name, size in _HARMLESS_SIZES.items():
        keeps = _IS_HARMLESS.get(name, _any) if but != "injection" else _any
        rows = [_row(row, 0) for row in read(data / split / f"{name}.jsonl.gz") if name != but and keeps(row)]
        rows = [row._replace(kind=name) for row in rows if is_usable(row)]
        drawn += random.Random(f"{name} {split}").sample(rows, min(size, len(rows)))
    return drawn


def spoken_rows(name: str, labels: dict[str, int], count: int, seed: int = 42) -> list[Row]:
    """`count` sentences of this project per kind and language; `labels` says which class each kind is."""
    return [
        Row(text, labels[kind], lang, f"wardlight:{name}", "Apache-2.0", kind)
        for kind, languages in templates(name).items()
        if kind in labels
        for lang, lines in languages.items()
        for text in spoken(lines, count, seed)
    ]


def _with_answers(data: Path, head: Head, own: Iterable[Row]) -> list[Row]:
    """Quiz questions once more, together with the answers that they offer: these are of the same subject."""
    offered = {
        row["text"]: " ".join(row.get("options") or ()) for row in read(data / "train" / f"{head.file}.jsonl.gz")
    }
    return [row._replace(text=f"{row.text} {offered[row.text]}", kind="answers") for row in own if offered[row.text]]


def fit_rows(data: Path, head: Head) -> list[Row]:
    """All that a shipped head is fitted on: its own usable rows; for a threat also harmless text of every kind."""
    own = [row for row in task_rows(data, head, "train") if is_usable(row, head.exceptions)]
    generated = spoken_rows(head.templates, head.template_labels, head.spoken) if head.templates else []
    if head.classes != BINARY:
        return [*own, *_with_answers(data, head, own), *generated]
    attacks = [row for row in [*own, *generated] if row.label == 1] if head.augments else []
    return [
        *own,
        *generated,
        *augmented(attacks, seed=42),
        *harmless_rows(data, head.file),
        *parallel_rows(data, "help", 6000, held_out=False),
    ]


def unfitted_rows(data: Path, head: Head) -> list[Row]:
    """Rows of the training file that no shipped head may be fitted on: they measure."""
    return [row for row in task_rows(data, head, "train") if not is_usable(row, head.exceptions)]


def page_rows(data: Path) -> list[Row]:
    """Harmless page text in five languages, none of it fitted on.

    Encyclopaedia sentences (their licence forbids to fit on them, not to look at them), package descriptions, program
    help, and textbook pages of the development split.
    """
    encyclopaedia = [
        _row(row, 0)
        for name in ("injection", "ner")
        for row in read(data / "train" / f"{name}.jsonl.gz")
        if row["source"] == "wikineural"
    ]
    textbooks = [_row(row, 0) for row in read(data / "dev" / "category.jsonl.gz")]
    found = [
        *encyclopaedia,
        *parallel_rows(data, "packages", 4000, held_out=True),
        *parallel_rows(data, "help", 1500, held_out=True),
        *textbooks,
    ]
    return list({row.text: row for row in found}.values())


def is_in_half(row: Row) -> bool:
    """Whether a text helps to set a threshold; the others confirm it."""
    return hashlib.sha256(f"half {row.text}".encode()).digest()[0] % 2 == 0
