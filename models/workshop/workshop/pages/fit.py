"""A small logistic regression over passages; a page is as suspicious as its worst one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from workshop.pages.features import Seen
from workshop.pages.twins import Page, Passage

THRESHOLD = 0.75
"""What the limit of the level `balanced` is called, in every judge of text."""

_ROUNDS = 3
VOTE = "plainVote"
"""The mean of linear head and encoder where both were asked and nothing excuses them; nothing is fitted on it."""
PLACE = ("zeroWidth", "tags", "overrides", "undrawn", "styled", "shown", "said", "article")
"""Features of the structure alone."""
MIXED = (
    *("shownBreadth", "shownRules", "shownModels", "shownEncoder"),
    *("concealedModels", "concealedBreadth", "concealedAimed", "concealedEncoder"),
)
"""Features of words and structure together."""
CUES = (
    *(
        "machine",
        "assistant",
        "reading",
        "user",
        "answer",
        "frame",
        "authority",
        "private",
        "must",
        "override",
        "secrecy",
        "send",
    ),
    *("tool", "open", "output", "praise", "suppress", "prompt", "persona", "memory", "falsify", "informal"),
)
"""Families of `src/core/text/cues.json`."""
EXCUSES = ("shown", "article", "about", "aboutBreadth", "aboutRules", "aboutModels", "aboutEncoder", *MIXED[:4])
"""Features that may only speak for harmlessness; all others may only speak against it, or for nothing."""


@dataclass(frozen=True)
class Examples:
    """Passages to fit on, each with its label and its weight."""

    passages: list[Passage]
    labels: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Model:
    """Weights by name; other features count for nothing."""

    names: tuple[str, ...]
    weights: np.ndarray
    intercept: float
    has_rules: bool = False
    alone: float | None = None
    """From log-odds this much higher the mean of linear head and encoder counts by itself."""

    def logit(self, rows: np.ndarray, names: Sequence[str]) -> float:
        """The loudest chunk's; what a rule meets, or both models say, and nothing excuses, counts by itself."""
        columns = [names.index(name) for name in self.names]
        found = rows[:, columns] @ self.weights + self.intercept
        if self.has_rules:
            rules = np.clip(rows[:, names.index("plainRules")], 1e-9, 1 - 1e-9)
            found = np.maximum(found, np.log(rules / (1 - rules)))
        if self.alone is not None:
            found = np.maximum(found, rows[:, names.index(VOTE)] - self.alone)
        return float(found.max())


def examples(pages: Sequence[Page], about: Sequence[Passage], ordinary: Sequence[Passage]) -> Examples:
    """Attacks against what stands in their place, beside them, and elsewhere."""
    spots = [(page.passages[page.spot], int(page.is_attack), 1.0) for page in pages]
    beside = [
        (one, 0, 0.3) for page in pages if not page.is_attack for i, one in enumerate(page.passages) if i != page.spot
    ]
    rows = [*spots, *beside, *((one, 0, 2.0) for one in about), *((one, 0, 0.5) for one in ordinary)]
    passages, labels, weights = zip(*rows, strict=True)
    return Examples(list(passages), np.array(labels), np.array(weights))


def fit(given: Examples, seen: Seen, names: Sequence[str], ridges: tuple[float, float] = (1.0, 0.1)) -> Model:
    """The regression over the features that are named, each text by its loudest chunk.

    `ridges` are inverse: of all features, and of single cues, since each of these stands in few templates.
    """
    columns = [seen.names.index(name) for name in names]
    chunks = [seen.of(passage)[:, columns] for passage in given.passages]
    # Of a text's chunks the one with most in it, until a model says better.
    picked = np.array([rows[rows.sum(axis=1).argmax()] for rows in chunks])
    weights, intercept = np.zeros(len(names)), 0.0
    for _ in range(_ROUNDS):
        weights, intercept = _regression(picked, given, names, ridges)
        picked = np.array([rows[(rows @ weights).argmax()] for rows in chunks])
    return Model(tuple(names), weights, intercept)


def _regression(
    rows: np.ndarray, given: Examples, names: Sequence[str], ridges: tuple[float, float]
) -> tuple[np.ndarray, float]:
    """Logistic, l2, each weight bounded by the sign that its feature can only have: few templates cannot bend it."""
    signs = 2 * given.labels - 1
    ridge = 1 / np.array([ridges[name in CUES] for name in names])

    def loss(found: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (rows @ found[:-1] + found[-1])
        pull = -signs * given.weights / (1 + np.exp(margins))
        value = given.weights @ np.logaddexp(0, -margins) + ridge @ found[:-1] ** 2 / 2
        return float(value), np.append(pull @ rows + ridge * found[:-1], pull.sum())

    bounds = [(None, 0.0) if name in EXCUSES else (0.0, None) for name in names]
    found = minimize(
        loss,
        np.zeros(len(names) + 1),
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)],
        options={"maxiter": 2000},
    ).x
    return found[:-1], float(found[-1])


def logits(model: Model, passages: Sequence[Passage], seen: Seen) -> np.ndarray:
    """One a passage."""
    return np.array([model.logit(seen.of(one), seen.names) for one in passages])


def page_logits(model: Model, pages: Sequence[Page], seen: Seen) -> np.ndarray:
    """One a page."""
    return np.array([max(model.logit(seen.of(one), seen.names) for one in page.passages) for page in pages])


def limit_of(harmless: dict[str, tuple[np.ndarray, float]]) -> float:
    """The lowest logit that keeps, of each set of harmless ones, the flagged share within what is allowed."""
    return max(float(np.quantile(found, 1 - share, method="higher")) + 1e-6 for found, share in harmless.values())


def shifted(model: Model, limit: float) -> Model:
    """The same slopes; at `limit` the probability is THRESHOLD."""
    return replace(
        model, intercept=model.intercept + float(np.log(THRESHOLD / (1 - THRESHOLD))) - limit, has_rules=True
    )
