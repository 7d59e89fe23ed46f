"""The encoder's card: tables and curves drawn from `figures.json`, words from `templates/encoder_card.json`."""

import hashlib
import json
from pathlib import Path

from workshop.encoder.card_evaluated import evaluated
from workshop.encoder.card_fits import fitting, searched, student, trials_table
from workshop.encoder.card_tables import Figures, bits, cascade, choice, details, entities, hardness
from workshop.encoder.plot import bars, plots, word_bars
from workshop.heads import ENCODER_VERSION, HEADS
from workshop.linear_tables import table
from workshop.paths import shown
from workshop.templates import templates

TRIALS = "trials.json"
SEARCH = "search.json"


def card(folder: Path) -> None:
    """Write MODEL_CARD.md and its pictures from what `ship`, `evaluate`, `trials` and `search` left in the folder."""
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    for name in (TRIALS, SEARCH):
        if (folder / name).exists():
            figures[Path(name).stem] = json.loads((folder / name).read_text(encoding="utf-8"))
    if "search" in figures:
        (folder / "search.svg").write_text(bars(figures["search"]["importance"]), encoding="utf-8", newline="\n")
    if "importance" in figures:
        words = {task: found["words"] for task, found in figures["importance"].items()}
        (folder / "words.svg").write_text(word_bars(words), encoding="utf-8", newline="\n")
    (folder / "curves.svg").write_text(plots(figures), encoding="utf-8", newline="\n")
    (folder / "MODEL_CARD.md").write_text(_card(folder, figures), encoding="utf-8", newline="\n")
    print(shown(folder / "MODEL_CARD.md"))


def _files(folder: Path) -> str:
    names = ("encoder.onnx", "tokenizer.json", *(f"head-{head.task}.bin" for head in HEADS))
    contents = [(name, (folder / name).read_bytes()) for name in names]
    return table(
        ("file", "bytes", "SHA-256"),
        [[f"`{name}`", f"{len(one):,}", f"`{hashlib.sha256(one).hexdigest()}`"] for name, one in contents],
    )


def _card(folder: Path, figures: Figures) -> str:
    words = templates("encoder_card")
    parts = [
        f"# text-encoder {ENCODER_VERSION}",
        words["what"],
        "## What it is",
        words["is"],
        _files(folder),
        "## Data",
        words["data"],
        "## Figures",
        words["figures"],
        "### The student",
        student(figures["student"]),
        "### Fitting",
        "\n\n".join(fitting(one) for one in figures["fits"]),
        *(
            ["### The search", words["search"], searched(figures["search"]), "![What mattered](search.svg)"]
            if "search" in figures
            else []
        ),
        *(
            ["### Other trunks and ways", words["trials"], trials_table(figures["trials"])]
            if "trials" in figures
            else []
        ),
        "### Fewer bits",
        words["bits"],
        bits(figures["quantization"]["files"]),
        "### Encoder, linear half, and their mean",
        words["choice"],
        choice(figures["heads"]),
        "### What ships",
        *details(figures["heads"]),
        "### Personal data",
        entities(figures["entities"]),
        "### The cascade",
        cascade(figures["cascade"], words["cascade"]),
        *(hardness(figures["hardness"], words) if "hardness" in figures else []),
        *evaluated(figures, words),
        "![The student's and the heads' curves, receiver operating characteristic, calibration](curves.svg)",
        "## Beside the reference",
        words["reference"],
        "## Limits",
        words["limits"],
    ]
    return "\n\n".join(parts) + "\n"
