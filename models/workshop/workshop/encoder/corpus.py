"""What the student reads: sentences with the English that the teacher would read in their place."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from workshop.text_data import SUITES, is_permissive, read

LANGUAGES = ("de", "es", "fr", "it")
_MAX_CHARS = 400
_MONOLINGUAL = ("injection", "toxicity", "category", "intent", "sentiment")


class Pair(NamedTuple):
    """English, and the same in `lang`; equal for a text that is English already."""

    en: str
    text: str
    lang: str


def is_held_out(english: str) -> bool:
    """One English sentence in a hundred, with all its translations, is kept for measuring."""
    return int.from_bytes(hashlib.sha256(b"student" + english.encode()).digest()[:4], "big") % 100 == 0


def pairs(data: Path) -> tuple[list[Pair], list[Pair]]:
    """Translated pairs to fit and held-out ones, each once."""
    found: dict[Pair, None] = {}
    for row in read(data / "parallel.jsonl.gz"):
        pair = Pair(row["en"].strip(), row["text"].strip(), row["lang"])
        if pair.en and pair.text and max(len(pair.en), len(pair.text)) <= _MAX_CHARS:
            found[pair] = None
    fit = [pair for pair in found if not is_held_out(pair.en)]
    held = [pair for pair in found if is_held_out(pair.en)]
    return fit, held


def english(data: Path) -> list[Pair]:
    """Permissive English rows of the other sets, so that the student also hears chat, comments and questions."""
    found = {text[:_MAX_CHARS]: None for text in _texts(data, ("en",))}
    return [Pair(text, text, "en") for text in found if not is_held_out(text)]


def vocabulary_texts(data: Path, fit: Iterable[Pair]) -> list[str]:
    """What word pieces are counted in: both sides of the pairs, and permissive rows in every language."""
    by_lang: dict[str, dict[str, None]] = defaultdict(dict)
    for pair in fit:
        by_lang["en"][pair.en] = None
        by_lang[pair.lang][pair.text] = None
    for text in _texts(data, ("en", *LANGUAGES)):
        by_lang["other"][text[:_MAX_CHARS]] = None
    return [text for texts in by_lang.values() for text in texts]


def _texts(data: Path, langs: tuple[str, ...]) -> Iterable[str]:
    for name in _MONOLINGUAL:
        for row in read(data / "train" / f"{name}.jsonl.gz"):
            is_usable = row["source"] not in SUITES and is_permissive(row.get("license", ""))
            if is_usable and row.get("lang", "en") in langs and row["text"].strip():
                yield row["text"].strip()
