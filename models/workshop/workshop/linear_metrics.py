"""What can be measured of scores whose classes are known."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from workshop.text_data import Row

LIMIT = 0.75
POINTS = 60
"""Of a curve."""
_BINS = 10
_DRAWS = 200
Figures = dict[str, Any]


def ece(probabilities: np.ndarray, labels: np.ndarray) -> tuple[float, list[list[float]]]:
    """Expected calibration error, and of each bin that is not empty: mean probability, share of positives, count."""
    places = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    bins = [
        [float(probabilities[places == i].mean()), float(labels[places == i].mean()), int((places == i).sum())]
        for i in range(_BINS)
        if (places == i).any()
    ]
    return sum(count * abs(mean - share) for mean, share, count in bins) / len(labels), bins


def recall_at(scores: np.ndarray, labels: np.ndarray, rate: float) -> float:
    """The share of positives above the score that `rate` of the negatives reach."""
    return float((scores[labels == 1] > np.quantile(scores[labels == 0], 1 - rate)).mean())


def bootstrap(measure: Callable[[np.ndarray], float], count: int) -> list[float]:
    """95 % interval of a measure of drawn row numbers."""
    chance = np.random.default_rng(42)
    drawn = [measure(chance.integers(0, count, count)) for _ in range(_DRAWS)]
    return [short(np.quantile(drawn, 0.025)), short(np.quantile(drawn, 0.975))]


def binary(scores: np.ndarray, labels: np.ndarray) -> Figures:
    """Of probabilities: ranking where both classes are there, and what the threshold finds and flags."""
    said = scores >= LIMIT
    found: Figures = {"positive": int(labels.sum()), "negative": int((labels == 0).sum())}
    if labels.any():
        found["recall"] = short(said[labels == 1].mean())
    if not labels.all():
        found["flagged"] = short(said[labels == 0].mean())
    if labels.any() and not labels.all():
        right = int((said & (labels == 1)).sum())
        found |= {
            "auc": short(roc_auc_score(labels, scores)),
            "averagePrecision": short(average_precision_score(labels, scores)),
            "recallAt1": short(recall_at(scores, labels, 0.01)),
            "precision": short(right / max(1, int(said.sum()))),
            "f1": short(2 * right / max(1, int(said.sum()) + int(labels.sum()))),
        }
    return found


def by(rows: Sequence[Row], scores: np.ndarray, key: Callable[[Row], str]) -> dict[str, Figures]:
    """The figures of each group of rows."""
    labels, keys = np.array([row.label for row in rows]), np.array([key(row) for row in rows])
    return {name: binary(scores[keys == name], labels[keys == name]) for name in sorted(set(keys.tolist()))}


def precision_by_recall(scores: np.ndarray, labels: np.ndarray) -> list[list[float]]:
    """Points of the curve, evenly by recall, which rises."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    places = np.searchsorted(recall[::-1], np.linspace(0, 1, POINTS))
    return [[short(recall[::-1][i]), short(precision[::-1][i])] for i in places]


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """.5 where a class is missing."""
    return float(roc_auc_score(labels, scores)) if labels.any() and not labels.all() else 0.5


def short(value: float) -> float:
    """To four places."""
    return round(float(value), 4)
