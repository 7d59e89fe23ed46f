"""What a head does to harmless comments that name a group of people (Borkan et al. 2019, Dixon et al. 2018)."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from workshop.linear_fit import family
from workshop.templates import templates
from workshop.text_data import Row
from workshop.text_normalise import normalise

FEWEST = 50
"""Harmless comments of a group; of fewer no share is told."""
RATE = 0.05


def named_groups(rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """For each group of `templates/identities.json` whether a row names it, in the row's language."""
    read = [normalise(row.text) for row in rows]
    found = {}
    for group, terms in templates("identities").items():
        expressions = {lang: re.compile(rf"\b(?:{source})\b") for lang, source in terms.items()}
        found[group] = np.array(
            [
                row.lang in expressions and expressions[row.lang].search(text) is not None
                for row, text in zip(rows, read, strict=True)
            ]
        )
    return found


def identity_gaps(rows: Sequence[Row], scores: np.ndarray, limit: float) -> dict[str, dict[str, Any]]:
    """By group: the harmless comments flagged, and the difference to what the sources' own mixture lets expect."""
    clean = np.array([row.label == 0 for row in rows])
    sources = np.array([family(row.source) for row in rows])
    everywhere = float(np.quantile(scores[clean], 1 - RATE))
    found: dict[str, dict[str, Any]] = {}
    for group, named in named_groups(rows).items():
        ours, others = named & clean, ~named & ~clean
        if ours.sum() < FEWEST:
            continue
        figures: dict[str, Any] = {"harmless": int(ours.sum()), "threats": int((named & ~clean).sum())}
        for ending, at in (("", limit), ("At5", everywhere)):
            said = scores >= at
            expected = sum(
                (ours & (sources == name)).sum() / ours.sum() * said[clean & (sources == name)].mean()
                for name in set(sources[ours].tolist())
            )
            share = float(said[ours].mean())
            figures |= {f"flagged{ending}": round(share, 4), f"gap{ending}": round(float(share - expected), 4)}
        both = ours | others
        figures["bpsnAuc"] = round(float(roc_auc_score(~clean[both], scores[both])), 4)
        found[group] = figures
    return found
