"""Runs the few ONNX operators of the image networks in torch, for their gradients.

The test card needs those of the picture, fine-tuning those of the weights.
Tensors are [N,C,H,W] float32; the closing Softmax is left out, so that what comes back are logits [N,classes].
"""

from collections.abc import Callable
from typing import Any

import onnx
import torch
import torch.nn.functional as F  # noqa: N812 - the name that torch's own documents use
from onnx import numpy_helper
from torch import Tensor

from workshop.errors import WorkshopError
from workshop.open_nsfw import attributes

Attributes = dict[str, Any]


def _padded(x: Tensor, given: Attributes, value: float) -> Tensor:
    top, left, bottom, right = given.get("pads", [0, 0, 0, 0])
    return F.pad(x, [left, right, top, bottom], value=value)


def _conv(inputs: list[Tensor], given: Attributes) -> Tensor:
    x, kernel, bias = inputs
    return F.conv2d(_padded(x, given, 0), kernel, bias, stride=given["strides"], groups=given.get("group", 1))


def _max_pool(inputs: list[Tensor], given: Attributes) -> Tensor:
    return F.max_pool2d(_padded(inputs[0], given, -torch.inf), given["kernel_shape"], given["strides"])


def _gemm(inputs: list[Tensor], given: Attributes) -> Tensor:
    x, kernel, bias = inputs
    return x @ (kernel.T if given.get("transB") else kernel) + bias


_OPERATORS: dict[str, Callable[[list[Tensor], Attributes], Tensor]] = {
    "Add": lambda inputs, _: inputs[0] + inputs[1],
    "AveragePool": lambda inputs, given: F.avg_pool2d(inputs[0], given["kernel_shape"], given["strides"]),
    "Cast": lambda inputs, _: inputs[0].float(),
    "Clip": lambda inputs, _: inputs[0].clamp(inputs[1], inputs[2]),
    "Conv": _conv,
    "Flatten": lambda inputs, _: inputs[0].flatten(1),
    "Gemm": _gemm,
    "Identity": lambda inputs, _: inputs[0],
    "MaxPool": _max_pool,
    "Mul": lambda inputs, _: inputs[0] * inputs[1],
    "Relu": lambda inputs, _: inputs[0].relu(),
    "Softmax": lambda inputs, _: inputs[0],
}


class TorchNetwork:
    """An ONNX graph as a differentiable function from `input` to logits."""

    def __init__(self, model: onnx.ModelProto) -> None:
        """Read the graph and compute, once, whatever depends on constants alone."""
        self._constants = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in model.graph.initializer}
        self._nodes = []
        for node in model.graph.node:
            if node.op_type not in _OPERATORS:
                raise WorkshopError(f"Node {node.name} is a {node.op_type}: the interpreter does not know it.")
            if all(name in self._constants for name in node.input):
                self._constants[node.output[0]] = self._run(node, self._constants)
            else:
                self._nodes.append(node)

    def __call__(self, x: Tensor, weights: dict[str, Tensor] | None = None) -> Tensor:
        """float32 [N,3,H,W] to logits [N,classes]; `weights` stand in for constants of the same names."""
        values = {**self._constants, **(weights or {}), "input": x}
        for node in self._nodes:
            values[node.output[0]] = self._run(node, values)
        return values[self._nodes[-1].output[0]]

    @staticmethod
    def _run(node: onnx.NodeProto, values: dict[str, Tensor]) -> Tensor:
        return _OPERATORS[node.op_type]([values[name] for name in node.input], attributes(node))
