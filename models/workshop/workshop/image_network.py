"""The networks that `image train` fits, and how each becomes an ONNX file without an exporter in between.

`small` is trained from nothing. `mobilenet-v2` is the packaged network with all its weights free, and a new last layer
where the classes are others: fine-tuning.
"""

from abc import ABC, abstractmethod

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from workshop.described import INPUT_SIZE, MOBILENET_V2
from workshop.errors import WorkshopError
from workshop.graph import Graph
from workshop.interpreter import TorchNetwork
from workshop.network import shipped_bytes
from workshop.quantize import widened

OUTPUT = "logits"
NETWORKS = ("small", "mobilenet-v2")


class Trainable(nn.Module, ABC):
    """From pictures [N,3,size,size] in [0,1] to logits [N,classes]."""

    @abstractmethod
    def onnx_bytes(self) -> bytes:
        """`input` as above to `logits`; the same weights give the same bytes."""


class Small(Trainable):
    """Four convolutions, each followed by BatchNorm, ReLU and halving; a mean over the picture; one linear layer."""

    WIDTHS = (16, 32, 64, 96)

    def __init__(self, size: int, classes: int) -> None:
        """Draw fresh weights from torch's generator."""
        super().__init__()
        self._size, self._classes = size, classes
        into = (3, *self.WIDTHS[:-1])
        self.convolutions = nn.ModuleList(
            nn.Conv2d(i, o, 3, stride=2, padding=1, bias=False) for i, o in zip(into, self.WIDTHS, strict=True)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in self.WIDTHS)
        self.head = nn.Linear(self.WIDTHS[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        x = x * 2 - 1
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = norm(convolution(x)).relu()
        logits: Tensor = self.head(x.mean((2, 3)))
        return logits

    def onnx_bytes(self) -> bytes:
        """BatchNorm folded into the convolution before it."""
        graph = Graph()
        two, one = (graph.constant(name, np.array(value, np.float32)) for name, value in (("two", 2), ("one", 1)))
        x = graph.node("Sub", [graph.node("Mul", ["input", two], "doubled"), one], "centred")
        for number, (convolution, norm) in enumerate(zip(self.convolutions, self.norms, strict=True)):
            factor = norm.weight / (norm.running_var + norm.eps).sqrt()
            kernel = graph.constant(f"k{number}", _numbers(convolution.weight * factor.view(-1, 1, 1, 1)))
            bias = graph.constant(f"b{number}", _numbers(norm.bias - norm.running_mean * factor))
            how = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [2, 2]}
            x = graph.node("Relu", [graph.node("Conv", [x, kernel, bias], f"c{number}", **how)], f"r{number}")
        flat = graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "mean")], "flat")
        dense = [
            graph.constant("dense/w", _numbers(self.head.weight)),
            graph.constant("dense/b", _numbers(self.head.bias)),
        ]
        graph.node("Gemm", [flat, *dense], OUTPUT, transB=1)
        return _content(graph.model("image-small", self._size, self._classes, output=OUTPUT))


class FineTuned(Trainable):
    """The packaged MobileNetV2 with all its weights free."""

    def __init__(self, classes: int) -> None:
        """Start from the packaged weights; other classes get a fresh last layer."""
        super().__init__()
        self._model = widened(onnx.load_from_string(shipped_bytes(MOBILENET_V2.files["wasm"])), MOBILENET_V2.id)
        self._network = TorchNetwork(self._model)
        self._classes = classes
        gemm = [node for node in self._model.graph.node if node.op_type == "Gemm"][-1]
        for tensor in self._model.graph.initializer:
            values = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            if tensor.name in gemm.input[1:] and classes != len(MOBILENET_V2.classes):
                values = torch.zeros(classes, *values.shape[1:])
                if values.ndim > 1:
                    nn.init.normal_(values, std=0.02)
            # Scalars are ReLU's limits.
            if values.ndim > 0:
                self.register_parameter(_key(tensor.name), nn.Parameter(values))

    def _weights(self) -> dict[str, Tensor]:
        names = (tensor.name for tensor in self._model.graph.initializer)
        return {name: parameter for name in names if (parameter := self._parameters.get(_key(name))) is not None}

    def forward(self, x: Tensor) -> Tensor:
        """Logits."""
        return self._network(x, self._weights())

    def onnx_bytes(self) -> bytes:
        """The packaged graph with the new weights, up to its logits."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        weights = self._weights()
        for tensor in model.graph.initializer:
            if tensor.name in weights:
                tensor.CopyFrom(numpy_helper.from_array(_numbers(weights[tensor.name]), tensor.name))
        last = [node for node in model.graph.node if node.op_type == "Gemm"][-1]
        kept = list(model.graph.node)[: list(model.graph.node).index(last) + 1]
        kept[-1].output[0] = OUTPUT
        del model.graph.node[:]
        model.graph.node.extend(kept)
        model.graph.output[0].name = OUTPUT
        model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = self._classes
        onnx.checker.check_model(model, full_check=True)
        return _content(model)


def network(name: str, size: int, classes: int) -> Trainable:
    """A fresh network; raises WorkshopError for an unknown name or a size that it does not take."""
    if name == "small":
        return Small(size, classes)
    if name == "mobilenet-v2" and size == INPUT_SIZE:
        return FineTuned(classes)
    raise WorkshopError(
        f"There is no network {name} for {size} pixels: mobilenet-v2 takes {INPUT_SIZE}, small any size."
    )


def _key(name: str) -> str:
    return name.replace(".", "_")


def _numbers(values: Tensor) -> NDArray[np.float32]:
    return values.detach().numpy().astype(np.float32)


def _content(model: onnx.ModelProto) -> bytes:
    content: bytes = model.SerializeToString(deterministic=True)
    return content
