"""The steps of `encoder` that fit: a fit, the blend of two, and the search for a plan."""

import argparse
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModel, BertModel

from workshop.encoder import checkpoint
from workshop.encoder.blend import blended
from workshop.encoder.dev import Development
from workshop.encoder.examples import Example, examples
from workshop.encoder.export import export
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
    """Fit, or go on with a fit that was cut off."""
    model, tokenizer, draw, plan = _begin(given, data, given.share)
    folder = RUNS / given.run
    development = Development(data, WATCHED)
    best = Run(model, tokenizer, draw, plan, folder).fit(lambda one: development(of_model(one, tokenizer)))
    export(model, tokenizer, folder)
    (folder / "plan.json").write_text(
        json.dumps({**asdict(plan), "after": given.after, "rows": len(draw(0)), "figures": dict(best)}, indent=2) + "\n"
    )
    print(f"{shown(folder)}: {best}")


def blend_step(given: argparse.Namespace, data: Path) -> None:
    """The mean of a fit and the one that it went on from, as a fit of its own."""
    later = RUNS / given.run
    plan = json.loads((later / "plan.json").read_text())
    if not plan.get("after"):
        raise WorkshopError(
            f"{shown(later)} began with the student: only a fit --after another can be blended with it."
        )
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs for head in HEADS}).eval()
    model.load_state_dict(blended(fitted(RUNS / plan["after"]), fitted(later)))
    figures = dict(Development(data, WATCHED)(of_model(model, tokenizer)))
    folder = later.with_name(f"{later.name}-blended")
    export(model, tokenizer, folder)
    checkpoint.save({"model": model.state_dict(), "figures": figures}, folder / "best.pt")
    shutil.copyfile(later / "log.jsonl", folder / "log.jsonl")
    (folder / "plan.json").write_text(json.dumps({**plan, "blended": figures}, indent=2) + "\n")
    print(f"{shown(folder)}: {figures}")


def search_step(given: argparse.Namespace, data: Path) -> None:
    """Look for the plan that a small set likes best."""
    development = Development(data, WATCHED // 3)

    def score(plan: Plan, tell: Callable[[int, float], None]) -> float:
        model, tokenizer, draw, _ = _begin(given, data, 1.0)
        drawn = random.Random(plan.seed).sample(draw(0), min(_SEARCHED, len(draw(0))))
        step = 0

        def measure(one: Encoder) -> dict[str, float]:
            nonlocal step
            figures = dict(development(of_model(one, tokenizer)))
            step += 1
            tell(step, sum(figures.values()) / len(figures))
            return figures

        folder = RUNS / "search" / f"{plan.rate:.3g}-{plan.batch}-{plan.epochs}-{plan.warm_up:.3g}-{plan.decay:.3g}"
        best = Run(model, tokenizer, lambda _: drawn, plan, folder).fit(measure)
        return sum(best.values()) / len(best)

    best = search(score, replace(plan_for(_SEARCHED), rank=given.rank), RUNS / "search", seconds=3600 * given.hours)
    print(best)
