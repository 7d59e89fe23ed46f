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
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel, BertModel

from workshop.encoder import checkpoint
from workshop.encoder.corpus import LANGUAGES, Pair, english, pairs, vocabulary_texts
from workshop.encoder.teacher import teacher_folder
from workshop.encoder.vocabulary import first_embeddings, train_vocabulary
from workshop.errors import WorkshopError
from workshop.paths import CACHE

SEED = 42
MAX_TOKENS = 96
BATCH = 32
_BUCKET = 32 * BATCH
_LR = 3e-4
_EMBEDDING_LR = 1e-3
_WARM_UP = 300
_DECAY_SHARE = 0.3
_EMA = 0.996
_AVERAGE_EVERY = 4
_SAVE_EVERY_S = 300.0
_EVALUATE_EVERY_S = 900.0
_HELD_PER_LANGUAGE = 300


@dataclass(frozen=True)
class Plan:
    """How long to go on: `steps` batches in all, or until `seconds` of this run are over."""

    steps: int
    seconds: float


def encode(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> torch.Tensor:
    """Mean-pooled vectors, [n, 384], in the order of the texts."""
    batch = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([line.ids for line in batch])
    mask = torch.tensor([line.attention_mask for line in batch])
    hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weight = mask.unsqueeze(-1).float()
    pooled: torch.Tensor = (hidden * weight).sum(1) / weight.sum(1)
    return pooled


def _autocast() -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16)


def open_tokenizer(path: Path) -> Tokenizer:
    """Cut to what the student reads, padded to the longest of a batch."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


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
        with _autocast():
            vectors[places] = encode(model, tokenizer, [texts[place] for place in places]).numpy()
    np.save(file, vectors)
    return vectors


class Student:
    """The student, its running average (which is what is measured and kept), and where it stands in its plan."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        """Begin anew, or take up the checkpoint in `folder`."""
        self.folder = folder
        vocabulary = folder / "tokenizer.json"
        if not vocabulary.exists():
            train_vocabulary(texts).save(str(vocabulary))
        self.tokenizer = open_tokenizer(vocabulary)
        self.model = AutoModel.from_pretrained(teacher_folder(), add_pooling_layer=False, attn_implementation="eager")
        old = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
        old.no_padding()
        old.no_truncation()
        weights = first_embeddings(self.tokenizer, old, self.model.get_input_embeddings().weight.data)
        self.model.set_input_embeddings(torch.nn.Embedding.from_pretrained(weights, freeze=False, padding_idx=0))
        self.model.config.vocab_size = len(weights)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_EMA)
        )
        named = list(self.model.named_parameters())
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for n, p in named if "word_embeddings" in n], "lr": _EMBEDDING_LR, "weight_decay": 0.0},
                {"params": [p for n, p in named if "word_embeddings" not in n], "lr": _LR},
            ],
            fused=True,
        )
        self.step = 0
        self._take_up()

    def _take_up(self) -> None:
        state = checkpoint.load(self.folder / "checkpoint.pt")
        if state:
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]

    def save(self) -> None:
        """Write the checkpoint."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        checkpoint.save(state, self.folder / "checkpoint.pt")

    def learn(self, batch: Sequence[Pair], target: torch.Tensor, rate: float) -> float:
        """One step of the optimizer at `rate` of the full learning rate; answers with the loss."""
        for group, lr in zip(self.optimizer.param_groups, (_EMBEDDING_LR, _LR), strict=True):
            group["lr"] = lr * rate
        translated = [place for place, pair in enumerate(batch) if pair.text != pair.en]
        texts = [pair.en for pair in batch] + [batch[place].text for place in translated]
        wanted = torch.cat([target, target[translated]])
        with _autocast():
            got = encode(self.model, self.tokenizer, texts)
        apart = 1 - functional.cosine_similarity(got, wanted).mean()
        loss = 100 * functional.mse_loss(got, wanted) + apart
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        if self.step % _AVERAGE_EVERY == 0:
            self.average.update_parameters(self.model)
        return float(loss.detach())

    @torch.no_grad()
    def measure(self, held: Sequence[Pair], vectors: np.ndarray) -> dict[str, dict[str, float]]:
        """Per language, of at most 300 held-out pairs.

        `cosine` of student(text) to teacher(English), and `found`, the share whose own English is the nearest.
        """
        figures = {}
        model = self.average.module.eval()
        for lang in ("en", *LANGUAGES):
            places = [place for place, pair in enumerate(held) if lang in ("en", pair.lang)][:_HELD_PER_LANGUAGE]
            wanted = torch.tensor(np.asarray(vectors[places], dtype=np.float32))
            texts = [held[place].en if lang == "en" else held[place].text for place in places]
            got = torch.cat([encode(model, self.tokenizer, texts[at : at + 50]) for at in range(0, len(texts), 50)])
            nearest = (functional.normalize(got) @ functional.normalize(wanted).T).argmax(1)
            figures[lang] = {
                "cosine": round(functional.cosine_similarity(got, wanted).mean().item(), 4),
                "found": round((nearest == torch.arange(len(places))).float().mean().item(), 4),
            }
        return figures


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


def student_state(folder: Path) -> dict[str, torch.Tensor]:
    """The running average in a checkpoint; raises WorkshopError where nothing was distilled yet."""
    state = checkpoint.load(folder / "checkpoint.pt")
    if state is None:
        raise WorkshopError(f"No student in {folder.name}: `encoder distil` makes one.")
    prefix = "module."
    return {name.removeprefix(prefix): value for name, value in state["average"].items() if name.startswith(prefix)}
