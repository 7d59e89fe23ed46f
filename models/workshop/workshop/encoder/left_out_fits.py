"""Leave-one-source-out with the trunk: the encoder fitted anew, and shortly, without some families of sources.

Families are dealt out as for the linear half, so that of every row both halves speak that have seen nothing of its
family. Only groups that hold threats are fitted; what each says is kept, so that a run that was cut off goes on.
"""

import argparse
import json
import math
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from workshop.encoder.calibration import calibrated
from workshop.encoder.compare import WEIGHTS
from workshop.encoder.examples import Example, examples
from workshop.encoder.fits import RUNS, STUDENT, base_of
from workshop.encoder.judge import Floats, of_model
from workshop.encoder.lessons import Lesson, drawn_rows
from workshop.encoder.network import Encoder
from workshop.encoder.train import Run, plan_for
from workshop.errors import WorkshopError
from workshop.heads import Head, head_of
from workshop.linear_fit import Chunks, chunks, family, leave_out, left_out_groups, logits
from workshop.linear_metrics import auc, recall_at, short
from workshop.linear_model import Model, read_model
from workshop.paths import shown
from workshop.text_data import Row, fit_rows, task_rows, unfitted_rows

Figures = dict[str, Any]
TASK = "injection"
FOLDER = RUNS / "left-out"
_JUDGED = 500
"""Rows of a family and class."""
_CALIBRATING = 200
"""Of a family and class likewise."""
FEWEST = 50
"""Harmless rows of a family; of fewer, those of all families stand against its threats."""


@dataclass(frozen=True)
class Part:
    """A group of families: what is fitted without it, what of it is judged, and rows of the others that calibrate."""

    group: frozenset[str]
    fitted: Sequence[Row]
    judged: Sequence[Row]
    calibrating: Sequence[Row]

    @property
    def name(self) -> str:
        """The families whose threats are judged."""
        return "+".join(sorted({family(row.source) for row in self.judged if row.label}))


def parts(data: Path, head: Head, per_family: int = _JUDGED) -> list[Part]:
    """The groups that hold threats. What this project wrote itself is never left out, and no bent copy is judged."""
    rows, dev, others = fit_rows(data, head), task_rows(data, head, "dev"), unfitted_rows(data, head)
    found = []
    for group in left_out_groups(rows, [*dev, *others]):
        ours = [row for row in [*rows, *dev, *others] if family(row.source) in group and row.kind != "page"]
        judged = _some([row for row in ours if not row.kind.startswith("augmented")], per_family)
        if any(row.label for row in judged):
            fitted = [row for row in rows if family(row.source) not in group]
            calibrating = _some([row for row in dev if family(row.source) not in group], _CALIBRATING)
            found.append(Part(group, fitted, judged, calibrating))
    return found


def _some(rows: Sequence[Row], count: int) -> list[Row]:
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((family(row.source), row.label), []).append(row)
    return [
        row
        for name, group in sorted(groups.items())
        for row in random.Random(f"left out {name}").sample(group, min(count, len(group)))
    ]


def left_out_step(given: argparse.Namespace, data: Path) -> Figures:
    """Fit without each group, where that was not done yet; answers with the figures of every source."""
    head = head_of(TASK)
    begun = {"share": given.share, "epochs": given.epochs or 1.0, "seed": given.seed, "base": _base(given)}
    rows, said = fit_rows(data, head), []

    @lru_cache(1)
    def found() -> Chunks:
        return chunks(rows, head)

    for part in parts(data, head):
        path = FOLDER / f"{part.name}.json"
        if not path.exists():
            unseen = leave_out(read_model(head), rows, found(), part.group)
            if unseen is None:
                raise WorkshopError(f"Without {part.name} a class is lacking.")
            told = {"begun": begun, **_told(part), **_of_linear(unseen, part), **_of_encoder(part, head, given)}
            path.with_suffix(".draft").write_text(json.dumps(told))
            path.with_suffix(".draft").replace(path)
            shutil.rmtree(FOLDER / part.name)
        said.append(json.loads(path.read_text()))
        if said[-1]["begun"] != begun:
            raise WorkshopError(f"{shown(path)} began with {said[-1]['begun']}, not with {begun}: delete it.")
        print(figures(said[-1:]), flush=True)
    return figures(said)


