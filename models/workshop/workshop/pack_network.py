"""A pack's network in onnxruntime on the CPU, with the preparation and the reading that its card asks for."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workshop.log_odds import log_odds
from workshop.network import session
from workshop.pack import Card, read_pack
from workshop.pack_input import pack_input
from workshop.preprocess import Bytes

Probabilities = NDArray[np.float64]


def _softmax(values: NDArray[np.float64]) -> Probabilities:
    raised = np.exp(values - values.max())
    total: Probabilities = raised / raised.sum()
    return total


def zero_shot(embedding: NDArray[np.float64], card: Card) -> Probabilities:
    """Softmax of the cosines to every prompt, over the temperature; a class has the sum of its prompts (CLIP, 2021)."""
    prompts = np.array([prompt["embedding"] for prompt in card["prompts"]], np.float64)
    prompts /= np.linalg.norm(prompts, axis=1, keepdims=True)
    shares = _softmax(prompts @ (embedding / np.linalg.norm(embedding)) / card["temperature"])
    names = [prompt["class"] for prompt in card["prompts"]]
    return np.array([sum(shares[i] for i, other in enumerate(names) if other == name) for name in classes_of(card)])


def classes_of(card: Card) -> list[str]:
    """A classifier's classes; a zero-shot pack's, in the order of their first prompts."""
    if card["kind"] == "zero-shot":
        return list(dict.fromkeys(prompt["class"] for prompt in card["prompts"]))
    found: list[str] = card["output"]["classes"]
    return found


class PackNetwork:
    """One pack, ready to be asked."""

    def __init__(self, card: Card, network: bytes) -> None:
        """Load the network's content."""
        self.card, self.classes = card, classes_of(card)
        self._session = session(network)

    @classmethod
    def read(cls, path: Path) -> "PackNetwork":
        """The pack in a file; raises WorkshopError for what is none."""
        return cls(*read_pack(path))

    def classify(self, rgb: Bytes) -> Probabilities:
        """uint8 RGB [H,W,3] to one probability a class."""
        batch = pack_input(rgb, self.card["input"])
        output = self.card["output"]
        (rows,) = self._session.run([output["name"]], {self.card["input"]["name"]: batch})
        raw = rows.reshape(-1).astype(np.float64)
        if self.card["kind"] == "zero-shot":
            return zero_shot(raw, self.card)
        return _softmax(raw) if output.get("activation") == "softmax" else raw

    def score(self, rgb: Bytes) -> float:
        """The calibrated probability of `sexual`."""
        positive = self.card["positive"]["sexual"]
        raw = sum(p for p, name in zip(self.classify(rgb), self.classes, strict=True) if name in positive)
        a, b = (self.card.get("calibration", {"a": 1, "b": 0})[part] for part in "ab")
        return float(1 / (1 + np.exp(-(a * log_odds(np.array(raw)) + b))))
