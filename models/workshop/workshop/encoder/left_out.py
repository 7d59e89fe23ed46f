"""Leave-one-source-out, as far as it can be paid for: with the trunk as it was distilled, which has seen no source.

Fitting the trunk anew without each family of sources would cost as many fits. A linear head over its fixed vectors
costs a minute, and is a floor for what the fitted trunk would reach.
"""

import random
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from workshop.encoder.judge import Judge
from workshop.heads import Head
from workshop.linear_fit import family, left_out_groups
from workshop.linear_metrics import auc, short
from workshop.text_data import Row, fit_rows, task_rows, unfitted_rows

_ROWS = 16_000
_FEWEST = 50


def left_out(judge: Judge, data: Path, head: Head) -> dict[str, float]:
    """Area under the curve of each source's threats, judged by a head that has seen no row of its family."""
    fitted = fit_rows(data, head)
    drawn = random.Random(11).sample(fitted, min(_ROWS, len(fitted)))
    others = [*task_rows(data, head, "dev"), *_some(unfitted_rows(data, head))]
    rows = [*drawn, *others]
    vectors = judge.says([row.text for row in rows], 1).vectors
    labels = np.array([row.label for row in rows])
    families = np.array([family(row.source) for row in rows])
    may_fit = np.arange(len(rows)) < len(drawn)
    found: dict[str, float] = {}
    for group in left_out_groups(drawn, others):
        ours = np.isin(families, list(group))
        regression = LogisticRegression(max_iter=300).fit(vectors[may_fit & ~ours], labels[may_fit & ~ours])
        scores = regression.decision_function(vectors)
        for name in sorted(set(families[ours & (labels == 1)].tolist())):
            clean = (families == name) & (labels == 0)
            asked = ((families == name) & (labels == 1)) | (clean if clean.sum() >= _FEWEST else labels == 0)
            found[name] = short(auc(scores[asked], labels[asked]))
    return found


def _some(rows: list[Row]) -> list[Row]:
    return random.Random(12).sample(rows, min(4000, len(rows)))
