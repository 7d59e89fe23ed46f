"""The exported network in onnxruntime on the CPU."""

from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from workshop.errors import WorkshopError
from workshop.paths import IMAGE_MODEL, shown
from workshop.preprocess import Bytes, network_input


class Network:
    """One session on one thread, so that sums have one order."""

    def __init__(self, path: Path = IMAGE_MODEL / "model.onnx") -> None:
        """Load the model; raises WorkshopError where the file is absent."""
        if not path.exists():
            raise WorkshopError(f"{shown(path)} is absent: make it by `python -m workshop export`.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def classify(self, rgb: Bytes) -> NDArray[np.float32]:
        """uint8 RGB [H,W,3] to the five probabilities, in the order of CLASSES."""
        (batch,) = self._session.run(["probs"], {"input": network_input(rgb)})
        probabilities: NDArray[np.float32] = batch[0]
        return probabilities
