"""Command `encoder`: from a teacher to the files of a text encoder, step by step. Needs the extra `encoder`."""

import argparse
import copy
import json
import random
from collections.abc import Callable
from pathlib import Path

from workshop.encoder.blend import blend_step
from workshop.encoder.card import SEARCH, TRIALS, card
from workshop.encoder.compare import main_figures, settled
from workshop.encoder.dev import Development
from workshop.encoder.distil import Plan, distil
from workshop.encoder.evaluate import LEFT_OUT, evaluate
from workshop.encoder.fits import RUNS, STUDENT, base_of, fit_step, fitted, search_step
from workshop.encoder.judge import of_files, of_model, remembering
from workshop.encoder.left_out_fits import TASK, left_out_step
from workshop.encoder.lessons import lessons
from workshop.encoder.network import Encoder
from workshop.encoder.pack import encoder_pack
from workshop.encoder.quantize import SAMPLES, quantize
from workshop.encoder.search import record
from workshop.encoder.ship import SHIPPED, ship, write_json
from workshop.encoder.trials import trials
from workshop.errors import WorkshopError
from workshop.heads import HEADS
from workshop.pack import write_pack
from workshop.paths import REPOSITORY, data_folder, shown

_COMPARED = 1500
"""Development rows of a head, by which a file is refused: of 600, ten that change their class are 2 %."""
_RECALLED = 2400


def encoder_command(given: argparse.Namespace) -> None:
    """Run one step."""
    _STEPS[given.step](given, data_folder(given.data))


def _distil(given: argparse.Namespace, data: Path) -> None:
    distil(data, Plan(steps=given.steps, seconds=3600 * given.hours), STUDENT)


def _quantize(given: argparse.Namespace, data: Path) -> None:
    texts = [lesson.text for lesson in lessons(data, 2, 0.02)]
    development = Development(data, _COMPARED, _RECALLED)
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
    whole = Encoder(copy.deepcopy(trunk), {head.task: head.outputs for head in HEADS})
    whole.load_state_dict(fitted(folder))
    unfitted = of_model(Encoder(trunk, {}), tokenizer)
    evaluate(SHIPPED, whole.eval(), (of_files(SHIPPED), unfitted), tokenizer, data)


def _search(given: argparse.Namespace, data: Path) -> None:
    search_step(given, data)
    write_json(SHIPPED / SEARCH, record(RUNS / "search"))


def _trials(_: argparse.Namespace, data: Path) -> None:
    write_json(SHIPPED / TRIALS, trials(RUNS, data))


def _left_out(given: argparse.Namespace, data: Path) -> None:
    write_json(SHIPPED / LEFT_OUT, {TASK: left_out_step(given, data)})


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
    "fit": fit_step,
    "blend": blend_step,
    "search": _search,
    "quantize": _quantize,
    "compare": _compare,
    "ship": _ship,
    "evaluate": _evaluate,
    "left-out": _left_out,
    "trials": _trials,
    "card": _card,
    "pack": _pack,
}
