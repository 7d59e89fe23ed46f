"""What an encoder says of many texts at once, be it torch's or a file's: windows of like length side by side."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from workshop.encoder.entities import entities, owned
from workshop.encoder.export import INPUTS
from workshop.encoder.network import Encoder
from workshop.encoder.pii import LABELS, Span
from workshop.encoder.reading import Token, framed, tokens_of, windows
from workshop.heads import HEADS, head_of

Floats = NDArray[np.float32]
Run = Callable[[dict[str, NDArray[np.int64]]], tuple[Floats, Floats]]
_BATCH = 32
_MAX_CHARS = 20_000


class Said(NamedTuple):
    """Logits of each head, [texts, answers]; mean-pooled vectors of the first windows; entities of each text."""

    logits: dict[str, Floats]
    vectors: Floats
    entities: list[set[Span]]


class Judge:
    """An encoder and its heads. A threat is as bad as its worst window, a description is the mean of all."""

    def __init__(self, run: Run, heads: dict[str, tuple[Floats, Floats]], tokenizer: Tokenizer) -> None:
        """`run` reads a padded batch; `heads` are weights [answers, width] and biases."""
        self._run, self._heads, self._tokenizer = run, heads, tokenizer

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return next(iter(self._heads.values()))[0].shape[1]

    def says(self, texts: Sequence[str], max_windows: int = 40) -> Said:
        """Reads at most so many windows of each text."""
        read = [tokens_of(self._tokenizer, text[:_MAX_CHARS]) for text in texts]
        parts = [_Part(at, *pair) for at, tokens in enumerate(read) for pair in _parts(len(tokens))[:max_windows]]
        vectors, labels = self._all(read, parts)
        owners = np.array([part.text for part in parts])
        logits = {
            task: _pooled(task, vectors @ kernel.T + bias, owners) for task, (kernel, bias) in self._heads.items()
        }
        firsts = np.unique(owners, return_index=True)[1]
        return Said(logits, vectors[firsts], [_spans(*pair) for pair in zip(read, labels, strict=True)])

    def _all(self, read: Sequence[list[Token]], parts: Sequence["_Part"]) -> tuple[Floats, list[Floats]]:
        """The vector of each part, and the logits of each text's tokens."""
        labels = [np.zeros((len(tokens), len(LABELS)), dtype=np.float32) for tokens in read]
        vectors: list[Floats] = [np.empty(0, dtype=np.float32)] * len(parts)
        order = sorted(range(len(parts)), key=lambda place: len(parts[place].window))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            batch = [framed(self._tokenizer, [read[parts[i].text][at] for at in parts[i].window]) for i in chosen]
            found, said = self._run(padded(batch))
            for row, place in enumerate(chosen):
                text, window, own = parts[place]
                shift = 1 - window.start
                labels[text][own.start : own.stop] = said[row, own.start + shift : own.stop + shift]
                vectors[place] = found[row]
        return np.stack(vectors), labels


class _Remembering(Judge):
    """Reads no text twice."""

    def __init__(self, judge: Judge) -> None:
        super().__init__(judge._run, judge._heads, judge._tokenizer)
        self._known: dict[tuple[str, int], tuple[dict[str, Floats], Floats, set[Span]]] = {}

    def says(self, texts: Sequence[str], max_windows: int = 40) -> Said:
        fresh = [text for text in dict.fromkeys(texts) if (text, max_windows) not in self._known]
        if fresh:
            logits, vectors, found = super().says(fresh, max_windows)
            for at, text in enumerate(fresh):
                rows = {task: rows[at] for task, rows in logits.items()}
                self._known[text, max_windows] = (rows, vectors[at], found[at])
        known = [self._known[text, max_windows] for text in texts]
        logits = {task: np.stack([one[0][task] for one in known]) for task in self._heads}
        return Said(logits, np.stack([one[1] for one in known]), [one[2] for one in known])


def remembering(judge: Judge) -> Judge:
    """The same judge, which keeps what it said: most sets are judged for several heads."""
    return _Remembering(judge)


class _Part(NamedTuple):
    """A window of a text, and the tokens for whose labels it answers."""

    text: int
    window: range
    own: range


def _parts(count: int) -> list[tuple[range, range]]:
    """Also a text without a token is read, as nothing between the ends."""
    spans = windows(count)
    return list(zip(spans, owned(spans), strict=True)) or [(range(0), range(0))]


def _spans(tokens: Sequence[Token], logits: Floats) -> set[Span]:
    return {Span(*one[:3]) for one in entities(tokens, logits)} if len(tokens) else set()


def padded(rows: Sequence[tuple[list[int], list[int]]]) -> dict[str, NDArray[np.int64]]:
    """Ids and shapes of some windows as the three inputs, [n, t]."""
    longest = max(len(ids) for ids, _ in rows)
    batch = {name: np.zeros((len(rows), longest), dtype=np.int64) for name in INPUTS}
    for row, (ids, shapes) in enumerate(rows):
        batch["input_ids"][row, : len(ids)] = ids
        batch["attention_mask"][row, : len(ids)] = 1
        batch["shape"][row, : len(ids)] = shapes
    return batch


def _pooled(task: str, logits: Floats, owners: NDArray[np.int64]) -> Floats:
    count = int(owners.max()) + 1
    if head_of(task).category:
        highest = np.full((count, 1), -np.inf, dtype=np.float32)
        np.maximum.at(highest, owners, logits)
        return highest
    total = np.zeros((count, logits.shape[1]), dtype=np.float32)
    np.add.at(total, owners, logits)
    return total / np.bincount(owners)[:, None]


def of_model(model: Encoder, tokenizer: Tokenizer) -> Judge:
    """Torch's, in bfloat16 on the device where the model lies."""
    device = next(model.parameters()).device

    @torch.no_grad()
    def run(batch: dict[str, NDArray[np.int64]]) -> tuple[Floats, Floats]:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            found = model(*(torch.from_numpy(batch[name]).to(device) for name in INPUTS))
        vector, labels = (part.float().cpu().numpy() for part in found)
        return vector, labels

    heads = {
        task: (head.weight.detach().float().cpu().numpy(), head.bias.detach().float().cpu().numpy())
        for task, head in model.heads.items()
    }
    return Judge(run, heads, tokenizer)


def of_files(folder: Path, file: str = "encoder.onnx", threads: int = 1) -> Judge:
    """ONNX Runtime's, of the exported files in a folder."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession((folder / file).read_bytes(), options)

    def run(batch: dict[str, NDArray[np.int64]]) -> tuple[Floats, Floats]:
        vector, labels = session.run(None, batch)
        return vector, labels

    heads = {head.task: _head(folder / f"head-{head.task}.bin", head.outputs) for head in HEADS}
    return Judge(run, heads, Tokenizer.from_file(str(folder / "tokenizer.json")))


def _head(path: Path, size: int) -> tuple[Floats, Floats]:
    numbers = np.frombuffer(path.read_bytes(), dtype="<f4")
    return numbers[:-size].reshape(size, -1), numbers[-size:]
