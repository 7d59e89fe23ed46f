"""A multilingual student of an English sentence encoder (Reimers & Gurevych 2020, arXiv:2004.09813).

student(English) and student(translation) are both drawn towards teacher(English), in the mean-pooled space.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel

from workshop.encoder.corpus import Pair, english, pairs, vocabulary_texts
from workshop.encoder.student import Student, autocast, encode, open_tokenizer
from workshop.encoder.teacher import teacher_folder
from workshop.paths import CACHE

SEED = 42
BATCH = 32
_BUCKET = 32 * BATCH
_WARM_UP = 300
_DECAY_SHARE = 0.3
_SAVE_EVERY_S = 300.0
_EVALUATE_EVERY_S = 900.0


@dataclass(frozen=True)
class Plan:
    """How long to go on: `steps` batches in all, or until `seconds` of this run are over."""

    steps: int
    seconds: float


@torch.no_grad()
def _teach(texts: Sequence[str], file: Path) -> np.ndarray:
    """The teacher's vectors of distinct texts as half floats, kept on disk: they never change."""
    if file.exists():
        return np.load(file, mmap_mode="r")
    model = AutoModel.from_pretrained(teacher_folder(), add_pooling_layer=False).eval()
    tokenizer = open_tokenizer(teacher_folder() / "tokenizer.json")
    vectors = np.empty((len(texts), model.config.hidden_size), dtype=np.float16)
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for start in range(0, len(order), 256):
        places = order[start : start + 256]
        with autocast():
            vectors[places] = encode(model, tokenizer, [texts[place] for place in places]).numpy()
    np.save(file, vectors)
    return vectors


def rate_of(step: int, steps: int) -> float:
    """Share of the full learning rate: a warm-up, a plateau, and a straight way down over the last part of the plan."""
    left = (steps - step) / (_DECAY_SHARE * steps)
    return max(0.0, min(1.0, (step + 1) / _WARM_UP, left))


def batches(fit: Sequence[Pair], epoch: int) -> list[list[int]]:
    """Places of pairs of like length, 32 a batch, in an order of its own for each epoch."""
    chance = random.Random(SEED + epoch)
    order = list(range(len(fit)))
    chance.shuffle(order)
    drawn = []
    for start in range(0, len(order), _BUCKET):
        bucket = sorted(order[start : start + _BUCKET], key=lambda place: len(fit[place].text))
        drawn += [bucket[at : at + BATCH] for at in range(0, len(bucket), BATCH)]
    chance.shuffle(drawn)
    return drawn


@dataclass(frozen=True)
class Lesson:
    """Pairs with the teacher's vectors of their English sides."""

    fit: Sequence[Pair]
    targets: Callable[[Sequence[Pair]], np.ndarray]
    held: Sequence[Pair]
    held_targets: np.ndarray


def prepare(data: Path, folder: Path) -> tuple[Lesson, list[str]]:
    """What is read and what it means to the teacher; beside it the texts that the vocabulary is counted in."""
    translated, held = pairs(data)
    held.sort(key=lambda pair: hashlib.sha256(pair.text.encode()).digest())
    fit = translated + english(data)
    sentences = list(dict.fromkeys(pair.en for pair in fit))
    place_of = {sentence: place for place, sentence in enumerate(sentences)}
    taught = _teach(sentences, folder / "teacher.npy")
    lesson = Lesson(
        fit=fit,
        targets=lambda batch: np.asarray(taught[[place_of[pair.en] for pair in batch]], dtype=np.float32),
        held=held,
        held_targets=np.asarray(_teach([pair.en for pair in held], folder / "teacher-held.npy"), dtype=np.float32),
    )
    return lesson, vocabulary_texts(data, translated)


def distil(data: Path, plan: Plan, folder: Path = CACHE / "student") -> None:
    """Fit the student by `plan`, taking up its checkpoint in `folder`, where `log.jsonl` grows too."""
    torch.manual_seed(SEED)
    folder.mkdir(parents=True, exist_ok=True)
    lesson, texts = prepare(data, folder)
    student = Student(folder, texts)
    watch = _Watch(student, lesson, plan)
    while not watch.is_over():
        epoch, at = divmod(student.step, len(batches(lesson.fit, 0)))
        for places in batches(lesson.fit, epoch)[at:]:
            batch = [lesson.fit[place] for place in places]
            rate = rate_of(student.step, plan.steps)
            watch.look(student.learn(batch, torch.tensor(lesson.targets(batch)), rate))
            if watch.is_over():
                break


class _Watch:
    """Saves and measures now and then, and at the end."""

    def __init__(self, student: Student, lesson: Lesson, plan: Plan) -> None:
        self._student, self._lesson, self._plan = student, lesson, plan
        self._began = self._saved = self._measured = time.monotonic()
        self._losses: list[float] = []

    def is_over(self) -> bool:
        return self._student.step >= self._plan.steps or time.monotonic() - self._began >= self._plan.seconds

    def look(self, loss: float) -> None:
        self._losses.append(loss)
        now = time.monotonic()
        if self.is_over() or now - self._saved > _SAVE_EVERY_S:
            self._student.save()
            self._saved = now
        if self.is_over() or now - self._measured > _EVALUATE_EVERY_S:
            self._write()
            self._measured = now

    def _write(self) -> None:
        figures = self._student.measure(self._lesson.held, self._lesson.held_targets)
        mean_loss = round(sum(self._losses) / len(self._losses), 4)
        row = json.dumps({"step": self._student.step, "loss": mean_loss, **figures})
        with (self._student.folder / "log.jsonl").open("a") as log:
            log.write(row + "\n")
        print(row, flush=True)
        self._losses.clear()
