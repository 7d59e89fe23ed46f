"""Multi-task fine-tuning: one pass over the trunk answers every head's question, and what is unknown is passed over."""

import itertools
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from tokenizers import Tokenizer
from torch.utils.tensorboard import SummaryWriter

from workshop.encoder import checkpoint, lora
from workshop.encoder.dev import Figures
from workshop.encoder.examples import Batch, Example, batch_of, grouped
from workshop.encoder.loss import Objective
from workshop.encoder.network import Encoder

CLIP = 1.0
_HEAD_RATE = 10
"""Fresh heads learn so many times faster than the trunk, which knows much already."""
_SAVE_EVERY_S = 300.0


@dataclass(frozen=True)
class Plan:
    """How to fit. `rank` 0 fits the whole trunk, else LoRA; `patience` counts measurements without a gain."""

    epochs: float
    batch: int
    rate: float
    decay: float
    warm_up: float
    patience: int
    seed: int = 42
    rank: int = 0
    keeps_embeddings: bool = False
    gradient_checkpointing: bool = False


def plan_for(rows: int) -> Plan:
    """The reference's choice by the size of the data; with more rows our own, found by `search`."""
    if rows < 1000:
        return Plan(epochs=2, batch=4, rate=1e-5, decay=0.15, warm_up=0.1, patience=1)
    if rows < 5000:
        return Plan(epochs=3, batch=8, rate=2e-5, decay=0.1, warm_up=0.06, patience=2)
    return Plan(epochs=4, batch=32, rate=1e-4, decay=0.05, warm_up=0.03, patience=3)


def rate_at(share: float, warm_up: float) -> float:
    """Share of the full learning rate: up in a straight line, then down to a fiftieth at the end of the plan."""
    return share / warm_up if share < warm_up else max(0.02, (1 - share) / (1 - warm_up))


def _groups(model: Encoder, plan: Plan) -> list[dict[str, Any]]:
    fresh = [*model.heads.parameters(), *model.entities.parameters(), *model.shapes.parameters()]
    words = model.trunk.get_input_embeddings().weight
    trunk = [one for one in model.trunk.parameters() if one.requires_grad and one is not words]
    groups = [{"params": trunk, "full": plan.rate}, {"params": fresh, "full": plan.rate * _HEAD_RATE}]
    # Words that no batch holds shall not fade: these alone have no decay.
    return [*groups, {"params": [words], "full": plan.rate, "weight_decay": 0.0}] if words.requires_grad else groups


class Run:
    """A fit that can be taken up where it stopped.

    `folder` holds the checkpoint, the best model so far (`best.pt`), the curve (`log.jsonl`) and TensorBoard's files.
    `draw` gives the rows of a pass, which may be others each time; the first pass tells how long one is.
    Started by `accelerate launch` it shares its batches with the other processes; a graphics card is used where one is.
    """

    def __init__(
        self, model: Encoder, tokenizer: Tokenizer, draw: Callable[[int], Sequence[Example]], plan: Plan, folder: Path
    ) -> None:
        """Begin, or take up the checkpoint that lies in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if plan.rank:
            lora.adapt(model.trunk, plan.rank)
        if plan.keeps_embeddings:
            model.trunk.get_input_embeddings().weight.requires_grad_(False)
        if plan.gradient_checkpointing:
            model.trunk.gradient_checkpointing_enable()
        self._model, self._tokenizer, self._draw, self._plan, self._folder = model, tokenizer, draw, plan, folder
        self._accelerator = Accelerator(mixed_precision="bf16")
        optimizer = torch.optim.AdamW(_groups(model, plan), lr=plan.rate, weight_decay=plan.decay, fused=True)
        first = draw(0)
        self._per_epoch = math.ceil(len(first) / (plan.batch * self._accelerator.num_processes))
        self._objective, self._optimizer = self._accelerator.prepare(Objective(model, first), optimizer)
        self._tensorboard = SummaryWriter(str(folder / "tensorboard"))
        self._step, self._best, self._since_best = 0, -1.0, 0
        self._take_up()

    def fit(self, measure: Callable[[Encoder], Figures], until: float = math.inf) -> Figures:
        """To the end of the plan, or until `patience` measurements brought no gain; then the best is loaded.

        Answers with its figures. The best has the highest mean of all figures. At step `until` it breaks off; another
        `Run` over the same folder goes on from there.
        """
        torch.manual_seed(self._plan.seed)
        total = math.ceil(self._plan.epochs * self._per_epoch)
        while self._step < min(total, until) and self._since_best < self._plan.patience:
            self._epoch(total, min(total, until))
            if self._step % self._per_epoch == 0 or self._step == total:
                self._measured(measure)
            self._save()
        best = checkpoint.load(self._folder / "best.pt") or {"figures": {}}
        if "model" in best:
            self._model.load_state_dict(best["model"])
        if self._plan.rank:
            lora.merge(self._model.trunk)
        found: Figures = best["figures"]
        return found

    def _epoch(self, total: int, until: float) -> None:
        epoch, at = divmod(self._step, self._per_epoch)
        world, rank = self._accelerator.num_processes, self._accelerator.process_index
        groups = itertools.cycle(grouped(self._draw(epoch), self._plan.batch, self._plan.seed + epoch))
        saved = time.monotonic()
        for group in itertools.islice(groups, at * world + rank, self._per_epoch * world, world):
            batch = batch_of(group, self._tokenizer)
            loss = self._learn(Batch(*(part.to(self._accelerator.device) for part in batch)), self._step / total)
            self._tensorboard.add_scalar("loss", loss, self._step)
            if time.monotonic() - saved > _SAVE_EVERY_S:
                self._save()
                saved = time.monotonic()
            if self._step >= until:
                break

    def _learn(self, batch: Batch, share: float) -> float:
        self._objective.train()
        for group in self._optimizer.param_groups:
            group["lr"] = group["full"] * rate_at(share, self._plan.warm_up)
        with self._accelerator.autocast():
            loss = self._objective(batch)
        self._optimizer.zero_grad()
        self._accelerator.backward(loss)
        self._accelerator.clip_grad_norm_(self._objective.parameters(), CLIP)
        self._optimizer.step()
        self._step += 1
        return float(loss.detach())

    def _measured(self, measure: Callable[[Encoder], Figures]) -> None:
        figures = measure(self._model.eval())
        mean = sum(figures.values()) / len(figures)
        is_best = mean > self._best
        self._best, self._since_best = max(mean, self._best), 0 if is_best else self._since_best + 1
        if not self._accelerator.is_main_process:
            return
        if is_best:
            checkpoint.save({"model": self._model.state_dict(), "figures": dict(figures)}, self._folder / "best.pt")
        for name, value in figures.items():
            self._tensorboard.add_scalar(name, value, self._step)
        with (self._folder / "log.jsonl").open("a") as log:
            log.write(json.dumps({"step": self._step, "mean": round(mean, 4), **figures}) + "\n")

    def _save(self) -> None:
        if self._accelerator.is_main_process:
            state = {"model": self._model.state_dict(), "optimizer": self._optimizer.state_dict(), "step": self._step}
            state |= {"best": self._best, "since_best": self._since_best}
            checkpoint.save(state, self._folder / "checkpoint.pt")

    def _take_up(self) -> None:
        if state := checkpoint.load(self._folder / "checkpoint.pt"):
            self._model.load_state_dict(state["model"])
            self._optimizer.load_state_dict(state["optimizer"])
            self._step, self._best, self._since_best = state["step"], state["best"], state["since_best"]
