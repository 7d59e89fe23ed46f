"""Command `pages`: fits `models/page-injection`, or measures it as it is shipped."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from workshop.pages.card import card
from workshop.pages.features import Seen
from workshop.pages.figures import Measured, figures_of
from workshop.pages.fit import (
    MIXED,
    PLACE,
    THRESHOLD,
    VOTE,
    Model,
    examples,
    fit,
    limit_of,
    logits,
    page_logits,
    shifted,
)
from workshop.pages.material import Material, blunt, material, measuring
from workshop.pages.natural import NOTHING, natural
from workshop.pages.twins import Page, Passage, own, twins
from workshop.paths import MODELS, REPOSITORY, shown

FOLDER = MODELS / "page-injection"
FIXTURE = REPOSITORY / "test" / "fixtures" / "pages" / "twins.json"
VERSION = "1.0.0"
_RATES = {"clean": 0.004, "about": 0.015, "ordinary": 0.0008}
"""Of templates that are not fitted on: the share of clean pages, articles about injection, ordinary texts flagged."""
_RATES_ALONE = {"clean": 0.0016, "about": 0.005, "ordinary": 0.0002}
"""Likewise, by the mean of linear head and encoder alone."""
_RIDGES = ((1.0, 0.1), (0.1, 0.1), (0.1, 0.03), (0.03, 0.03), (10.0, 0.1), (1.0, 1.0))
"""Inverse, of all features and of single cues."""
_VECTORS = 150


def _blunt_figures(model: Model, blunt: dict[str, list[Passage]], seen: Seen) -> dict[str, int]:
    """How many of them are flagged at the level `balanced`."""
    limit = float(np.log(THRESHOLD / (1 - THRESHOLD)))
    flagged = {name: int((logits(model, passages, seen) >= limit).sum()) for name, passages in blunt.items()}
    return {"texts": len(blunt["visible"]), **flagged}


def pages(data: Path, *, evaluates_only: bool) -> None:
    """Fit, measure, write the model with its vectors, figures, card and the tests' fixture; or all but the model."""
    choice, test = measuring(natural(data, "test"))
    blunted = blunt(data)
    beside = [one for passages in blunted.values() for one in passages]
    if evaluates_only:
        shipped = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
        names, values = zip(*shipped["weights"].items(), strict=True)
        model = Model(names, np.array(values), shipped["intercept"], has_rules=True, alone=shipped.get("alone"))
        seen = Seen([*test.passages(), *beside])
        figures = json.loads((FOLDER / "figures.json").read_text(encoding="utf-8"))
        figures |= figures_of(Measured(model, seen, test.pages, test.about, test.ordinary))
    else:
        fitted = material(own("fit"), natural(data, "fit"), 10, 100, seed=7)
        seen = Seen([*fitted.passages(), *choice.passages(), *test.passages(), *beside])
        model, figures = _fit_all(fitted, choice, test, seen)
        model = _written(model)
    _write(FOLDER / "figures.json", {**figures, "blunt": _blunt_figures(model, blunted, seen)})
    _write_golden(model)
    card(FOLDER)


def _fit_all(fitted: Material, choice: Material, test: Material, seen: Seen) -> tuple[Model, dict[str, Any]]:
    fitted_on = [name for name in seen.names if name != VOTE]
    parts = {
        "words and structure": tuple(fitted_on),
        "words alone": tuple(name for name in fitted_on if name not in (*PLACE, *MIXED)),
        "structure alone": tuple(name for name in fitted_on if name in PLACE),
        "rules and models alone": ("models", "rules"),
    }
    models = {name: _chosen(columns, fitted, choice, seen) for name, columns in parts.items()}
    measured = {
        name: figures_of(Measured(model, seen, test.pages, test.about, test.ordinary)) for name, model in models.items()
    }
    for name, figures in measured.items():
        print(name, figures["pages"]["balanced"], figures["spotAuc"], figures["about"], flush=True)
    # What is measured as shipped is with the vote, and told apart.
    shipped = replace(models["words and structure"], alone=_alone(choice, seen))
    name = "words and structure, and the vote of both models"
    measured = {name: figures_of(Measured(shipped, seen, test.pages, test.about, test.ordinary)), **measured}
    print(name, shipped.alone, measured[name]["pages"]["balanced"], measured[name]["about"], flush=True)
    ablation = {name: _short(figures) for name, figures in measured.items()}
    return shipped, {**measured[name], "ablation": ablation}


