"""Cards of the linear heads: tables and curves drawn from `figures.json`, words from `templates/cards.json`."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from workshop.heads import BINARY, HEADS, Head
from workshop.linear_plot import curves
from workshop.linear_tables import table, tables
from workshop.paths import MODELS, shown
from workshop.templates import templates
from workshop.text_data import fit_rows, is_permissive

Figures = dict[str, Any]
_CURVES = {
    True: "Receiver operating characteristic, precision by recall, calibration and learning",
    False: "Calibration and learning",
}


def cards(data: Path) -> None:
    """Write MODEL_CARD.md and curves.svg of every head from the figures that `linear` left beside it."""
    for head in HEADS:
        folder = MODELS / head.id
        figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
        (folder / "curves.svg").write_text(curves(figures), encoding="utf-8", newline="\n")
        (folder / "MODEL_CARD.md").write_text(_card(head, folder, figures, data), encoding="utf-8", newline="\n")
        print(shown(folder / "MODEL_CARD.md"))


def _card(head: Head, folder: Path, figures: Figures, data: Path) -> str:
    content = (folder / "head.bin").read_bytes()
    words = templates("cards")[head.task]
    parts = [
        f"# {head.id} {head.version}",
        words["what"],
        "## What it is",
        _reading(head, len(content)),
        f"`head.bin`: {len(content):,} bytes, SHA-256 `{hashlib.sha256(content).hexdigest()}`; calibration and threshold in "
        "the catalogue. `reference.json`: golden vectors, to be reproduced to 1e-6.",
        "## Data",
        words["data"],
        _sources(head, data),
        "## Figures",
        f"`npm run workshop -- linear {head.task}` fits, measures and writes `figures.json`, which holds more than is shown "
        "here. Rows of development are of the same sources as those fitted on, and so optimistic; **left out** means a "
        "model that has seen no row of that family of sources.",
        tables(head, figures),
        f"![{_CURVES[head.classes == BINARY]}](curves.svg)",
        "## Beside the reference",
        words["reference"],
        "## Limits",
        words["limits"],
    ]
    return "\n\n".join(parts) + "\n"


def _reading(head: Head, size: int) -> str:
    grams = {0: "no words", 1: "words", 2: "words and pairs of words"}[head.words]
    orders = "".join(f", character {n}-grams" for n in head.characters)
    kept = f", of which the {head.places:,} best by F value keep their weights" if head.places else ""
    outputs = "one output" if head.classes == BINARY else f"{len(head.classes)} outputs"
    return (
        f"Logistic regression (l2, C {head.c:g}{', balanced' if head.balanced else ''}) over hashed n-grams: {grams}{orders}; "
        f"{1 << head.bits:,} places{kept}; presence alone counts, the vector has unit length; {outputs}, weights in 8 bits. "
        "Texts are normalised (look-alikes, marks, case, invisible characters: `text_normalise.py`) and read in chunks of "
        f"512 characters; {'the worst chunk counts' if head.classes == BINARY else 'the chunks are averaged'}. "
        f"Fitted from nothing; no pre-trained part. {size / 1024:.0f} KiB."
    )


def _sources(head: Head, data: Path) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for row in fit_rows(data, head):
        kind = "augmented attacks" if row.kind.startswith("augmented") else row.source.split(":")[0]
        counts[kind, row.license.split(";")[0][:40] or "see the data card"] += 1
    common = [(name, licence, count) for (name, licence), count in counts.most_common(28)]
    rest = sum(counts.values()) - sum(count for _, _, count in common)
    lines = table(("source", "licence", "rows"), [[name, licence, f"{count:,}"] for name, licence, count in common])
    doubtful = sum(count for (_, licence), count in counts.items() if not is_permissive(licence))
    return f"{lines}\n\nAnd {rest:,} rows of smaller ones. {doubtful:,} of all rows are not under a permissive licence."
