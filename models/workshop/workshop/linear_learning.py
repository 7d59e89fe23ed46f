"""How a head's figures grow with its rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

from workshop.heads import BINARY
from workshop.linear_fit import SEED, Chunks, fit, logits
from workshop.linear_model import Model

SHARES = (0.05, 0.1, 0.25, 0.5, 1.0)


def learning(
    model: Model,
    found: Chunks,
    labels: np.ndarray,
    dev: tuple[Chunks, np.ndarray],
    elsewhere: Sequence[tuple[str, Chunks, np.ndarray]],
) -> dict[str, Any]:
    """AUC (of several classes macro F1) on rows of development, of fits on growing draws; the last is `model` itself.

    `elsewhere` are sets of other collectors; of those that hold both classes of a threat the mean AUC is told too.
    """
    is_binary = model.head.classes == BINARY
    sets = [one for one in elsewhere if is_binary and len(set(one[2].tolist())) == 2]
    order = np.random.default_rng(SEED).permutation(len(labels))
    curve = []
    for share in SHARES:
        count = int(share * len(labels))
        drawn = np.isin(np.arange(len(labels)), order[:count])
        fitted = model if share == 1 else fit(found.of(drawn), labels[drawn], model.head)
        row: dict[str, Any] = {"texts": count, "score": _score(fitted, *dev)}
        if sets:
            row["elsewhere"] = round(float(np.mean([_score(fitted, *one[1:]) for one in sets])), 4)
        curve.append(row)
    measure = "AUC" if is_binary else "macro F1"
    return {"measure": measure, "curve": curve, **({"sets": [one[0] for one in sets]} if sets else {})}


def _score(model: Model, found: Chunks, labels: np.ndarray) -> float:
    said = logits(model, found)
    if model.head.classes == BINARY:
        return round(float(roc_auc_score(labels, said[:, 0])), 4)
    return round(float(f1_score(labels, said.argmax(axis=1), average="macro")), 4)
