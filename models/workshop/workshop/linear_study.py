"""The choices behind a head, compared on a part of its rows: features, selection, and the reference's grid."""

import random
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import SelectKBest, f_classif, mutual_info_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold, cross_val_score

from workshop.heads import BINARY, HEADS, Head, head_of
from workshop.linear_fit import SEED, chunks, fit, logits
from workshop.text_data import Row, fit_rows, task_rows

ROWS = 4000
READINGS = {
    "words": (1, ()),
    "words and pairs": (2, ()),
    "3, 4 and 5 characters": (0, (3, 4, 5)),
    "words, pairs, 4 characters": (2, (4,)),
}


def study(data: Path, tasks: Sequence[str]) -> None:
    """Print, for each head, four tables."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    for head in map(head_of, tasks) if tasks else HEADS:
        rows = fit_rows(data, head)
        drawn = random.Random(SEED).sample(rows, min(ROWS, len(rows)))
        dev = task_rows(data, head, "dev")
        print(
            f"\n## {head.task}: {len(drawn)} of {len(rows)} texts; F1 (macro of several classes) on {len(dev)} others"
        )
        _readings(head, drawn, dev)
        _learning(head, rows, dev)
        _selection(head, drawn)
        _grid(head, drawn)


def _f1(head: Head, rows: Sequence[Row], dev: Sequence[Row]) -> float:
    model = fit(chunks(rows, head), np.array([row.label for row in rows]), head)
    found = logits(model, chunks(dev, head))
    said = found[:, 0] > 0 if head.classes == BINARY else found.argmax(axis=1)
    return float(f1_score([row.label for row in dev], said, average="binary" if head.classes == BINARY else "macro"))


def _readings(head: Head, rows: Sequence[Row], dev: Sequence[Row]) -> None:
    for name, (words, characters) in READINGS.items():
        print(f"| reads {name} | {_f1(replace(head, words=words, characters=characters), rows, dev):.3f} |", flush=True)


def _learning(head: Head, rows: Sequence[Row], dev: Sequence[Row]) -> None:
    for share in (0.05, 0.1, 0.25, 0.5):
        drawn = random.Random(SEED).sample(rows, int(share * len(rows)))
        print(f"| learns from {len(drawn)} texts | {_f1(head, drawn, dev):.3f} |", flush=True)


def _folded(head: Head, regression: LogisticRegression, features: csr_matrix, labels: np.ndarray) -> float:
    scoring = "f1" if head.classes == BINARY else "f1_macro"
    cuts = StratifiedKFold(5, shuffle=True, random_state=SEED)
    return float(cross_val_score(regression, features, labels, cv=cuts, scoring=scoring).mean())


def _selection(head: Head, rows: Sequence[Row]) -> None:
    """The reference keeps the best 1,000 by F value, and names mutual information as second scorer."""
    found = chunks(rows, head)
    labels = np.array([row.label for row in rows])[found.owners]
    seen = np.flatnonzero(np.asarray((found.features > 0).sum(axis=0)).ravel() >= 10)
    features = found.features[:, seen]
    mean = _folded(head, LogisticRegression(C=head.c, max_iter=300), features, labels)
    print(f"| all {len(seen)} places | {mean:.3f} |")
    scores = {
        "F value": f_classif(features, labels)[0],
        "mutual information": mutual_info_classif(features > 0, labels, discrete_features=True, random_state=SEED),
    }
    for name, score in scores.items():
        best = np.argsort(-np.nan_to_num(score))[:1000]
        mean = _folded(head, LogisticRegression(C=head.c, max_iter=300), features[:, best], labels)
        print(f"| the best 1,000 by {name} | {mean:.3f} |", flush=True)


def _grid(head: Head, rows: Sequence[Row]) -> None:
    """The reference's: C by penalty by solver, five stratified folds, F1; in the best 1,000 places."""
    found = chunks(rows[: ROWS // 3], head)
    labels = np.array([row.label for row in rows])[found.owners]
    features = SelectKBest(f_classif, k=1000).fit_transform(found.features, labels)
    for solver in ("liblinear", "saga"):
        for penalty, ratio in (("l1", 1.0), ("l2", 0.0)):
            for c in (0.1, 1.0, 10.0):
                regression = LogisticRegression(C=c, l1_ratio=ratio, solver=solver, max_iter=100, random_state=SEED)
                try:
                    mean = _folded(head, regression, features, labels)
                except ValueError:  # liblinear answers two classes alone
                    continue
                print(f"| {solver} {penalty} C {c} | {mean:.3f} |", flush=True)
