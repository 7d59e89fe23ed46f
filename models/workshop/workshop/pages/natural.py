"""Ordinary text of other hands for the twins: rows of the data, apart for fitting and for measuring."""

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from workshop.text_data import Row, is_in_half, is_usable, parallel_rows, read

_SHORTEST, _LONGEST = 25, 420
_PER_LANGUAGE = 2500


class Natural:
    """Texts by language and kind, `article` or `comment`."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Rows of the kind `comment` are comments, all others articles."""
        self._texts: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in rows:
            text = " ".join(row.text.split())
            if _SHORTEST <= len(text) <= _LONGEST:
                self._texts[row.lang, "comment" if row.kind == "comment" else "article"].append(text)

    def text(self, lang: str, kind: str, chance: random.Random) -> str | None:
        """One of a kind, else an article's; None where there is none in this language."""
        found = self._texts.get((lang, kind)) or self._texts.get((lang, "article"))
        return chance.choice(found) if found else None

    def all(self) -> list[tuple[str, str]]:
        """Language and text of each article."""
        return [(lang, text) for (lang, kind), texts in self._texts.items() if kind == "article" for text in texts]


NOTHING = Natural([])
"""For pages made of this project's own sentences alone."""


def natural(data: Path, split: str) -> Natural:
    """What may be fitted on (`fit`: permissive, and program help), or what only measures (`test`)."""
    is_fit = split == "fit"
    name = "train" if is_fit else "dev"
    prose = [
        *parallel_rows(data, "packages", 2 * _PER_LANGUAGE, held_out=True),
        *parallel_rows(data, "help", _PER_LANGUAGE, held_out=True),
    ]
    rows = [row for row in prose if is_in_half(row) == is_fit]
    rows += [
        _row(found, "article") for found in read(data / name / "injection.jsonl.gz") if found.get("kind") in _PAGES
    ]
    rows += [
        _row(found, "article")
        for found in read(data / name / "category.jsonl.gz")
        if found["source"].startswith("openstax")
    ]
    rows += [_row(found, "comment") for found in read(data / name / "toxicity.jsonl.gz") if found["label"] == "clean"]
    if not is_fit:
        rows += [_row(found, "comment") for found in read(data / "dev" / "sentiment.jsonl.gz")]
        rows += [_row(found, "article") for found in read(data / "dev" / "ner.jsonl.gz")]
    return Natural(row for row in rows if not is_fit or row.source == "help" or is_usable(row))


_PAGES = ("page_text", "answer_text", "document")


def _row(found: dict[str, str], kind: str) -> Row:
    return Row(found["text"], 0, found.get("lang", "en"), found["source"], found.get("license", ""), kind)
