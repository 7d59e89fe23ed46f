"""Fits of one small set beside each other: other trunks, other ways. English and the other languages apart."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from workshop.encoder.dev import entity_f1, head_figures
from workshop.encoder.judge import Judge, of_files
from workshop.encoder.pii import Sentence, sentences
from workshop.errors import WorkshopError
from workshop.heads import HEADS, Head
from workshop.paths import shown
from workshop.text_data import Row, task_rows

NAMED = "trial-"
"""Fits whose names begin so are compared."""
_ROWS = 1000
_SENTENCES = 100


def trials(runs: Path, data: Path) -> dict[str, Any]:
    """Figures of each trial on the same development rows, at most so many a head and half, first windows alone."""
    folders = sorted(path for path in runs.glob(f"{NAMED}*") if (path / "encoder.onnx").exists())
    if not folders:
        raise WorkshopError(f"No fit in {shown(runs)} is named {NAMED}…: `encoder fit --run {NAMED}NAME` makes one.")
    spoken = sentences("unseen", _SENTENCES, 3)
    found = {}
    for folder in folders:
        judge, plan = of_files(folder), json.loads((folder / "plan.json").read_text())
        halves = {
            half: _entities(judge, [one for one in spoken if (one.lang == "en") == (half == "english")])
            for half in ("english", "others")
        }
        for head in HEADS:
            for half, rows in _halves(task_rows(data, head, "dev")).items():
                halves[half] |= _figures(judge, head, rows)
        found[folder.name.removeprefix(NAMED)] = {
            "rows": plan["rows"],
            "rank": plan["rank"],
            "epochs": plan["epochs"],
            **halves,
        }
    return found


def _entities(judge: Judge, found: list[Sentence]) -> dict[str, float]:
    said = judge.says([one.text for one in found]).entities
    return {"entities/f1": round(entity_f1(said, [set(one.spans) for one in found]), 4)}


def _halves(rows: list[Row]) -> dict[str, list[Row]]:
    """The languages beside English only where both classes or more stand in at least a hundred rows."""
    chance = random.Random(6)
    halves = {
        "english": [row for row in rows if row.lang == "en"],
        "others": [row for row in rows if row.lang != "en"],
    }
    return {
        half: chance.sample(some, min(_ROWS, len(some)))
        for half, some in halves.items()
        if len(some) >= 100 and len({row.label for row in some}) > 1
    }


def _figures(judge: Judge, head: Head, rows: list[Row]) -> dict[str, float]:
    logits = judge.says([row.text for row in rows], 1).logits[head.task]
    found = head_figures(head, logits, np.array([row.label for row in rows]))
    return {name: round(value, 4) for name, value in found.items()}
