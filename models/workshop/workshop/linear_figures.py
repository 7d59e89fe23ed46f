"""What a head finds and what it gets wrong: the figures of its card, as data."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, confusion_matrix, f1_score, roc_auc_score, roc_curve

from workshop.linear_fit import Chunks, chunks, family, logits
from workshop.linear_model import Model
from workshop.text_data import Row, is_in_half, labelled, spoken_rows

LIMIT = 0.75
_BINS = 10
_DRAWS = 200
Figures = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """Rows with their logits, from a model that has not seen their source."""

    rows: Sequence[Row]
    logits: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    """The left-out group of each row."""


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
    return [_short(np.quantile(drawn, 0.025)), _short(np.quantile(drawn, 0.975))]


def binary(scores: np.ndarray, labels: np.ndarray) -> Figures:
    """Of probabilities: ranking where both classes are there, and what the threshold finds and flags."""
    said = scores >= LIMIT
    found: Figures = {"positive": int(labels.sum()), "negative": int((labels == 0).sum())}
    if labels.any():
        found["recall"] = _short(said[labels == 1].mean())
    if not labels.all():
        found["flagged"] = _short(said[labels == 0].mean())
    if labels.any() and not labels.all():
        right = int((said & (labels == 1)).sum())
        found |= {
            "auc": _short(roc_auc_score(labels, scores)),
            "averagePrecision": _short(average_precision_score(labels, scores)),
            "recallAt1": _short(recall_at(scores, labels, 0.01)),
            "precision": _short(right / max(1, int(said.sum()))),
            "f1": _short(2 * right / max(1, int(said.sum()) + int(labels.sum()))),
        }
    return found


def by(rows: Sequence[Row], scores: np.ndarray, key: Callable[[Row], str]) -> dict[str, Figures]:
    """The figures of each group of rows."""
    labels, keys = np.array([row.label for row in rows]), np.array([key(row) for row in rows])
    return {name: binary(scores[keys == name], labels[keys == name]) for name in sorted(set(keys.tolist()))}


def threat_figures(
    model: Model,
    data: Path,
    judged: Judged,
    dev: Sequence[Row],
    pages: Sequence[Row],
    page_found: Chunks,
) -> Figures:
    """All of a binary head. Page text is of the half that did not set the threshold."""
    head = model.head

    def of(rows: Sequence[Row]) -> np.ndarray:
        return model.probabilities(logits(model, chunks(rows, head)))[:, 0]

    scores, labels = of(dev), np.array([row.label for row in dev])
    outside = model.probabilities(judged.logits)[:, 0]
    error, bins = ece(outside, judged.labels)
    confirming = np.array([not is_in_half(row) for row in pages])
    page_scores = model.probabilities(logits(model, page_found))[:, 0]
    confirmed = [page for page, keep in zip(pages, confirming, strict=True) if keep]
    ood = {path.name.split(".")[1]: labelled(path, head) for path in sorted((data / "dev_ood").glob(f"{head.file}.*"))}
    unseen = spoken_rows("unseen", {"attacks": int(head.task == "injection"), "harmless": 0}, 150)
    identity = spoken_rows("toxicity", {"clean": 0}, 400, seed=5)
    false, true, _ = roc_curve(judged.labels, outside)
    return {
        "development": binary(scores, labels)
        | {"aucInterval": bootstrap(lambda drawn: _auc(scores[drawn], labels[drawn]), len(labels))},
        "byLanguage": by(dev, scores, lambda row: row.lang),
        "leftOut": left_out_figures(judged, outside),
        "calibration": {"ece": _short(error), "bins": bins},
        "roc": [[_short(false[i]), _short(true[i])] for i in np.linspace(0, len(false) - 1, 60).astype(int)],
        "outOfDistribution": {
            name: binary(of(rows), np.array([row.label for row in rows])) for name, rows in ood.items() if rows
        },
        "pages": by(confirmed, page_scores[confirming], lambda row: row.lang),
        "pageSources": by(confirmed, page_scores[confirming], lambda row: row.source.split(":")[0]),
        "unseen": by(unseen, of(unseen), lambda row: f"{row.kind} {row.lang}"),
        "identity": by(identity, of(identity), lambda row: row.lang),
    }


def left_out_figures(judged: Judged, scores: np.ndarray) -> dict[str, Figures]:
    """Each source's threats against the harmless rows of its own group, where it has enough, else of all groups."""
    families = np.array([family(row.source) for row in judged.rows])
    sources = np.array(
        [
            row.source if row.source.startswith(("gptfuzz", "self", "garak")) else family(row.source)
            for row in judged.rows
        ]
    )
    found = {}
    for name in sorted(set(sources[judged.labels == 1].tolist())):
        ours = sources == name
        clean = (families == families[ours][0]) & (judged.labels == 0)
        if clean.sum() < 50:
            clean = judged.labels == 0
        asked = (ours & (judged.labels == 1)) | clean
        found[name] = binary(scores[asked], judged.labels[asked])
    return found


def label_figures(model: Model, data: Path, dev: Sequence[Row], dev_found: Chunks) -> Figures:
    """All of a head of several classes."""
    head = model.head
    probabilities = model.probabilities(logits(model, dev_found))
    labels = np.array([row.label for row in dev])
    said = probabilities.argmax(axis=1)
    error, bins = ece(probabilities.max(axis=1), (said == labels).astype(int))
    ood = {path.name.split(".")[1]: labelled(path, head) for path in sorted((data / "dev_ood").glob(f"{head.file}.*"))}
    langs = np.array([row.lang for row in dev])
    return {
        "development": {
            "rows": len(labels),
            "accuracy": _short((said == labels).mean()),
            "macroF1": _short(f1_score(labels, said, average="macro")),
            "accuracyInterval": bootstrap(lambda drawn: float((said == labels)[drawn].mean()), len(labels)),
        },
        "byLanguage": {lang: _short((said == labels)[langs == lang].mean()) for lang in sorted(set(langs.tolist()))},
        "byClass": _by_class(head.classes, labels, said),
        "confusion": confusion_matrix(labels, said, labels=range(len(head.classes))).tolist(),
        "calibration": {"ece": _short(error), "bins": bins},
        "outOfDistribution": {name: _accuracy(model, rows) for name, rows in ood.items()},
    }


def _by_class(classes: Sequence[str], labels: np.ndarray, said: np.ndarray) -> dict[str, Figures]:
    found = {}
    for i, name in enumerate(classes):
        right = int(((said == i) & (labels == i)).sum())
        found[name] = {
            "rows": int((labels == i).sum()),
            "precision": _short(right / max(1, int((said == i).sum()))),
            "recall": _short(right / max(1, int((labels == i).sum()))),
        }
    return found


def _accuracy(model: Model, rows: Sequence[Row]) -> Figures:
    """Among the classes that the set knows."""
    labels = np.array([row.label for row in rows])
    found = logits(model, chunks(rows, model.head))
    found[:, ~np.isin(np.arange(found.shape[1]), labels)] = -np.inf
    return {"rows": len(labels), "accuracy": _short((found.argmax(axis=1) == labels).mean())}


def _auc(scores: np.ndarray, labels: np.ndarray) -> float:
    return float(roc_auc_score(labels, scores)) if labels.any() and not labels.all() else 0.5


def _short(value: float) -> float:
    return round(float(value), 4)


def write_figures(folder: Path, figures: Figures) -> None:
    """`figures.json`, from which the card's tables and curves are drawn."""
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8", newline="\n")
