"""The steps of `encoder` that fit: a fit, one by folds, and the search for a plan."""

import argparse
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import AutoModel, BertModel

from workshop.encoder import checkpoint
from workshop.encoder.dev import Development, Figures
from workshop.encoder.examples import Example, examples
from workshop.encoder.export import export
from workshop.encoder.folds import LeftOut, Part, cross_validated, mean_of
from workshop.encoder.judge import of_model
from workshop.encoder.lessons import lessons
from workshop.encoder.network import Encoder
from workshop.encoder.search import search
from workshop.encoder.student import student_state
from workshop.encoder.teacher import teacher_folder
from workshop.encoder.train import Plan, Run, plan_for
from workshop.errors import WorkshopError
from workshop.heads import HEADS
from workshop.paths import CACHE, shown

STUDENT = CACHE / "student"
RUNS = CACHE / "encoder"
WATCHED = 600
"""Development rows of a head, while it is fitted."""
_SEARCHED = 5000


def base_of(folder: str | None) -> tuple[BertModel, Tokenizer]:
    """The trunk to begin with: a maintainer's own, or the student's running average."""
    if folder:
        trunk = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
        return trunk, Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    tokenizer = Tokenizer.from_file(str(STUDENT / "tokenizer.json"))
    trunk = AutoModel.from_pretrained(teacher_folder(), add_pooling_layer=False, attn_implementation="eager")
    trunk.resize_token_embeddings(tokenizer.get_vocab_size())
    trunk.load_state_dict(student_state(STUDENT))
    return trunk, tokenizer


Draw = Callable[[int], list[Example]]


def _begin(given: argparse.Namespace, data: Path, share: float) -> tuple[Encoder, Tokenizer, Draw, Plan]:
    torch.manual_seed(42)
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs for head in HEADS})
    if given.after:
        model.load_state_dict(fitted(RUNS / given.after))

    @lru_cache(1)
    def draw(epoch: int) -> list[Example]:
        return examples(lessons(data, given.seed + epoch, share), tokenizer)

    plan = replace(plan_for(len(draw(0))), rank=given.rank)
    return model, tokenizer, draw, replace(plan, epochs=given.epochs) if given.epochs else plan


def fitted(folder: Path) -> dict[str, torch.Tensor]:
    """The best model of a fit; raises WorkshopError where there is none, or one with low-rank paths alone."""
    state = checkpoint.load(folder / "best.pt")
    if state is None or any("lora" in name for name in state["model"]):
        raise WorkshopError(f"No whole model in {shown(folder)}: `encoder fit` without --rank leaves one.")
    found: dict[str, torch.Tensor] = state["model"]
    return found


def fit_step(given: argparse.Namespace, data: Path) -> None:
    """Fit, or go on with a fit that was cut off; in folds where they are asked for."""
    if given.folds:
        _fit_folds(given, data)
        return
    folder = RUNS / given.run
    begun = begun_with(given, folder)
    model, tokenizer, draw, plan = _begin(given, data, given.share)
    development = Development(data, WATCHED)
    best = Run(model, tokenizer, draw, plan, folder).fit(lambda one: development(of_model(one, tokenizer)))
    export(model, tokenizer, folder)
    (folder / "plan.json").write_text(
        json.dumps({**asdict(plan), **begun, "rows": len(draw(0)), "figures": dict(best)}, indent=2) + "\n"
    )
    print(f"{shown(folder)}: {best}")


def begun_with(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """With what a fit began, kept in its folder; raises WorkshopError where one that was cut off began otherwise."""
    begun = {"after": given.after, "drawSeed": given.seed, "share": given.share}
    path = folder / "begun.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(begun) + "\n")
    known = json.loads(path.read_text())
    if known != begun:
        raise WorkshopError(f"{shown(folder)} began with {known}, not with {begun}: name another --run.")
    return begun


def _fold_fit(
    model: Encoder, tokenizer: Tokenizer, plan: Plan, folder: Path, told: Callable[[int, Figures], None]
) -> Callable[[int, Part], Figures]:
    """Fits a fold, always from the model as it is now; `told` hears the figures of what was left out."""
    start = {name: value.clone() for name, value in model.state_dict().items()}

    def fit(number: int, part: Part) -> Figures:
        model.load_state_dict(start)
        rows, left = examples(part[0], tokenizer), LeftOut(part[1], WATCHED)
        run = Run(model, tokenizer, lambda _: rows, plan, folder / f"fold-{number}")
        figures = run.fit(lambda one: left(of_model(one, tokenizer)))
        told(number, figures)
        return figures

    return fit


def _fit_folds(given: argparse.Namespace, data: Path) -> None:
    """A fit for each fold, and the mean of their weights as the fit that is named."""
    model, tokenizer, _, plan = _begin(given, data, given.share)
    folder, states = RUNS / given.run, []

    def told(_: int, __: Figures) -> None:
        states.append({name: value.clone() for name, value in model.state_dict().items()})

    taught = lessons(data, given.seed, given.share)
    found = cross_validated(taught, given.folds, plan.seed, _fold_fit(model, tokenizer, plan, folder, told))
    model.load_state_dict(mean_of(states))
    figures = dict(Development(data, WATCHED)(of_model(model.eval(), tokenizer)))
    export(model, tokenizer, folder)
    checkpoint.save({"model": model.state_dict(), "figures": figures}, folder / "best.pt")
    curve = {"step": 0, "mean": round(_mean(figures), 4), **figures}
    (folder / "log.jsonl").write_text(json.dumps(curve) + "\n")
    kept = {**asdict(plan), "after": given.after, "rows": len(taught), "figures": figures, "crossValidated": found}
    (folder / "plan.json").write_text(json.dumps(kept, indent=2) + "\n")
    print(f"{shown(folder)}: by folds {found['mean']}; the mean of their weights on development {figures}")


def search_step(given: argparse.Namespace, data: Path) -> None:
    """Look for the plan that a small set likes best, on development rows or, if asked for, by folds of the set."""
    development = Development(data, WATCHED // 3)
    taught = lessons(data, given.seed, 1.0)
    drawn = random.Random(given.seed).sample(taught, min(_SEARCHED, len(taught)))

    def score(plan: Plan, tell: Callable[[int, float], None]) -> float:
        torch.manual_seed(plan.seed)
        trunk, tokenizer = base_of(given.base)
        model = Encoder(trunk, {head.task: head.outputs for head in HEADS})
        named = f"{plan.rate:.3g}-{plan.batch}-{plan.epochs}-{plan.warm_up:.3g}-{plan.decay:.3g}"
        folder = RUNS / "search" / (f"{named}-folds-{given.folds}" if given.folds else named)
        if given.folds:
            fit = _fold_fit(model, tokenizer, plan, folder, lambda number, figures: tell(number, _mean(figures)))
            return _mean(cross_validated(drawn, given.folds, plan.seed, fit)["mean"])
        rows = examples(drawn, tokenizer)
        steps = itertools.count(1)

        def measure(one: Encoder) -> Figures:
            figures = development(of_model(one, tokenizer))
            tell(next(steps), _mean(figures))
            return figures

        return _mean(Run(model, tokenizer, lambda _: rows, plan, folder).fit(measure))

    print(search(score, replace(plan_for(_SEARCHED), rank=given.rank), RUNS / "search", seconds=3600 * given.hours))


def _mean(figures: Figures) -> float:
    return sum(figures.values()) / len(figures)
