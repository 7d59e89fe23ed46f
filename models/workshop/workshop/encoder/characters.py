"""What BERT's normaliser and pre-tokeniser make of each character, as `tokenizers` has it.

Browsers know newer editions of Unicode than that library, each its own: a table keeps the pieces equal everywhere.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import models

from workshop.encoder.vocabulary import plain_tokenizer
from workshop.paths import REPOSITORY

TABLE = REPOSITORY / "src" / "core" / "text" / "characters.json"
_KINDS = {"a|b": "spaces", "ab": "removed"}


def _ranges(codes: Iterable[int]) -> str:
    """`first-last` in hexadecimal, ascending, a space between."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return " ".join(f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in runs)


def table_text() -> str:
    """The code points that end words (`spaces`), are words alone (`apart`) or are passed over (`removed`)."""
    tokenizer = plain_tokenizer(models.WordPiece(unk_token="[UNK]"))
    kinds: dict[str, list[int]] = {"spaces": [], "apart": [], "removed": []}
    for code in range(0x110000):
        if 0xD800 <= code <= 0xDFFF:
            kinds["removed"].append(code)
            continue
        words = tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(f"a{chr(code)}b"))
        parts = [word for word, _ in words]
        kind = "apart" if len(parts) == 3 else _KINDS.get("|".join(parts))
        if kind:
            kinds[kind].append(code)
    return json.dumps({kind: _ranges(codes) for kind, codes in kinds.items()}, indent=2) + "\n"


def characters(target: Path = TABLE) -> None:
    """Write the table."""
    target.write_text(table_text(), encoding="utf-8")
