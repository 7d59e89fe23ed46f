"""A linear head as it is shipped: 8-bit weights by hashed n-gram, read alike here and by `src/core/text/linear.ts`."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from workshop.heads import BINARY, Head
from workshop.paths import MODELS
from workshop.text_features import hashes
from workshop.text_normalise import normalise
from workshop.text_segment import segment

LIMIT = 127


@dataclass(frozen=True)
class Model:
    """`weights` is `2 ** bits` by outputs; a chunk's logit is intercept + scale · Σ weights / sqrt(places)."""

    head: Head
    weights: np.ndarray
    scale: np.ndarray
    intercept: np.ndarray
    a: float = 1.0
    b: float = 0.0
    """Platt's scaling of a binary head's log-odds; of several classes `a` alone, an inverse temperature."""

    def chunk_logits(self, chunk: str) -> np.ndarray:
        """Of one chunk of normalised text, plainly computed; `linear_fit.logits` does many at a time."""
        head = self.head
        places = np.unique(hashes(chunk, head.words, head.characters) & np.uint32((1 << head.bits) - 1))
        total = self.weights[places].astype(np.float64).sum(axis=0)
        return self.intercept + self.scale * total / np.sqrt(max(len(places), 1))

    def logits(self, text: str) -> np.ndarray:
        """The highest chunk's of a threat, since a mean would hide it; of a description the mean."""
        normalised = normalise(text)
        found = np.array([self.chunk_logits(normalised[start:end]) for start, end in segment(normalised)])
        return found.max(axis=0) if self.head.classes == BINARY else found.mean(axis=0)

    def scores(self, text: str) -> np.ndarray:
        """One probability for a binary head; else one a class."""
        return self.probabilities(self.logits(text)[None])[0]

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated, row by row."""
        if self.head.classes == BINARY:
            return 1 / (1 + np.exp(-(self.a * logits + self.b)))
        raised = np.exp(self.a * (logits - logits.max(axis=1, keepdims=True)))
        return raised / raised.sum(axis=1, keepdims=True)


def quantised(head: Head, weights: np.ndarray, intercept: np.ndarray) -> Model:
    """Each output's weights in 255 equal steps."""
    top = np.abs(weights).max(axis=0)
    scale = (np.maximum(top, 1e-9) / LIMIT).astype(np.float32)
    steps = np.clip(np.round(weights / scale), -LIMIT, LIMIT).astype(np.int8)
    return Model(head, steps, scale.astype(np.float64), intercept.astype(np.float32).astype(np.float64))


def write_model(model: Model, threshold: float | None, folder: Path | None = None) -> list[Path]:
    """`head.bin` and what the catalogue needs of it.

    The file holds float32 scales and intercepts, a bit for each place that has weights, and the int8 weights of these.
    """
    target = folder or MODELS / model.head.id
    target.mkdir(parents=True, exist_ok=True)
    numbers = np.concatenate([model.scale, model.intercept]).astype("<f4").tobytes()
    used = (model.weights != 0).any(axis=1)
    bits = np.packbits(used, bitorder="little").tobytes()
    (target / "head.bin").write_bytes(numbers + bits + model.weights[used].tobytes())
    fitted = {"calibration": {"a": model.a, "b": model.b}, **({} if threshold is None else {"threshold": threshold})}
    (target / "fit.json").write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8", newline="\n")
    return [target / "head.bin", target / "fit.json"]


def read_model(head: Head, folder: Path | None = None) -> Model:
    """What `write_model` wrote."""
    source = folder or MODELS / head.id
    content = (source / "head.bin").read_bytes()
    outputs = 1 if head.classes == BINARY else len(head.classes)
    numbers = np.frombuffer(content[: 8 * outputs], dtype="<f4").astype(np.float64)
    start = 8 * outputs + (1 << head.bits) // 8
    used = np.unpackbits(np.frombuffer(content[8 * outputs : start], dtype=np.uint8), bitorder="little").astype(bool)
    weights = np.zeros((1 << head.bits, outputs), dtype=np.int8)
    weights[used] = np.frombuffer(content[start:], dtype=np.int8).reshape(-1, outputs)
    calibration = json.loads((source / "fit.json").read_text(encoding="utf-8"))["calibration"]
    model = Model(head, weights, numbers[:outputs], numbers[outputs:])
    return replace(model, a=calibration["a"], b=calibration["b"])