def _alone(choice: Material, seen: Seen) -> float | None:
    """How far the vote has to lie above its own limit; none where no encoder was asked anything."""
    vote = Model((), np.empty(0), -np.inf, alone=0.0)
    limit = limit_of(_harmless(vote, choice, seen, _RATES_ALONE))
    asked = any(seen.heads(one) for one in choice.passages())
    return round(limit - float(np.log(THRESHOLD / (1 - THRESHOLD))), 6) if asked else None


def _chosen(names: Sequence[str], fitted: Material, choice: Material, seen: Seen) -> Model:
    """Of several ridges the one that finds most at its limit, both by templates that are not fitted on."""
    attacks = [page for page in choice.pages if page.is_attack]
    best: tuple[float, Model] | None = None
    for ridges in _RIDGES:
        model = _fitted(fitted, seen, names, ridges)
        limit = limit_of(_harmless(model, choice, seen, _RATES))
        recall = float((page_logits(model, attacks, seen) >= limit).mean())
        print(len(names), ridges, f"limit {limit:.2f} recall {recall:.3f}", flush=True)
        if best is None or recall > best[0]:
            best = recall, shifted(model, limit)
    assert best
    return best[1] if "rules" in names else replace(best[1], has_rules=False)


def _harmless(
    model: Model, choice: Material, seen: Seen, rates: dict[str, float]
) -> dict[str, tuple[np.ndarray, float]]:
    """What may be flagged of each set, and how much of it."""
    clean = [page for page in choice.pages if not page.is_attack]
    return {
        "clean": (page_logits(model, clean, seen), rates["clean"]),
        "about": (logits(model, [one for _, one in choice.about], seen), rates["about"]),
        "ordinary": (logits(model, [one for _, one in choice.ordinary], seen), rates["ordinary"]),
    }


def _fitted(material: Material, seen: Seen, names: Sequence[str], ridges: tuple[float, float]) -> Model:
    about = [one for _, one in material.about]
    return fit(examples(material.pages, about, [one for _, one in material.ordinary]), seen, names, ridges)


def _short(figures: dict[str, Any]) -> dict[str, Any]:
    return {"spotAuc": figures["spotAuc"], **figures["pages"]["balanced"], "about": figures["about"]["balanced"]}


def _written(model: Model) -> Model:
    """As it is in the file: rounded."""
    weights = {name: round(float(one), 6) for name, one in zip(model.names, model.weights, strict=True)}
    intercept = round(model.intercept, 6)
    known = {"version": VERSION, "intercept": intercept, "alone": model.alone, "weights": weights}
    _write(FOLDER / "model.json", {name: value for name, value in known.items() if value is not None})
    return replace(model, weights=np.array(list(weights.values())), intercept=intercept)


def _write_golden(model: Model) -> None:
    """Vectors and the tests' pages, of this project's own sentences alone, with what the heads of today say of them."""
    sample = twins(own("test"), NOTHING, 2, seed=78)
    passages = list(dict.fromkeys(page.passages[page.spot] for page in sample))[:_VECTORS]
    read = Seen([*passages, *(one for page in sample for one in page.passages)])
    vectors = [
        {
            "text": one.text,
            "structure": {"concealments": one.place.concealments, "role": one.place.role},
            **read.heads(one),
            "features": read.of(one).tolist(),
            "score": float(1 / (1 + np.exp(-model.logit(read.of(one), read.names)))),
        }
        for one in passages
    ]
    _write(FOLDER / "reference.json", {"tolerance": 1e-6, "names": read.names, "vectors": vectors})
    FIXTURE.parent.mkdir(parents=True, exist_ok=True)
    _write(FIXTURE, [_fixture(page, read) for page in sample])


def _fixture(page: Page, read: Seen) -> dict[str, Any]:
    return {
        "lang": page.lang,
        "goal": page.goal,
        "placement": page.placement,
        "isAttack": page.is_attack,
        "spot": page.spot,
        "passages": [
            {
                "text": one.text,
                "structure": {"concealments": one.place.concealments, "role": one.place.role},
                **read.heads(one),
            }
            for one in page.passages
        ],
        "html": page.html(),
    }


def _write(path: Path, value: object) -> None:
    path.write_text(
        json.dumps(
            value,
            ensure_ascii=False,
            separators=(",", ":") if isinstance(value, list) else None,
            indent=None if isinstance(value, list) else 1,
        )
        + "\n",
        encoding="utf-8",
        newline="\n",
    )
    print(f"{shown(path)}: {path.stat().st_size} bytes", flush=True)
