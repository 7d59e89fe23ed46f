"""The step of `encoder` that takes the mean of several fits."""

import argparse
import json
import shutil
from pathlib import Path

import torch

from workshop.encoder import checkpoint
from workshop.encoder.dev import Development
from workshop.encoder.export import export
from workshop.encoder.fits import RUNS, WATCHED, base_of, fitted
from workshop.encoder.folds import mean_of
from workshop.encoder.judge import of_model
from workshop.encoder.network import Encoder
from workshop.errors import WorkshopError
from workshop.heads import HEADS
from workshop.paths import shown

_LAST = "/last"


def blend_step(given: argparse.Namespace, data: Path) -> None:
    """The mean of some fits' weights, as a fit of its own: it keeps more of what all could do.

    Wortsman et al., "Robust fine-tuning of zero-shot models" (2022).
    """
    if not given.of:
        raise WorkshopError("Name the fits by --of: RUN is the best model of a fit, RUN/last its last.")
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs for head in HEADS}).eval()
    model.load_state_dict(mean_of([_named(name) for name in given.of]))
    figures = dict(Development(data, WATCHED)(of_model(model, tokenizer)))
    folder, later = RUNS / given.run, RUNS / given.of[-1].removesuffix(_LAST)
    export(model, tokenizer, folder)
    checkpoint.save({"model": model.state_dict(), "figures": figures}, folder / "best.pt")
    shutil.copyfile(later / "log.jsonl", folder / "log.jsonl")
    plan = json.loads((later / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps({**plan, "of": given.of, "blended": figures}, indent=2) + "\n")
    print(f"{shown(folder)}: {figures}")


def _named(name: str) -> dict[str, torch.Tensor]:
    folder = RUNS / name.removesuffix(_LAST)
    state = checkpoint.load(folder / "checkpoint.pt") if name.endswith(_LAST) else None
    return state["model"] if state else fitted(folder)
