"""An image network in onnxruntime on the CPU."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from workshop.described import ImageModel
from workshop.errors import WorkshopError
from workshop.paths import MODELS, shown
from workshop.preprocess import Bytes, Floats, network_input


def session(content: bytes) -> onnxruntime.InferenceSession:
    """One session on one thread, so that sums have one order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


class Network:
    """One file of a described network, with the preparation that the product gives it."""

    def __init__(self, model: ImageModel, content: bytes) -> None:
        """Load an ONNX file's content."""
        self.model = model
        self._session = session(content)
        self._positive = [model.classes.index(name) for name in model.positive]

    @classmethod
    def shipped(cls, model: ImageModel, provider: str = "wasm", models: Path = MODELS) -> "Network":
        """The file that a provider is given; raises WorkshopError where it is absent."""
        return cls(model, shipped_bytes(model.files[provider], models))

    def infer(self, batch: Floats) -> NDArray[np.float32]:
        """float32 [1,3,224,224] to the probabilities, in the order of the network's classes."""
        (rows,) = self._session.run(["probs"], {"input": batch})
        probabilities: NDArray[np.float32] = rows[0]
        return probabilities

    def classify(self, rgb: Bytes) -> NDArray[np.float32]:
        """uint8 RGB [H,W,3] to the probabilities, in the order of the network's classes."""
        return self.infer(network_input(rgb, self.model.input))

    def score(self, rgb: Bytes) -> float:
        """uint8 RGB [H,W,3] to the raw probability of the positive classes."""
        return float(self.classify(rgb)[self._positive].sum())


def shipped_bytes(path: str, models: Path = MODELS) -> bytes:
    """A model's file by its path below `models`; raises WorkshopError where it is absent."""
    file = models / path
    if not file.exists():
        raise WorkshopError(f"{shown(file)} is absent: make it by `python -m workshop export` or `quantize`.")
    return file.read_bytes()
