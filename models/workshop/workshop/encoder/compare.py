"""The encoder beside the linear half on the same texts: what each and their mean find, and which of them ships.

A head ships with the weight that is best on development rows, unless it is worse than the linear half on a set of
another collector or on sources that were left out; then the linear half serves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from workshop.encoder.calibration import Calibration
from workshop.encoder.judge import Judge
from workshop.encoder.sets import Set, sets
from workshop.heads import Head
from workshop.linear_metrics import recall_at

WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0)
"""Of the encoder in the mean of calibrated log-odds; 0 is the linear half alone."""
SLACK = 0.005
"""A set of another collector may lose so much before a head counts as worse there."""
PAGE_RATE = 0.0005
HARMLESS_RATE = 0.01
_FEWEST = 100


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


def shifted(calibration: Calibration, found: Sequence[Set], weight: float, rates: Mapping[str, float]) -> Calibration:
    """Of the harmless rows of each named set, in every language, at most its rate lies above .75 of the mean.

    Where comments of a language can be had, it gets a limit of its own, else the strictest holds.
    """
    limits = {one.name: _limits(one, weight, rates[one.name]) for one in found if one.name in rates}
    every = [limit for by_lang in limits.values() for limit in by_lang.values()]
    if not every or not weight:
        return calibration
    strictest = max(every)
    own = {
        lang: max(by_lang[lang] for by_lang in limits.values() if lang in by_lang)
        for lang in sorted(limits.get("comments", {}))
    }
    return replace(
        calibration,
        b=calibration.b + (np.log(3) - strictest) / weight,
        languages={lang: (strictest - limit) / weight for lang, limit in own.items()},
    )


def _limits(found: Set, weight: float, rate: float) -> dict[str, float]:
    """By language the mean above which `rate` of the harmless rows lie; of fewer than a hundred nothing is said."""
    scores, labels = found.mixed(weight)[:, 0], found.labels
    langs = np.array([row.lang for row in found.rows])
    clean = {lang: scores[(langs == lang) & (labels == 0)] for lang in set(langs.tolist())}
    return {
        lang: float(np.quantile(one, 1 - rate, method="higher")) for lang, one in clean.items() if len(one) >= _FEWEST
    }


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
    rates = {"pages": PAGE_RATE, "dev": HARMLESS_RATE, "comments": HARMLESS_RATE}
    moved = shifted(calibration, found, weight, rates)
    return Settled(weight, moved, [_moved(one, moved, moved.b - calibration.b) for one in found])


def _moved(found: Set, calibration: Calibration, by: float) -> Set:
    shifts = [by + calibration.languages.get(row.lang, 0.0) for row in found.rows]
    return replace(found, encoder=found.encoder + np.array(shifts, dtype=np.float32)[:, None])


def main_figures(head: Head, how: Settled) -> dict[str, Any]:
    """Every set at every weight, and the choice."""
    return {
        "weight": how.weight,
        "calibration": asdict(how.calibration),
        "sets": {one.name: {str(share): figures(head, one, share) for share in WEIGHTS} for one in how.sets},
    }
