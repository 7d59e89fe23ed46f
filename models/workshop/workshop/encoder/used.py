"""A head as the extension uses it, on any rows: both halves, calibrated, in the weights that ship."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workshop.encoder.calibration import Calibration
from workshop.encoder.judge import Floats, Judge
from workshop.encoder.sets import Set, linear_odds
from workshop.heads import Head, head_of
from workshop.linear_metrics import LIMIT
from workshop.linear_model import Model, read_model
from workshop.text_data import Row


@dataclass(frozen=True)
class Used:
    """The weight of the encoder is 0 where the linear half serves alone."""

    head: Head
    weight: float
    calibration: Calibration
    linear: Model

    def judged(self, judge: Judge, name: str, rows: Sequence[Row]) -> Set:
        """What both halves say of some rows."""
        logits = judge.says([row.text for row in rows]).logits[self.head.task]
        shifts = np.array([self.calibration.languages.get(row.lang, 0.0) for row in rows], dtype=np.float32)
        encoder = self.calibration.of(logits) + (shifts[:, None] if self.head.category else 0)
        return Set(name, rows, encoder, linear_odds(self.linear, rows))

    def mixed(self, judge: Judge, rows: Sequence[Row]) -> Floats:
        """The mean of both: log-odds of a threat, of a description log-probabilities."""
        return self.judged(judge, "", rows).mixed(self.weight)


def flagged(odds: Floats) -> np.ndarray:
    """Which rows lie above the threshold, which is the same share for every threat."""
    return np.asarray(odds[:, 0] >= np.log(LIMIT / (1 - LIMIT)))


def used_heads(folder: Path) -> list[Used]:
    """By the `fit.json` that lies beside the shipped files."""
    rows = json.loads((folder / "fit.json").read_text(encoding="utf-8"))["heads"]
    return [
        Used(head_of(row["task"]), row["weight"], Calibration(**row["calibration"]), read_model(head_of(row["task"])))
        for row in rows
    ]
