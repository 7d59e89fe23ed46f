"""One figure a head on the development rows: what fitting, searching and quantising watch."""

import random
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from workshop.encoder.judge import Judge
from workshop.encoder.pii import Span, sentences
from workshop.heads import HEADS, Head
from workshop.linear_metrics import recall_at
from workshop.text_data import Row, task_rows

Figures = Mapping[str, float]
_RECALLED = "injection"


class Development:
    """The development rows; calling it measures a judge.

    Threats: the area under the curve, and of injection also the recall at 1 % of false alarms. Labels: accuracy.
    Tokens: F1 of whole entities on generated sentences whose templates and values are not fitted.
    """

    def __init__(self, data: Path, per_head: int, recalled: int | None = None) -> None:
        """At most `per_head` rows of each head, and a fifth as many sentences a language.

        `recalled`: how many of injection instead, whose recall hangs on the few highest harmless rows: of 600 rows one
        attack is 1.4 points.
        """
        chance = random.Random(5)
        counts = {_RECALLED: recalled or per_head}
        self._rows = [(head, _drawn(data, head, counts.get(head.task, per_head), chance)) for head in HEADS]
        self._sentences = sentences("unseen", max(10, per_head // 5), 1)

    def __call__(self, judge: Judge, max_windows: int = 1) -> Figures:
        """Figures by head, all between 0 and 1, the higher the better."""
        said = judge.says([one.text for one in self._sentences]).entities
        found = {"entities/f1": entity_f1(said, [set(one.spans) for one in self._sentences])}
        for head, rows in self._rows:
            logits = judge.says([row.text for row in rows], max_windows).logits[head.task]
            found |= head_figures(head, logits, np.array([row.label for row in rows]))
        return {name: round(value, 4) for name, value in found.items()}


def _drawn(data: Path, head: Head, count: int, chance: random.Random) -> list[Row]:
    rows = task_rows(data, head, "dev")
    return chance.sample(rows, min(count, len(rows)))


def head_figures(head: Head, logits: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Of one head on rows whose classes are known."""
    if not head.category:
        return {f"{head.task}/accuracy": float((logits.argmax(1) == truth).mean())}
    found = {f"{head.task}/auc": float(roc_auc_score(truth, logits[:, 0]))}
    return found | ({f"{_RECALLED}/recall": recall_at(logits[:, 0], truth, 0.01)} if head.task == _RECALLED else {})


def entity_f1(said: list[set[Span]], wanted: list[set[Span]]) -> float:
    """Micro F1 of entities: right is what has the same characters and the same type."""
    right = sum(len(found & true) for found, true in zip(said, wanted, strict=True))
    return 2 * right / max(1, sum(map(len, said)) + sum(map(len, wanted)))
