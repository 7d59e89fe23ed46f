"""Cards of the linear heads: tables and curves drawn from `figures.json`, words from `templates/cards.json`."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from workshop.heads import BINARY, HEADS, Head
from workshop.paths import MODELS, shown
from workshop.templates import templates
from workshop.text_data import fit_rows, is_permissive

Figures = dict[str, Any]
_SIDE = 220


def cards(data: Path) -> None:
    """Write MODEL_CARD.md and curves.svg of every head from the figures that `linear` left beside it."""
    for head in HEADS:
        folder = MODELS / head.id
        figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
        (folder / "curves.svg").write_text(_curves(figures), encoding="utf-8", newline="\n")
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
        _threat_tables(figures) if head.classes == BINARY else _label_tables(head, figures),
        "![Receiver operating characteristic and calibration](curves.svg)",
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
    lines = _table(("source", "licence", "rows"), [[name, licence, f"{count:,}"] for name, licence, count in common])
    doubtful = sum(count for (_, licence), count in counts.items() if not is_permissive(licence))
    return f"{lines}\n\nAnd {rest:,} rows of smaller ones. {doubtful:,} of all rows are not under a permissive licence."


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


_COLUMNS = (
    *(("positive", "threats"), ("negative", "harmless"), ("auc", "AUC"), ("averagePrecision", "AP")),
    *(
        ("recallAt1", "recall at 1 %"),
        ("precision", "P .75"),
        ("recall", "R .75"),
        ("f1", "F1 .75"),
        ("flagged", "flagged .75"),
    ),
)


def _binary_rows(groups: dict[str, Figures], title: str) -> str:
    def cell(figures: Figures, name: str) -> str:
        value = figures.get(name)
        return (
            ""
            if value is None
            else f"{value:,}"
            if isinstance(value, int)
            else f"{value * 100:.2f} %"
            if name == "flagged"
            else f"{value:.3f}"
        )

    rows = [[name, *(cell(figures, key) for key, _ in _COLUMNS)] for name, figures in groups.items()]
    return _table((title, *(label for _, label in _COLUMNS)), rows)


def _threat_tables(figures: Figures) -> str:
    low, high = figures["development"]["aucInterval"]
    left = [row["auc"] for row in figures["leftOut"].values() if "auc" in row]
    worst = min((row["auc"], name) for name, row in figures["leftOut"].items() if "auc" in row)
    return "\n\n".join(
        [
            "**.75 is the threshold.** It is where, of sources that were left out, at most 1 % of the harmless rows of any "
            "group, and of half of the page text at most .05 % in any language, lie above; the calibration (slope by Platt "
            "on rows of left-out sources) is shifted so that it is called .75.",
            _binary_rows({"development": figures["development"]}, "")
            + f"\n\n95 % interval of that AUC: {low:.3f} to {high:.3f}.",
            f"**Left out, by source**: mean AUC **{sum(left) / len(left):.3f}**, worst {worst[1]} ({worst[0]:.3f}).",
            _binary_rows(figures["leftOut"], "left out"),
            "Page text that did not set the threshold (encyclopaedia, program help, package descriptions, textbooks):",
            _binary_rows(figures["pages"], "pages"),
            "Sets of other collectors, and sentences of this project from templates that were never fitted:",
            _binary_rows({**figures["outOfDistribution"], **figures["unseen"]}, "set"),
            "Neutral and kind sentences that name a group of people (other draws of templates that were fitted), by language:",
            _binary_rows(figures["identity"], "identity"),
            f"Expected calibration error on left-out sources: {figures['calibration']['ece']:.3f}. On the web threats are far "
            "rarer than in any of these sets: read the score as an order and a vote, not as a frequency.",
        ]
    )


def _label_tables(head: Head, figures: Figures) -> str:
    dev = figures["development"]
    low, high = dev["accuracyInterval"]
    classes = [
        [name, row["rows"], f"{row['precision']:.3f}", f"{row['recall']:.3f}"]
        for name, row in figures["byClass"].items()
    ]
    confusion = [[name, *row] for name, row in zip(head.classes, figures["confusion"], strict=True)]
    outside = [[name, row["rows"], f"{row['accuracy']:.3f}"] for name, row in figures["outOfDistribution"].items()]
    return "\n\n".join(
        [
            f"Development, {dev['rows']:,} rows: accuracy **{dev['accuracy']:.3f}** ({low:.3f} to {high:.3f}), macro F1 "
            f"**{dev['macroF1']:.3f}**, expected calibration error {figures['calibration']['ece']:.3f} (the temperature was "
            "chosen on these rows).",
            _table(("language", "accuracy"), [[lang, f"{value:.3f}"] for lang, value in figures["byLanguage"].items()]),
            "Sets of other collectors, among the classes that they know:",
            _table(("set", "rows", "accuracy"), outside),
            _table(("class", "rows", "P", "R"), classes),
            "Confusion (rows: what is true; columns: what was said, in the same order):",
            _table(("", *(str(i + 1) for i in range(len(head.classes)))), confusion),
        ]
    )


def _curves(figures: Figures) -> str:
    roc = figures.get("roc", [])
    bins = figures["calibration"]["bins"]
    panels = [
        *([_panel(0, "false positive rate", "true positive rate", roc)] if roc else []),
        _panel(int(bool(roc)), "said", "true", [[mean, share] for mean, share, _ in bins]),
    ]
    width = (_SIDE + 60) * len(panels)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_SIDE + 60}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>{"".join(panels)}</svg>\n'
    )


def _panel(number: int, across: str, up: str, points: Sequence[Sequence[float]]) -> str:
    left, top = 45 + number * (_SIDE + 60), 15
    path = " ".join(f"{left + x * _SIDE:.1f},{top + (1 - y) * _SIDE:.1f}" for x, y in points)
    return (
        f'<rect x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>'
        f'<line x1="{left}" y1="{top + _SIDE}" x2="{left + _SIDE}" y2="{top}" stroke="#ccc"/>'
        f'<polyline points="{path}" fill="none" stroke="#1d6b57" stroke-width="2"/>'
        f'<text x="{left + _SIDE / 2}" y="{top + _SIDE + 18}" text-anchor="middle">{across}</text>'
        f'<text x="{left - 12}" y="{top + _SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 12} {top + _SIDE / 2})">{up}</text>'
    )
