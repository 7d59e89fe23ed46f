"""Yahoo's open_nsfw (ResNet-50-thin) as the package ships it, rewritten as a plain float32 ONNX graph.

The package's file is opset 9 from TensorFlow, NHWC at its door and with unspeakable names; BatchNorm is folded
already. Here: NCHW float32 `input` [N,3,224,224], BGR bytes minus their mean, to `probs` [N,2] = sfw, nsfw. Every
weight is kept bit for bit and every sum keeps its order.
"""

from typing import Any

import onnx
from onnx import helper, numpy_helper

from workshop import wheel
from workshop.described import INPUT_SIZE, OPEN_NSFW
from workshop.errors import WorkshopError
from workshop.graph import Graph

_DENSE = ("fc_nsfw/MatMul/ReadVariableOp:0", "fc_nsfw/BiasAdd/ReadVariableOp:0")
# Transpose to NCHW first; two reshapes, the dense layer and the softmax last.
_HEAD, _TAIL = ["Transpose"], ["Reshape", "Reshape", "MatMul", "Add", "Softmax"]
_KINDS = {"Conv", "Relu", "Add", "MaxPool", "AveragePool"}


def attributes(node: onnx.NodeProto) -> dict[str, Any]:
    """A node's attributes by name."""
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _shape_attributes(node: onnx.NodeProto) -> dict[str, Any]:
    given = attributes(node)
    if given.get("auto_pad", b"NOTSET") != b"NOTSET" or set(given.get("dilations", [1])) != {1}:
        raise WorkshopError(
            f"Node {node.name} has an unknown padding or dilation: this conversion is not exact for it."
        )
    return {name: given[name] for name in ("kernel_shape", "pads", "strides") if name in given}


def rewrite(source: onnx.ModelProto) -> onnx.ModelProto:
    """The packaged graph as the clean one; raises WorkshopError where it is not the graph that was known."""
    nodes = list(source.graph.node)
    if [n.op_type for n in nodes[:1]] != _HEAD or [n.op_type for n in nodes[-5:]] != _TAIL:
        raise WorkshopError("The packaged network does not begin or end as recorded: read it anew.")
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in source.graph.initializer}
    graph = Graph()
    value = {nodes[0].output[0]: "input"}
    last = "input"
    for number, node in enumerate(nodes[1:-5]):
        if node.op_type not in _KINDS:
            raise WorkshopError(f"Node {node.name} is a {node.op_type}: this conversion does not know it.")
        last = f"{node.op_type.lower()}_{number:03}"
        activations = [value[name] for name in node.input if name in value]
        constants = [name for name in node.input if name not in value]
        parts = [graph.constant(f"{last}/{part}", weights[name]) for part, name in zip("wb", constants, strict=False)]
        value[node.output[0]] = graph.node(node.op_type, [*activations, *parts], last, **_shape_attributes(node))
    kernel, bias = (graph.constant(f"dense/{part}", weights[name]) for part, name in zip("wb", _DENSE, strict=True))
    flat = graph.node("Flatten", [last], "flat")
    sums = graph.node("Gemm", [flat, kernel, bias], "dense")
    graph.node("Softmax", [sums], "probs", axis=1)
    return graph.model(OPEN_NSFW.id, INPUT_SIZE, len(OPEN_NSFW.classes))


def open_nsfw() -> onnx.ModelProto:
    """The clean float32 network, from the pinned package."""
    return rewrite(onnx.load_from_string(wheel.member(wheel.NETWORK)))
