"""What a head of the encoder finds and gets wrong, beside the linear half, at the weight with which it ships."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, roc_curve

from workshop.encoder.sets import Set
from workshop.heads import Head
from workshop.linear_identity import identity_gaps
from workshop.linear_metrics import LIMIT, POINTS, auc, binary, bootstrap, by, ece, precision_by_recall, short
from workshop.text_data import Row

Figures = dict[str, Any]
_APART = ("dev", "pages", "unseen", "comments")
"""Sets that are told of by language or kind."""


def probabilities(mixed: np.ndarray) -> np.ndarray:
    """Of a threat from log-odds; of a description from log-probabilities, row by row."""
    if mixed.shape[1] == 1:
        return np.asarray(1 / (1 + np.exp(-mixed)))
    raised = np.exp(mixed - mixed.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def threat(head: Head, found: Sequence[Set], weight: float) -> Figures:
    """Of a binary head: every set, the development rows by language and group, calibration and curves."""
    development = found[0]
    scores, labels = probabilities(development.mixed(weight))[:, 0], development.labels
    error, bins = ece(scores, labels)
    false, true, _ = roc_curve(labels, scores)
    named = {one.name: (one, probabilities(one.mixed(weight))[:, 0]) for one in found}
    return {
        "development": binary(scores, labels)
        | {"aucInterval": bootstrap(lambda drawn: auc(scores[drawn], labels[drawn]), len(labels))},
        "byLanguage": by(development.rows, scores, lambda row: row.lang),
        "bySource": by(development.rows, scores, lambda row: row.source.split(":")[0]),
        "outOfDistribution": {
            name: binary(said, one.labels) for name, (one, said) in named.items() if name not in _APART
        },
        "comments": by(*_rows_and_scores(named, "comments"), lambda row: row.lang),
        "pages": by(named["pages"][0].rows, named["pages"][1], lambda row: row.lang),
        "unseen": by(named["unseen"][0].rows, named["unseen"][1], lambda row: f"{row.kind} {row.lang}"),
        "unseenRecallAt1": _unseen_recall(*named["unseen"]),
        "identityGaps": identity_gaps(development.rows, scores, LIMIT) if head.file == "toxicity" else {},
        "calibration": {"ece": short(error), "bins": bins},
        "roc": [[short(false[i]), short(true[i])] for i in np.linspace(0, len(false) - 1, POINTS).astype(int)],
        "precisionRecall": precision_by_recall(scores, labels),
    }


def _rows_and_scores(named: Mapping[str, tuple[Set, np.ndarray]], name: str) -> tuple[Sequence[Row], np.ndarray]:
    return (named[name][0].rows, named[name][1]) if name in named else ([], np.empty(0))


def _unseen_recall(one: Set, scores: np.ndarray) -> dict[str, float]:
    """Recall of each language's attacks where 1 % of the harmless sentences of all languages are flagged."""
    labels, langs = one.labels, np.array([row.lang for row in one.rows])
    if not labels.any() or labels.all():
        return {}
    limit = np.quantile(scores[labels == 0], 0.99)
    return {
        lang: short((scores[(labels == 1) & (langs == lang)] > limit).mean())
        for lang in sorted(set(langs[labels == 1].tolist()))
    }


def description(head: Head, found: Sequence[Set], weight: float) -> Figures:
    """Of a head of several classes."""
    development = found[0]
    shares, labels = probabilities(development.mixed(weight)), development.labels
    said = shares.argmax(axis=1)
    langs = np.array([row.lang for row in development.rows])
    error, bins = ece(shares.max(axis=1), (said == labels).astype(int))
    return {
        "development": {
            "rows": len(labels),
            "accuracy": short((said == labels).mean()),
            "macroF1": short(f1_score(labels, said, average="macro")),
            "accuracyInterval": bootstrap(lambda drawn: float((said == labels)[drawn].mean()), len(labels)),
        },
        "byLanguage": {lang: short((said == labels)[langs == lang].mean()) for lang in sorted(set(langs.tolist()))},
        "byClass": {
            name: {
                "rows": int((labels == at).sum()),
                "precision": short(((said == at) & (labels == at)).sum() / max(1, (said == at).sum())),
                "recall": short(((said == at) & (labels == at)).sum() / max(1, (labels == at).sum())),
            }
            for at, name in enumerate(head.classes)
        },
        "confusion": confusion_matrix(labels, said, labels=range(len(head.classes))).tolist(),
        "calibration": {"ece": short(error), "bins": bins},
    }
