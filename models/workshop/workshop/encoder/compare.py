"""The encoder beside the linear half on the same texts: what each and their mean find, and which of them ships.

A head ships with the weight that is best on development rows, unless it is worse than the linear half on a set of
another collector or on sources that were left out; then the linear half serves.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from workshop.encoder.judge import Floats, Judge
from workshop.heads import Head
from workshop.linear_fit import chunks
from workshop.linear_fit import logits as linear_logits
from workshop.linear_metrics import recall_at
from workshop.linear_model import Model, read_model
from workshop.text_data import Row, labelled, page_rows, spoken_rows, task_rows

WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0)
"""Of the encoder in the mean of calibrated log-odds; 0 is the linear half alone."""
SLACK = 0.005
"""A set of another collector may lose so much before a head counts as worse there."""
_PAGES = 4000


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


@dataclass(frozen=True)
class Calibration:
    """Platt's scaling of a threat's logit; of a description `a` alone, an inverse temperature."""

    a: float
    b: float = 0.0

    def of(self, logits: Floats) -> Floats:
        """Log-odds, or log-probabilities row by row."""
        if logits.shape[1] == 1:
            return self.a * logits + self.b
        raised = self.a * logits
        top = raised.max(axis=1, keepdims=True)
        return raised - top - np.log(np.exp(raised - top).sum(axis=1, keepdims=True))


def rows_of(data: Path, head: Head) -> dict[str, list[Row]]:
    """Development, sets of other collectors, and of a threat also page text and unseen sentences of our own."""
    found = {"dev": task_rows(data, head, "dev")}
    for path in sorted((data / "dev_ood").glob(f"{head.file}.*")):
        found[path.name.split(".")[1]] = labelled(path, head)
    if head.category:
        pages = page_rows(data)
        found["pages"] = random.Random(3).sample(pages, min(_PAGES, len(pages)))
        found["unseen"] = spoken_rows("unseen", {"attacks": int(head.task == "injection"), "harmless": 0}, 150)
    return {name: rows for name, rows in found.items() if rows}


def sets(judge: Judge, head: Head, data: Path, calibration: Calibration | None = None) -> tuple[list[Set], Calibration]:
    """Every set judged by both; the encoder is calibrated on the development rows unless told how."""
    linear = read_model(head)
    own = Calibration(linear.a, linear.b if head.category else 0.0)
    found = []
    for name, rows in rows_of(data, head).items():
        logits = judge.says([row.text for row in rows]).logits[head.task]
        calibration = calibration or calibrated(head, logits, np.array([row.label for row in rows]))
        found.append(Set(name, rows, calibration.of(logits), own.of(_linear(linear, rows))))
    assert calibration
    return found, calibration


def _linear(model: Model, rows: Sequence[Row]) -> Floats:
    return linear_logits(model, chunks(rows, model.head)).astype(np.float32)


def calibrated(head: Head, logits: Floats, labels: np.ndarray) -> Calibration:
    """Fitted on rows that were not fitted on otherwise."""
    if head.category:
        platt = LogisticRegression(C=1e6).fit(logits, labels)
        return Calibration(float(platt.coef_[0, 0]), float(platt.intercept_[0]))
    places = np.arange(len(labels))
    losses = {a: -Calibration(a).of(logits)[places, labels].mean() for a in np.arange(0.3, 3.01, 0.05)}
    return Calibration(float(min(losses, key=lambda a: losses[a])))


def figures(head: Head, found: Set, weight: float) -> dict[str, Any]:
    """Of one set at one weight."""
    scores, labels = found.mixed(weight), found.labels
    if not head.category:
        scores[:, ~np.isin(np.arange(scores.shape[1]), labels)] = -np.inf
        return {"rows": len(labels), "accuracy": round(float((scores.argmax(1) == labels).mean()), 4)}
    if labels.all() or not labels.any():
        return {"rows": len(labels)}
    return {
        "rows": len(labels),
        "auc": round(float(roc_auc_score(labels, scores[:, 0])), 4),
        "recallAt1": round(recall_at(scores[:, 0], labels, 0.01), 4),
    }


def main_figure(found: dict[str, Any]) -> float | None:
    """By which two judges of a set are compared."""
    return found.get("auc", found.get("accuracy"))


def chosen_weight(head: Head, found: Sequence[Set]) -> float:
    """The best on development that is not worse than the linear half elsewhere."""
    development, others = found[0], found[1:]
    best, weight = main_figure(figures(head, development, 0.0)) or 0.0, 0.0
    for candidate in WEIGHTS[1:]:
        value = main_figure(figures(head, development, candidate)) or 0.0
        if value > best and not any(_is_worse(head, other, candidate) for other in others):
            best, weight = value, candidate
    return weight


def _is_worse(head: Head, found: Set, weight: float) -> bool:
    ours, linear = (main_figure(figures(head, found, share)) for share in (weight, 0.0))
    return ours is not None and linear is not None and ours < linear - SLACK


def shifted(calibration: Calibration, found: Sequence[Set], weight: float, rates: dict[str, float]) -> Calibration:
    """Of the harmless rows of each named set, in every language, at most its rate lies above .75 of the mean."""
    limits = []
    for one in found:
        if one.name not in rates:
            continue
        scores, labels = one.mixed(weight)[:, 0], one.labels
        langs = np.array([row.lang for row in one.rows])
        for lang in set(langs.tolist()):
            clean = scores[(langs == lang) & (labels == 0)]
            if len(clean) >= 100:
                limits.append(float(np.quantile(clean, 1 - rates[one.name], method="higher")))
    return (
        replace(calibration, b=calibration.b + (np.log(3) - max(limits)) / weight) if limits and weight else calibration
    )


PAGE_RATE = 0.0005
HARMLESS_RATE = 0.01


@dataclass(frozen=True)
class Settled:
    """How a head is used, and what both halves say of every set under that calibration."""

    weight: float
    calibration: Calibration
    sets: Sequence[Set]


def settled(judge: Judge, head: Head, data: Path) -> Settled:
    """The weight that earns its place, and of a threat the calibration that keeps ordinary text below .75."""
    found, calibration = sets(judge, head, data)
    weight = chosen_weight(head, found)
    if not head.category:
        return Settled(weight, calibration, found)
    moved = shifted(calibration, found, weight, {"pages": PAGE_RATE, "dev": HARMLESS_RATE})
    by = moved.b - calibration.b
    return Settled(weight, moved, [replace(one, encoder=one.encoder + np.float32(by)) for one in found])


def main_figures(head: Head, how: Settled) -> dict[str, Any]:
    """Every set at every weight, and the choice."""
    return {
        "weight": how.weight,
        "calibration": {"a": how.calibration.a, "b": how.calibration.b},
        "sets": {one.name: {str(share): figures(head, one, share) for share in WEIGHTS} for one in how.sets},
    }
