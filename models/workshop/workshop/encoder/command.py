"""Command `encoder`: from a teacher to the files of a text encoder, step by step. Needs the extra `encoder`."""

import argparse
import copy
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
from workshop.encoder.card import TRIALS, card
from workshop.encoder.compare import main_figures, settled
from workshop.encoder.dev import Development
from workshop.encoder.distil import Plan as DistilPlan
from workshop.encoder.distil import distil, student_state
from workshop.encoder.examples import Example, examples
from workshop.encoder.export import export
from workshop.encoder.judge import of_files, of_model, remembering
from workshop.encoder.lessons import lessons
from workshop.encoder.network import Encoder
from workshop.encoder.pack import encoder_pack
from workshop.encoder.quantize import SAMPLES, quantize
from workshop.encoder.search import search
from workshop.encoder.ship import SHIPPED, evaluate, ship, write_json
from workshop.encoder.teacher import teacher_folder
from workshop.encoder.train import Plan, Run, plan_for
from workshop.encoder.trials import trials
from workshop.errors import WorkshopError
from workshop.heads import HEADS
from workshop.pack import write_pack
from workshop.paths import CACHE, REPOSITORY, data_folder, shown

STUDENT = CACHE / "student"
RUNS = CACHE / "encoder"
_WATCHED = 600
_RECALLED = 2400
_SEARCHED = 5000


def encoder_command(given: argparse.Namespace) -> None:
    """Run one step."""
    _STEPS[given.step](given, data_folder(given.data))


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


def _distil(given: argparse.Namespace, data: Path) -> None:
    distil(data, DistilPlan(steps=given.steps, seconds=3600 * given.hours), STUDENT)


Draw = Callable[[int], list[Example]]


def _begin(given: argparse.Namespace, data: Path, share: float) -> tuple[Encoder, Tokenizer, Draw, Plan]:
    torch.manual_seed(42)
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs for head in HEADS})
    if given.after:
        model.load_state_dict(_fitted(RUNS / given.after))

    @lru_cache(1)
    def draw(epoch: int) -> list[Example]:
        return examples(lessons(data, given.seed + epoch, share), tokenizer)

    plan = replace(plan_for(len(draw(0))), rank=given.rank)
    return model, tokenizer, draw, replace(plan, epochs=given.epochs) if given.epochs else plan


def _fitted(folder: Path) -> dict[str, torch.Tensor]:
    state = checkpoint.load(folder / "best.pt")
    if state is None or any("lora" in name for name in state["model"]):
        raise WorkshopError(f"No whole model in {shown(folder)}: `encoder fit` without --rank leaves one.")
    found: dict[str, torch.Tensor] = state["model"]
    return found


def _fit(given: argparse.Namespace, data: Path) -> None:
    model, tokenizer, draw, plan = _begin(given, data, given.share)
    folder = RUNS / given.run
    development = Development(data, _WATCHED)
    best = Run(model, tokenizer, draw, plan, folder).fit(lambda one: development(of_model(one, tokenizer)))
    export(model, tokenizer, folder)
    (folder / "plan.json").write_text(
        json.dumps({**asdict(plan), "after": given.after, "rows": len(draw(0)), "figures": dict(best)}, indent=2) + "\n"
    )
    print(f"{shown(folder)}: {best}")


def _blend(given: argparse.Namespace, data: Path) -> None:
    later = RUNS / given.run
    plan = json.loads((later / "plan.json").read_text())
    if not plan.get("after"):
        raise WorkshopError(
            f"{shown(later)} began with the student: only a fit --after another can be blended with it."
        )
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs for head in HEADS}).eval()
    model.load_state_dict(blended(_fitted(RUNS / plan["after"]), _fitted(later)))
    figures = dict(Development(data, _WATCHED)(of_model(model, tokenizer)))
    folder = later.with_name(f"{later.name}-blended")
    export(model, tokenizer, folder)
    checkpoint.save({"model": model.state_dict(), "figures": figures}, folder / "best.pt")
    shutil.copyfile(later / "log.jsonl", folder / "log.jsonl")
    (folder / "plan.json").write_text(json.dumps({**plan, "blended": figures}, indent=2) + "\n")
    print(f"{shown(folder)}: {figures}")


def _search(given: argparse.Namespace, data: Path) -> None:
    development = Development(data, _WATCHED // 3)

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


def _quantize(given: argparse.Namespace, data: Path) -> None:
    texts = [lesson.text for lesson in lessons(data, 2, 0.02)]
    development = Development(data, _WATCHED, _RECALLED)
    quantize(RUNS / given.run, random.Random(1).sample(texts, SAMPLES), development)


def _run_of(given: argparse.Namespace) -> Path:
    folder = RUNS / str(given.run)
    if not (folder / "encoder.onnx").exists():
        raise WorkshopError(f"No encoder in {shown(folder)}: `encoder fit` makes one.")
    return folder


def _compare(given: argparse.Namespace, data: Path) -> None:
    folder = _run_of(given)
    judge = remembering(of_files(folder))
    found = {head.task: main_figures(head, settled(judge, head, data)) for head in HEADS}
    (folder / "compared.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))


def _ship(given: argparse.Namespace, data: Path) -> None:
    ship(_run_of(given), data)


def _evaluate(given: argparse.Namespace, data: Path) -> None:
    folder = _run_of(given)
    trunk, tokenizer = base_of(given.base)
    fitted = Encoder(copy.deepcopy(trunk), {head.task: head.outputs for head in HEADS})
    fitted.load_state_dict(_fitted(folder))
    unfitted = of_model(Encoder(trunk, {}), tokenizer)
    evaluate(of_files(SHIPPED), fitted.eval(), unfitted, tokenizer, data)


def _trials(_: argparse.Namespace, data: Path) -> None:
    write_json(SHIPPED / TRIALS, trials(RUNS, data))


def _card(_: argparse.Namespace, __: Path) -> None:
    card(SHIPPED)


def _pack(given: argparse.Namespace, data: Path) -> None:
    """However few heads gain: who adds a pack has chosen it."""
    folder = _run_of(given) / "packed"
    ship(_run_of(given), data, folder, 0)
    fit = json.loads((folder / "fit.json").read_text())
    told = {
        "id": f"own-{given.run}",
        "version": "1.0.0",
        "name": f"Text encoder ({given.run})",
        "license": "Apache-2.0",
        "source": "python -m workshop encoder",
    }
    write_pack(REPOSITORY / "out" / f"{told['id']}.wardpack", encoder_pack(folder, fit, told))


_STEPS: dict[str, Callable[[argparse.Namespace, Path], None]] = {
    "distil": _distil,
    "fit": _fit,
    "blend": _blend,
    "search": _search,
    "quantize": _quantize,
    "compare": _compare,
    "ship": _ship,
    "evaluate": _evaluate,
    "trials": _trials,
    "card": _card,
    "pack": _pack,
}
