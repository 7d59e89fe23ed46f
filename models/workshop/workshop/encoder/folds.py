"""Stratified folds: each model is measured on the part of the lessons that it has not seen, and their mean is kept."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.model_selection import StratifiedKFold

from workshop.encoder.dev import Figures, entity_f1, head_figures
from workshop.encoder.judge import Judge
from workshop.encoder.lessons import Lesson
from workshop.heads import HEADS

Part = tuple[list[Lesson], list[Lesson]]
"""What is fitted, and what is left out of it."""


def split(lessons: Sequence[Lesson], count: int, seed: int) -> list[Part]:
    """Every lesson is left out once; languages and answers have like shares in each part."""
    kinds = [f"{one.lang} {sorted(one.answers.items())} {one.spans is not None}" for one in lessons]
    common = Counter(kinds)
    strata = [kind if common[kind] >= count else "" for kind in kinds]
    parts = StratifiedKFold(count, shuffle=True, random_state=seed).split(np.zeros(len(lessons)), strata)
    return [([lessons[at] for at in fitted], [lessons[at] for at in left]) for fitted, left in parts]


class LeftOut:
    """The lessons of one part; calling it measures a judge by them, as `Development` does by its rows."""

    def __init__(self, lessons: Sequence[Lesson], per_head: int) -> None:
        """At most so many of each head, the first ones."""
        self._rows = {head.task: [one for one in lessons if head.task in one.answers][:per_head] for head in HEADS}
        self._marked = [one for one in lessons if one.spans is not None and not one.has_names_alone][:per_head]

    def __call__(self, judge: Judge) -> Figures:
        """Of the heads of which both yes and no, or any class, were left out."""
        found = {}
        if self._marked:
            said = judge.says([one.text for one in self._marked]).entities
            found["entities/f1"] = entity_f1(said, [set(one.spans or ()) for one in self._marked])
        for head in HEADS:
            rows = self._rows[head.task]
            truth = np.array([one.answers[head.task] for one in rows])
            if len(set(truth.tolist())) > 1:
                found |= head_figures(head, judge.says([one.text for one in rows], 1).logits[head.task], truth)
        return {name: round(value, 4) for name, value in found.items()}


def cross_validated(
    lessons: Sequence[Lesson], count: int, seed: int, fit: Callable[[int, Part], Figures]
) -> dict[str, Any]:
    """Fits each part by `fit`, which answers with its figures: all of them, their means and standard deviations."""
    parts = [fit(number, part) for number, part in enumerate(split(lessons, count, seed))]
    names = sorted(set.intersection(*(set(part) for part in parts)))
    values = np.array([[part[name] for name in names] for part in parts])
    return {
        "folds": [dict(part) for part in parts],
        "mean": dict(zip(names, values.mean(0).round(4).tolist(), strict=True)),
        "deviation": dict(zip(names, values.std(0, ddof=1).round(4).tolist(), strict=True)),
    }


def mean_of(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of some models' weights, all fitted from the same beginning; what is no fraction is the last's.

    Wortsman et al., "Model soups" (2022): as good as asking all of them, for the price of one.
    """
    return {
        name: torch.stack([one[name] for one in states]).mean(0) if value.is_floating_point() else value
        for name, value in states[-1].items()
    }
