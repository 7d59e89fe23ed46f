"""Trains an image classifier fold by fold, with checkpoints from which a broken run goes on.

A run's folder holds `settings.json`, for each fold its newest and its best state, and `metrics.json` with the
calibration, which is fitted on what each fold's network says of the pictures that it was not trained on.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, recall_score
from torch import Tensor, nn

from workshop.errors import WorkshopError
from workshop.image_augment import augmented
from workshop.image_data import Folders, Split, class_folders, open_rgb, positive_classes, stratified_folds
from workshop.image_network import Trainable, network
from workshop.log_odds import Scores, log_odds
from workshop.pack_input import resample
from workshop.paths import shown


@dataclass(frozen=True)
class Settings:
    """What a run is made of; the same settings, pictures and torch give the same run."""

    network: str = "small"
    size: int = 96
    batch: int = 32
    rate: float = 1e-4
    decay: float = 0.01
    epochs: int = 100
    patience: int = 10
    clip: float = 1.0
    folds: int = 5
    seed: int = 42


def pixels(path: Path, size: int, rng: np.random.Generator | None) -> Tensor:
    """[3,size,size] in [0,1], by the resampler that the pack will name; with a generator a random variant."""
    image = open_rgb(path)
    small = resample(np.asarray(augmented(image, rng) if rng else image, np.float32), size, size, "bilinear")
    return torch.from_numpy(small / 255).permute(2, 0, 1)


def _batches(
    folders: Folders, rows: NDArray[np.intp], given: Settings, epoch: int | None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Batches of pictures and labels; shuffled and varied in training, as the epoch's number says."""
    rng = None if epoch is None else np.random.default_rng((given.seed, epoch))
    order = rows if rng is None else rng.permutation(rows)
    for start in range(0, len(order), given.batch):
        part = order[start : start + given.batch]
        batch = torch.stack([pixels(folders.paths[row], given.size, rng) for row in part])
        yield batch, torch.from_numpy(folders.labels[part])


@torch.no_grad()
def predict(model: Trainable, folders: Folders, rows: NDArray[np.intp], given: Settings) -> NDArray[np.float64]:
    """Probabilities [rows,classes]."""
    model.eval()
    parts = [model(batch).double().softmax(1) for batch, _ in _batches(folders, rows, given, None)]
    found: NDArray[np.float64] = torch.cat(parts).numpy()
    return found


class _Fold:
    """One fold's network on its way, which can be put down and taken up after every epoch."""

    def __init__(self, folders: Folders, split: Split, given: Settings, target: Path) -> None:
        """Fresh weights from the run's seed."""
        self._folders, self._given, self._target = folders, given, target
        self._train, self._held = split
        torch.manual_seed(given.seed)
        self.model = network(given.network, given.size, len(folders.classes))
        self._optimizer = torch.optim.AdamW(self.model.parameters(), given.rate, weight_decay=given.decay)
        self._scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            self._optimizer, patience=max(1, given.patience // 2)
        )
        self._epoch, self._best, self._waited = 0, float("inf"), 0

    def _state(self) -> dict[str, Any]:
        parts = {"model": self.model, "optimizer": self._optimizer, "scheduler": self._scheduler}
        at = {"epoch": self._epoch, "best": self._best, "waited": self._waited}
        return {**at, **{name: part.state_dict() for name, part in parts.items()}}

    def resume(self) -> None:
        if not self._target.exists():
            return
        state = torch.load(self._target, weights_only=True)
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._scheduler.load_state_dict(state["scheduler"])
        self._epoch, self._best, self._waited = state["epoch"], state["best"], state["waited"]

    def run(self, epochs: int) -> NDArray[np.float64]:
        """Train until patience or `epochs` end; the best state's probabilities of the held-out pictures."""
        while self._epoch < epochs and self._waited < self._given.patience:
            self._learn()
            held = predict(self.model, self._folders, self._held, self._given)
            loss = float(-np.log(np.clip(held[np.arange(len(held)), self._folders.labels[self._held]], 1e-9, 1)).mean())
            self._scheduler.step(loss)
            self._epoch += 1
            self._waited = 0 if loss < self._best else self._waited + 1
            if loss < self._best:
                self._best = loss
                torch.save(self.model.state_dict(), best_of(self._target))
            torch.save(self._state(), self._target)
            print(f"{self._target.stem}: epoch {self._epoch}, held-out loss {loss:.4f}", flush=True)
        self.model.load_state_dict(torch.load(best_of(self._target), weights_only=True))
        return predict(self.model, self._folders, self._held, self._given)

    def _learn(self) -> None:
        self.model.train()
        for batch, labels in _batches(self._folders, self._train, self._given, self._epoch):
            self._optimizer.zero_grad()
            nn.functional.cross_entropy(self.model(batch), labels).backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), self._given.clip)
            self._optimizer.step()


def best_of(newest: Path) -> Path:
    """Where the best state lies, beside the newest."""
    return newest.with_suffix(".best.pt")


def _metrics(held: NDArray[np.float64], labels: NDArray[np.intp], classes: tuple[str, ...]) -> dict[str, Any]:
    said = held.argmax(1)
    recalls = recall_score(labels, said, labels=range(len(classes)), average=None, zero_division=0)
    return {
        "pictures": len(labels),
        "accuracy": round(float((said == labels).mean()), 4),
        "macroF1": round(float(f1_score(labels, said, average="macro")), 4),
        "recall": {name: round(float(recall), 4) for name, recall in zip(classes, recalls, strict=True)},
    }


def platt(scores: Scores, is_positive: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's a and b in log-odds, fitted on held-out predictions; identity where the slope would not be positive."""
    odds = np.clip(log_odds(scores), -12, 12)[:, None]
    fitted = LogisticRegression(C=1.0).fit(odds, is_positive)
    a, b = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return (round(a, 4), round(b, 4)) if a >= 0.01 else (1.0, 0.0)


def _same_settings(run: Path, given: Settings, folders: Folders, positive: list[str]) -> None:
    wanted = {**asdict(given), "classes": list(folders.classes), "pictures": folders.counts, "positive": positive}
    file = run / "settings.json"
    if file.exists() and json.loads(file.read_text()) != json.loads(json.dumps(wanted)):
        raise WorkshopError(f"{shown(run)} holds a run with other settings or pictures: name another --run.")
    run.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")


def train(data: Path, run: Path, given: Settings, chosen: list[str] | None = None) -> dict[str, Any]:
    """Train every fold, or go on where a run in this folder was broken off; the metrics, which also lie in the run."""
    folders = class_folders(data)
    positive = positive_classes(folders.classes, chosen)
    _same_settings(run, given, folders, positive)
    held = np.zeros((len(folders.paths), len(folders.classes)))
    per_fold = []
    for number, split in enumerate(stratified_folds(folders.labels, given.folds, given.seed)):
        fold = _Fold(folders, split, given, run / f"fold-{number}.pt")
        fold.resume()
        held[split[1]] = fold.run(given.epochs)
        per_fold.append(_metrics(held[split[1]], folders.labels[split[1]], folders.classes))
    numbers = [folders.classes.index(name) for name in positive]
    a, b = platt(held[:, numbers].sum(1), np.isin(folders.labels, numbers))
    found = {
        "folds": per_fold,
        "all": _metrics(held, folders.labels, folders.classes),
        "calibration": {"a": a, "b": b},
    }
    (run / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found["all"]))
    return found