def _base(given: argparse.Namespace) -> str:
    """The trunk to begin with: its folder, or the hash of the student."""
    return str(given.base or (STUDENT / "checkpoint.sha256").read_text().strip())


def _told(part: Part) -> Figures:
    return {"sources": [family(row.source) for row in part.judged], "labels": [row.label for row in part.judged]}


def _of_linear(model: Model, part: Part) -> Figures:
    """Log-odds of the linear half that has not seen the group, with the calibration that ships."""
    odds = model.a * logits(model, chunks(part.judged, model.head))[:, 0] + model.b
    return {"linear": odds.round(4).tolist()}


def _of_encoder(part: Part, head: Head, given: argparse.Namespace) -> Figures:
    """Log-odds of an encoder fitted on the other families, calibrated on development rows of these."""
    torch.manual_seed(42)
    trunk, tokenizer = base_of(given.base)
    model = Encoder(trunk, {head.task: head.outputs})
    truth = np.array([row.label for row in part.calibrating])

    @lru_cache(1)
    def draw(epoch: int) -> list[Example]:
        seed = given.seed + epoch
        drawn = drawn_rows(head, part.fitted, seed, given.share, random.Random(seed))
        taught = [Lesson(row.text, {head.task: row.label}, None, row.lang, row.source) for row in drawn]
        return examples(taught, tokenizer)

    def judged(one: Encoder, rows: Sequence[Row], windows: int = 40) -> Floats:
        return of_model(one, tokenizer).says([row.text for row in rows], windows).logits[head.task]

    def measure(one: Encoder) -> dict[str, float]:
        return {f"{head.task}/auc": short(auc(judged(one, part.calibrating, 1)[:, 0], truth))}

    plan = replace(plan_for(len(draw(0))), epochs=given.epochs or 1.0)
    watched = Run(model, tokenizer, draw, plan, FOLDER / part.name).fit(measure)
    calibration = calibrated(head, judged(model.eval(), part.calibrating), truth)
    steps = math.ceil(plan.epochs * math.ceil(len(draw(0)) / plan.batch))
    odds = calibration.of(judged(model, part.judged))[:, 0]
    return {"encoder": odds.round(4).tolist(), "rows": len(draw(0)), "steps": steps, "others": watched}


def figures(said: Sequence[Figures]) -> Figures:
    """By source and weight of the encoder in the mean of both: area under the curve, recall at 1 % of false alarms.

    A family's threats against its own harmless rows, or where these are few against those of all that were left out
    together.
    """
    found: Figures = {}
    for one in said:
        sources, labels = np.array(one["sources"]), np.array(one["labels"])
        encoder, linear = np.array(one["encoder"]), np.array(one["linear"])
        for name in sorted(set(sources[labels == 1].tolist())):
            clean = (sources == name) & (labels == 0)
            asked = ((sources == name) & (labels == 1)) | (clean if clean.sum() >= FEWEST else labels == 0)
            mixed = {str(weight): (weight * encoder + (1 - weight) * linear)[asked] for weight in WEIGHTS}
            found[name] = {
                "threats": int(labels[asked].sum()),
                "harmless": int((labels[asked] == 0).sum()),
                "fitted": one["rows"],
                "steps": one["steps"],
                "auc": {weight: short(auc(scores, labels[asked])) for weight, scores in mixed.items()},
                "recallAt1": {
                    weight: short(recall_at(scores, labels[asked], 0.01)) for weight, scores in mixed.items()
                },
            }
    return found
