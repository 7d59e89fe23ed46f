"""Collects ONNX nodes and initialisers in the order in which they are asked for."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# Opset 17 / IR 8 are what onnxruntime-web has long read; fixed, so that the bytes do not follow the library.
OPSET = 17
IR_VERSION = 8


class Graph:
    """A graph under construction; values are known by their names."""

    def __init__(self) -> None:
        """Start empty."""
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add an initialiser; the same name twice means the same value."""
        if name not in self._constants:
            # Not ascontiguousarray, which would turn a scalar into a vector.
            self._constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    # ONNX attributes are numbers, texts or lists of them: `make_node` itself takes Any.
    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:  # noqa: ANN401
        """Add a node with one output, named after it."""
        self._nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def model(
        self, name: str, size: int, classes: int, *, layout: str = "NCHW", output: str = "probs"
    ) -> onnx.ModelProto:
        """The checked model: `input` float32 [N,3,size,size], or [N,size,size,3], to `output` float32 [N,classes]."""
        sides = [3, size, size] if layout == "NCHW" else [size, size, 3]
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", *sides])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", classes])],
            list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        model.producer_name = "wardlight-workshop"
        onnx.checker.check_model(model, full_check=True)
        return model
