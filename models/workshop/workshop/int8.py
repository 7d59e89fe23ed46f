"""Static INT8 of most of the convolutional part: 8-bit weights and activations, for WebAssembly on the CPU.

Written as QuantizeLinear/DequantizeLinear pairs (QDQ), which onnxruntime fuses into QLinearConv and QLinearAdd. The
result is a pure function of the float32 graph and the table of activation ranges (see `activations`), so its bytes do
not depend on the machine that made it.

Weights are symmetric, one scale an output channel, stored as uint8 around 128: signed codes would overflow the 16-bit
sums of processors that have AVX2 but no VNNI. Activations are uint8, one scale a tensor. A Relu costs nothing: its
range begins at zero, where the codes saturate. The stem and the first of the four stages stay float32, since 256 steps
lose most there and they cost little; so do the pooling, the dense layer and the softmax.
"""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import numpy_helper

from workshop.errors import WorkshopError
from workshop.graph import Graph
from workshop.open_nsfw import attributes
from workshop.weight_only import shape

Ranges = Mapping[str, tuple[float, float]]


# The convolutions of the stem and of the first stage (three blocks of three, one of them with a projection).
WHOLE_CONVOLUTIONS = 1 + 3 * 3 + 1


def _parts(model: onnx.ModelProto) -> tuple[list[onnx.NodeProto], list[onnx.NodeProto]]:
    """The nodes that stay float32 at the beginning, and the rest."""
    nodes = list(model.graph.node)
    convolutions = [number for number, node in enumerate(nodes) if node.op_type == "Conv"]
    return nodes[: convolutions[WHOLE_CONVOLUTIONS]], nodes[convolutions[WHOLE_CONVOLUTIONS] :]


def _settled(model: onnx.ModelProto) -> dict[str, str]:
    """For each Conv and Add the value to quantise: the Relu right after it where there is one."""
    relu = {node.input[0]: node.output[0] for node in model.graph.node if node.op_type == "Relu"}
    made = [node.output[0] for node in model.graph.node if node.op_type in ("Conv", "Add")]
    return {name: relu.get(name, name) for name in made}


def coded_values(model: onnx.ModelProto) -> list[str]:
    """The float32 graph's values that become codes, each once: those for which a range is needed."""
    settled = _settled(model)
    _, coded = _parts(model)
    entry = coded[0].input[0]
    return [entry, *(settled[node.output[0]] for node in coded if node.output[0] in settled)]


class _Quantizer:
    """Walks the float32 nodes once; `_float` maps a value to its dequantised form, `_scale` to its step."""

    def __init__(self, model: onnx.ModelProto, ranges: Ranges) -> None:
        self._model = model
        self._ranges = ranges
        self._graph = Graph()
        self._constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
        self._settled = _settled(model)
        self._float: dict[str, str] = {}
        self._scale: dict[str, float] = {}

    def run(self, name: str) -> onnx.ModelProto:
        whole, coded = _parts(self._model)
        for node in whole:
            self._keep(node)
        self._quantize(coded[0].input[0], coded[0].input[0])
        for node in coded:
            match node.op_type:
                case "Conv":
                    inputs = [self._float[node.input[0]], *self._kernel(node)]
                    self._quantize(self._copy(node, inputs), self._settled[node.output[0]])
                case "Add":
                    inputs = [self._float[given] for given in node.input]
                    self._quantize(self._copy(node, inputs), self._settled[node.output[0]])
                case "Relu":
                    assert node.output[0] in self._float, "a Relu follows a convolution or a sum"
                case _:
                    self._keep(node)
        size, classes = (shape(value)[-1] for value in (self._model.graph.input[0], self._model.graph.output[0]))
        return self._graph.model(name, size, classes)

    def _copy(self, node: onnx.NodeProto, inputs: list[str]) -> str:
        return self._graph.node(node.op_type, inputs, node.output[0], **attributes(node))

    def _keep(self, node: onnx.NodeProto) -> None:
        for given in node.input:
            if given in self._constants:
                self._graph.constant(given, self._constants[given])
        self._copy(node, [self._float.get(given, given) for given in node.input])

    def _quantize(self, source: str, target: str) -> None:
        if target not in self._ranges:
            raise WorkshopError(f"The activation table has no range for {target}: make it by `calibrate`.")
        low, high = (float(edge) for edge in self._ranges[target])
        low, high = min(low, 0.0), max(high, 0.0)
        step = np.float32((high - low) / 255)
        scale = self._graph.constant(f"{target}/scale", np.array(step, np.float32))
        zero = self._graph.constant(f"{target}/zero", np.array(round(-low / float(step)), np.uint8))
        codes = self._graph.node("QuantizeLinear", [source, scale, zero], f"{target}/codes")
        self._scale[target] = float(step)
        self._float[target] = self._graph.node("DequantizeLinear", [codes, scale, zero], f"{target}/float")

    def _kernel(self, node: onnx.NodeProto) -> list[str]:
        """The kernel [O,I,h,w] and the bias [O] as codes, dequantised."""
        kernel, bias = (self._constants[name].astype(np.float64) for name in node.input[1:])
        before = self._scale[node.input[0]]
        # A dead channel has no weights to speak of but a bias, which must fit into 32 bits at the products' scale.
        least = np.maximum(np.abs(bias) / (before * 2**30), 1e-12)
        step = np.maximum(np.abs(kernel).max(axis=(1, 2, 3)) / 127, least).astype(np.float32)
        codes = np.clip(np.rint(kernel / step[:, None, None, None].astype(np.float64)), -127, 127) + 128
        weights = self._channels(node.input[1], codes.astype(np.uint8), step, 128)
        # The sum of products has this scale, and the bias is added to it as a 32-bit integer.
        product = step.astype(np.float64) * before
        whole = np.rint(bias / product).astype(np.int32)
        return [weights, self._channels(node.input[2], whole, product.astype(np.float32), 0)]

    def _channels(self, name: str, codes: np.ndarray, scale: np.ndarray, zero: int) -> str:
        """A constant with one scale an output channel, dequantised."""
        zeros = np.full(len(scale), zero, codes.dtype)
        values = {"codes": codes, "scale": scale, "zero": zeros}
        parts = [self._graph.constant(f"{name}/{part}", value) for part, value in values.items()]
        return self._graph.node("DequantizeLinear", parts, f"{name}/value", axis=0)


def int8(model: onnx.ModelProto, ranges: Ranges, name: str) -> onnx.ModelProto:
    """`model` with most of its convolutions and sums in INT8; raises WorkshopError where a range is missing."""
    return _Quantizer(model, ranges).run(name)
