"""How many attacks are found and how many clean pages are flagged, at each level and in each part."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from workshop.pages.features import Seen
from workshop.pages.fit import Model, logits, page_logits
from workshop.pages.twins import Page, Passage

LEVELS = {"relaxed": 0.85, "balanced": 0.75, "strict": 0.7}
"""The limits of `src/core/policy.ts`."""

Figures = dict[str, Any]


@dataclass(frozen=True)
class Measured:
    """A model and what it is measured on."""

    model: Model
    seen: Seen
    pages: Sequence[Page]
    about: Sequence[tuple[str, Passage]]
    ordinary: Sequence[tuple[str, Passage]]


def figures_of(given: Measured) -> Figures:
    """All figures of the card."""
    model, seen, pages = given.model, given.seen, given.pages
    found = page_logits(model, pages, seen)
    spots = logits(model, [page.passages[page.spot] for page in pages], seen)
    labels = np.array([page.is_attack for page in pages])

    def part(name: Callable[[Page], str]) -> Figures:
        groups = np.array([name(page) for page in pages])
        return {
            str(one): _rates(found[groups == one], labels[groups == one], LEVELS["balanced"])
            for one in dict.fromkeys(groups.tolist())
        }

    return {
        "pages": {level: _rates(found, labels, limit) for level, limit in LEVELS.items()},
        "spotAuc": round(float(roc_auc_score(labels, spots)), 4),
        "pageAuc": round(float(roc_auc_score(labels, found)), 4),
        "byPlacement": part(lambda page: page.placement),
        "byVisibleRole": part(_role),
        "byGoal": part(lambda page: page.goal),
        "byLanguage": part(lambda page: page.lang),
        "about": _flagged(model, [one for _, one in given.about], seen),
        "ordinary": _flagged(model, [one for _, one in given.ordinary], seen),
        "ordinaryByLanguage": {
            lang: _flagged(model, [one for other, one in given.ordinary if other == lang], seen)
            for lang in dict.fromkeys(lang for lang, _ in given.ordinary)
        },
    }


def _role(page: Page) -> str:
    return page.passages[page.spot].place.role if page.placement == "visible" else "hidden"


def _rates(found: np.ndarray, labels: np.ndarray, limit: float) -> Figures:
    flagged = found >= np.log(limit / (1 - limit))
    hits, alarms = int((flagged & labels).sum()), int((flagged & ~labels).sum())
    attacks, clean = int(labels.sum()), int((~labels).sum())
    return {
        "attacks": attacks,
        "clean": clean,
        "recall": round(hits / max(1, attacks), 4),
        "cleanFlagged": round(alarms / max(1, clean), 4),
        "precision": round(hits / max(1, hits + alarms), 4),
        "f1": round(2 * hits / max(1, attacks + hits + alarms), 4),
    }


def _flagged(model: Model, passages: Sequence[Passage], seen: Seen) -> Figures:
    found = logits(model, passages, seen)
    return {
        "texts": len(passages),
        **{level: round(float((found >= np.log(limit / (1 - limit))).mean()), 5) for level, limit in LEVELS.items()},
    }
