"""Command `tiny`: models/self-check/tiny.onnx, the network that a graphics card must run right before it is trusted.

It knows nothing: its weights are seeded noise. It holds one of each kind of node that the picture networks are made of,
so a card or driver that computes one of them wrong gives other numbers than WebAssembly does.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from workshop.graph import Graph
from workshop.paths import SELF_CHECK, shown

INPUT_SIZE = 32
CLASSES = 10
_CHANNELS = 8
_SEED = 20


class _Tiny:
    """Draws the weights in the order of the nodes from one seeded generator."""

    def __init__(self) -> None:
        self._graph = Graph()
        # PCG64's stream of integers is fixed; its normal distribution is not promised to be.
        self._random = np.random.PCG64(_SEED)

    def _codes(self, *shape: int) -> NDArray[np.uint8]:
        count = int(np.prod(shape))
        return (self._random.random_raw(count) >> np.uint64(56)).astype(np.uint8).reshape(shape)

    def _noise(self, name: str, width: float, *shape: int) -> str:
        values = (self._codes(*shape).astype(np.float64) / 255 * 2 - 1) * width
        return self._graph.constant(name, values.astype(np.float32))

    def _quantized(self, name: str, width: float, *shape: int) -> str:
        """A kernel as the picture networks have it: uint8 codes, then Cast, Mul and Add."""
        graph = self._graph
        codes = graph.constant(f"{name}/codes", self._codes(*shape))
        scale = graph.constant(f"{name}/scale", np.array(2 * width / 255, np.float32))
        minimum = graph.constant(f"{name}/minimum", np.array(-width, np.float32))
        cast = graph.node("Cast", [codes], f"{name}/float", to=TensorProto.FLOAT)
        return graph.node("Add", [graph.node("Mul", [cast, scale], f"{name}/scaled"), minimum], name)

    def content(self) -> bytes:
        graph, side = self._graph, _CHANNELS
        pads = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
        graph.node(
            "Conv", ["input", self._quantized("k1", 0.5, side, 3, 3, 3), self._noise("b1", 0.2, side)], "c1", **pads
        )
        graph.node("MaxPool", [graph.node("Relu", ["c1"], "r1")], "p1", kernel_shape=[2, 2], strides=[2, 2])
        depthwise = [self._noise("k2", 0.6, side, 1, 3, 3), self._noise("b2", 0.2, side)]
        graph.node("Conv", ["p1", *depthwise], "c2", group=side, **pads)
        limits = [graph.constant("low", np.array(0, np.float32)), graph.constant("high", np.array(6, np.float32))]
        graph.node("Clip", ["c2", *limits], "r2")
        graph.node("Conv", ["r2", self._noise("k3", 0.6, side, side, 1, 1)], "c3", kernel_shape=[1, 1])
        graph.node("Add", ["c3", "p1"], "sum")
        graph.node("AveragePool", ["sum"], "p2", kernel_shape=[4, 4], strides=[4, 4])
        flat = graph.node("Flatten", ["p2"], "flat")
        dense = [self._noise("k4", 0.3, CLASSES, side * 16), self._noise("b4", 0.2, CLASSES)]
        graph.node("Gemm", [flat, *dense], "sums", transB=1)
        graph.node("Softmax", ["sums"], "probs", axis=1)
        content: bytes = graph.model("self-check", INPUT_SIZE, CLASSES).SerializeToString(deterministic=True)
        return content


def tiny_bytes() -> bytes:
    """The ONNX file's content: the same bytes on every run."""
    return _Tiny().content()


def tiny(target: Path = SELF_CHECK / "tiny.onnx") -> None:
    """Write the network to `target`."""
    content = tiny_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    print(f"{shown(target)}: {len(content)} bytes")
