"""What heads are compared and calibrated on: rows, with what the encoder and the linear half say of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workshop.encoder.calibration import Calibration, calibrated
from workshop.encoder.judge import Floats, Judge
from workshop.heads import Head, head_of
from workshop.linear_fit import chunks
from workshop.linear_fit import logits as linear_logits
from workshop.linear_model import Model, read_model
from workshop.text_data import Row, labelled, page_rows, spoken_rows, task_rows

_PAGES = 4000
_COMMENTED = "toxicity"
"""The file whose heads judge comments, of which harmless ones can be had in every language."""
_KINDS = {"insult": "offensive"}
"""Kinds of unseen sentences that have another name among the fitted ones."""


@dataclass(frozen=True)
class Set:
    """Rows with what both say of them: of a threat calibrated log-odds, of a description log-probabilities."""

    name: str
    rows: Sequence[Row]
    encoder: Floats
    linear: Floats

    @property
    def labels(self) -> np.ndarray:
        """The true classes."""
        return np.array([row.label for row in self.rows])

    def mixed(self, weight: float) -> Floats:
        """The mean of both."""
        return weight * self.encoder + (1 - weight) * self.linear


def rows_of(data: Path, head: Head) -> dict[str, list[Row]]:
    """Development, sets of other collectors, and of a threat also page text and unseen sentences of our own."""
    found = {"dev": task_rows(data, head, "dev")}
    for path in sorted((data / "dev_ood").glob(f"{head.file}.*")):
        found[path.name.split(".")[1]] = labelled(path, head)
    if head.category:
        pages = page_rows(data)
        found["pages"] = random.Random(3).sample(pages, min(_PAGES, len(pages)))
        found["unseen"] = spoken_rows("unseen", {"attacks": int(head.task == "injection"), "harmless": 0}, 150)
        if head.file == _COMMENTED:
            found["comments"] = _comments(data, found["dev"])
            found["unseen"] += spoken_rows("unseen_toxicity", _unseen_labels(head), 150)
    return {name: rows for name, rows in found.items() if rows}


def _comments(data: Path, dev: Sequence[Row]) -> list[Row]:
    """What people wrote that is harmless: of development, and of the sentiment rows what is not negative."""
    kind = [row._replace(label=0) for row in task_rows(data, head_of("sentiment"), "dev") if row.label > 0]
    return [*(row for row in dev if row.label == 0), *kind]


def _unseen_labels(head: Head) -> dict[str, int]:
    return {kind: head.template_labels[_KINDS.get(kind, kind)] for kind in ("clean", "hate", "insult", "threat")}


def sets(judge: Judge, head: Head, data: Path, calibration: Calibration | None = None) -> tuple[list[Set], Calibration]:
    """Every set judged by both; the encoder is calibrated on the development rows unless told how."""
    linear = read_model(head)
    found = []
    for name, rows in rows_of(data, head).items():
        logits = judge.says([row.text for row in rows]).logits[head.task]
        calibration = calibration or calibrated(head, logits, np.array([row.label for row in rows]))
        found.append(Set(name, rows, calibration.of(logits), linear_odds(linear, rows)))
    assert calibration
    return found, calibration


def linear_odds(model: Model, rows: Sequence[Row]) -> Floats:
    """What the linear half says of some rows, calibrated as it ships."""
    own = Calibration(model.a, model.b if model.head.category else 0.0)
    return own.of(linear_logits(model, chunks(rows, model.head)).astype(np.float32))
