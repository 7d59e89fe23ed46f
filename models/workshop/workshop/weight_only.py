"""Eight bits a weight, float32 everywhere else: for WebGPU, whose kernels know no 8-bit activations.

Each convolution's kernel becomes unsigned codes with a scale and a minimum of its own for every output channel,
written as Cast -> Mul -> Add, which onnxruntime folds once when a session starts (as in `convert`).
"""

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

from workshop.graph import Graph
from workshop.open_nsfw import attributes


def weight_only(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """The same graph with every Conv kernel [O,I,h,w] as uint8 codes; biases and dense layers stay float32."""
    graph = Graph()
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        inputs = list(node.input)
        if node.op_type == "Conv":
            inputs[1] = _codes(graph, inputs[1], constants[inputs[1]])
        for given in inputs:
            if given in constants:
                graph.constant(given, constants[given])
        graph.node(node.op_type, inputs, node.output[0], **attributes(node))
    size, classes = (shape(value)[-1] for value in (model.graph.input[0], model.graph.output[0]))
    return graph.model(name, size, classes)


def shape(value: onnx.ValueInfoProto) -> list[int]:
    """A value's dimensions; 0 for a free one."""
    return [dim.dim_value for dim in value.type.tensor_type.shape.dim]


def _codes(graph: Graph, name: str, kernel: np.ndarray) -> str:
    wide = kernel.astype(np.float64)
    low = np.minimum(wide.min(axis=(1, 2, 3), keepdims=True), 0)
    step = np.maximum((np.maximum(wide.max(axis=(1, 2, 3), keepdims=True), 0) - low) / 255, 1e-12)
    codes = graph.constant(f"{name}/codes", np.rint((wide - low) / step).astype(np.uint8))
    scale = graph.constant(f"{name}/scale", step.astype(np.float32))
    minimum = graph.constant(f"{name}/minimum", low.astype(np.float32))
    cast = graph.node("Cast", [codes], f"{name}/float", to=TensorProto.FLOAT)
    scaled = graph.node("Mul", [cast, scale], f"{name}/scaled")
    return graph.node("Add", [scaled, minimum], f"{name}/value")
