"""How far texts lie from those that a head was fitted on, source by source and language by language.

Told apart: the area under the curve of a logistic regression over the encoder's vectors that tells fitted rows from a
source's, in five folds (a classifier two-sample test, Lopez-Paz & Oquab 2017); .5 is no difference. Nearest: the mean
cosine of a vector to the nearest of the fitted ones. PSI: population stability index of the head's scores against those
of rows held back of the fitted sources, by tenths of the latter.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop.encoder.compare import figures
from workshop.encoder.head_figures import probabilities
from workshop.encoder.judge import Floats, Judge
from workshop.encoder.sets import Set
from workshop.encoder.used import Used
from workshop.heads import Head
from workshop.linear_metrics import auc, binary, short
from workshop.text_data import Row, fit_rows, labelled, task_rows

AGAIN = "the fitted, drawn again"
"""What a difference of nothing measures."""
_FITTED = 400
_JUDGED = 150
FEWEST = 50
"""Rows of a source and language; of fewer nothing is told."""
_CHARS = 1000
_TENTHS = 10


def shift(judge: Judge, used: Used, data: Path) -> list[dict[str, Any]]:
    """Of one head, `AGAIN` first: its vectors are of other fitted rows, its scores of other rows held back."""
    head, chance = used.head, random.Random(13)
    dev, fitted = task_rows(data, head, "dev"), fit_rows(data, head)
    sources = {row.source for row in fitted}
    fitted_sources = {source.split(":")[0] for source in sources}
    near = _some([row for row in dev if row.source in sources] or dev, _FITTED + _JUDGED, chance)
    base = _some(fitted, _FITTED + _JUDGED, chance)
    vectors, scores = _vectors(judge, base), _scores(used.judged(judge, "", near), used.weight)
    cut, held = len(base) * _FITTED // (_FITTED + _JUDGED), len(near) * _FITTED // (_FITTED + _JUDGED)
    again = {
        "set": "",
        "source": AGAIN,
        "lang": "",
        "rows": len(base) - cut,
        "toldApart": told_apart(vectors[:cut], vectors[cut:]),
        "nearest": nearest(vectors[:cut], vectors[cut:]),
        "psi": psi(scores[:held], scores[held:]),
    }
    found = []
    for (name, source, lang), rows in _groups(data, head, dev).items():
        drawn = _some(rows, _JUDGED, chance)
        said, theirs = used.judged(judge, name, drawn), _vectors(judge, drawn)
        found.append(
            {
                "set": name,
                "source": source,
                "lang": lang,
                "rows": len(drawn),
                "isFitted": source in fitted_sources,
                "toldApart": told_apart(vectors[:cut], theirs),
                "nearest": nearest(vectors[:cut], theirs),
                "psi": psi(scores[:held], _scores(said, used.weight)),
                **_figure(head, said, used.weight),
            }
        )
    return [again, *found]


def _groups(data: Path, head: Head, dev: Sequence[Row]) -> dict[tuple[str, str, str], list[Row]]:
    sets = {"dev": dev}
    for path in sorted((data / "dev_ood").glob(f"{head.file}.*")):
        sets[path.name.split(".")[1]] = labelled(path, head)
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for name, rows in sets.items():
        for row in rows:
            found[name, row.source.split(":")[0], row.lang].append(row)
    return {key: rows for key, rows in sorted(found.items()) if len(rows) >= FEWEST}


def _some(rows: Sequence[Row], count: int, chance: random.Random) -> list[Row]:
    """The beginnings of so many: both halves read them whole."""
    return [row._replace(text=row.text[:_CHARS]) for row in chance.sample(rows, min(count, len(rows)))]


def _vectors(judge: Judge, rows: Sequence[Row]) -> Floats:
    return judge.says([row.text for row in rows]).vectors


def _scores(said: Set, weight: float) -> Floats:
    """Of a threat its log-odds, of a description how sure the likeliest class is."""
    mixed: Floats = said.mixed(weight).max(axis=1)
    return mixed


def _figure(head: Head, said: Set, weight: float) -> dict[str, Any]:
    """What ranks or counts best where it can be had: area under the curve, else the share found or flagged."""
    if not head.category:
        return {"accuracy": figures(head, said, weight)["accuracy"]}
    found = binary(probabilities(said.mixed(weight))[:, 0], said.labels)
    name = next(name for name in ("auc", "recall", "flagged") if name in found)
    return {name: found[name]}


def told_apart(ours: Floats, others: Floats) -> float:
    """Area under the curve of what tells two groups of vectors apart, each vector judged by those of other folds."""
    labels = np.repeat([0, 1], [len(ours), len(others)])
    judge = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500, class_weight="balanced"))
    folds = StratifiedKFold(5, shuffle=True, random_state=13)
    scores = cross_val_predict(judge, np.concatenate([ours, others]), labels, cv=folds, method="decision_function")
    return short(auc(scores, labels))


def nearest(ours: Floats, others: Floats) -> float:
    """Mean cosine of the others to the nearest of ours."""
    unit = [vectors / np.linalg.norm(vectors, axis=1, keepdims=True) for vectors in (ours, others)]
    return short((unit[1] @ unit[0].T).max(axis=1).mean())


def psi(expected: Floats, found: Floats) -> float:
    """Sum of (found - expected) ln(found / expected) over tenths of what was expected; half a row is added to each."""
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, _TENTHS + 1)[1:-1]))
    shares = []
    for scores in (expected, found):
        counts = np.bincount(np.searchsorted(edges, scores, side="right"), minlength=len(edges) + 1) + 0.5
        shares.append(counts / counts.sum())
    return short(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
