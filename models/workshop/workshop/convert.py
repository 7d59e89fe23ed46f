"""TensorFlow.js MobileNetV2 and InceptionV3 to ONNX, keeping the uint8 weight codes exactly.

A kernel becomes Cast -> Mul -> Add on its codes: onnxruntime folds that once when the session starts, so the
download stays at one byte a weight and inference runs in float32. BatchNorm is folded into the scale, the minimum
and the bias of the convolution before it, computed in float64. Kernels turn from TensorFlow's HWIO (depthwise: HWCM)
to ONNX's OIHW; activations from NHWC to NCHW.
"""

import numpy as np
import onnx
from numpy.typing import NDArray

from workshop.errors import WorkshopError
from workshop.graph import Graph
from workshop.tfjs import Layer, Model, Quantized

Floats = NDArray[np.float64]


class _Converter:
    """Walks the layers once; `_value` maps a layer to the name of its ONNX value."""

    def __init__(self, model: Model, size: int) -> None:
        self._model = model
        self._size = size
        self._graph = Graph()
        self._value: dict[str, str] = {}
        self._padding: dict[str, list[int]] = {}
        self._followers: dict[str, list[Layer]] = {}
        for layer in model.layers:
            for name in layer.inputs:
                self._followers.setdefault(name, []).append(layer)

    def run(self, name: str, classes: int) -> onnx.ModelProto:
        for layer in self._model.layers:
            convert = getattr(self, f"_{layer.kind.lower()}", None)
            if convert is None:
                raise WorkshopError(f"Layer {layer.name} is a {layer.kind}: this conversion does not know it.")
            self._value[layer.name] = convert(layer)
        self._graph.node("Identity", [self._value[self._model.output]], "probs")
        return self._graph.model(name, self._size, classes)

    def _inputs(self, layer: Layer) -> list[str]:
        return [self._value[name] for name in layer.inputs]

    def _inputlayer(self, layer: Layer) -> str:
        _expect(layer, "batch_input_shape", [None, self._size, self._size, 3])
        return "input"

    def _zeropadding2d(self, layer: Layer) -> str:
        (top, bottom), (left, right) = layer.config["padding"]
        self._padding[layer.name] = [top, left, bottom, right]
        return self._inputs(layer)[0]

    def _conv2d(self, layer: Layer) -> str:
        return self._convolution(layer, "kernel", (3, 2, 0, 1), group=1)

    def _depthwiseconv2d(self, layer: Layer) -> str:
        _expect(layer, "depth_multiplier", 1)
        channels = self._model.weights[f"{layer.name}/depthwise_kernel"].codes.shape[2]
        return self._convolution(layer, "depthwise_kernel", (2, 3, 0, 1), group=channels)

    def _convolution(self, layer: Layer, weight: str, axes: tuple[int, ...], group: int) -> str:
        for key, value in (("activation", "linear"), ("use_bias", False), ("dilation_rate", [1, 1])):
            _expect(layer, key, value)
        multiplier, bias = self._folded_norm(layer)
        kernel = self._kernel(f"{layer.name}/{weight}", axes, multiplier)
        shift = self._graph.constant(f"{layer.name}/bias", bias.astype(np.float32))
        return self._graph.node(
            "Conv",
            [*self._inputs(layer), kernel, shift],
            layer.name,
            group=group,
            kernel_shape=layer.config["kernel_size"],
            pads=self._pads(layer),
            strides=layer.config["strides"],
        )

    def _pads(self, layer: Layer) -> list[int]:
        if layer.config["padding"] == "valid":
            return self._padding.get(layer.inputs[0], [0, 0, 0, 0])
        return _same_pads(layer, layer.config["kernel_size"])

    def _folded_norm(self, layer: Layer) -> tuple[Floats, Floats]:
        """Multiplier and bias, one a channel, of the BatchNorm that is the convolution's only follower."""
        (norm,) = self._followers[layer.name]
        _expect(norm, "axis", -1, 3)
        beta, mean, variance = (
            self._model.weights[f"{norm.name}/{part}"].values() for part in ("beta", "moving_mean", "moving_variance")
        )
        gamma = self._model.weights[f"{norm.name}/gamma"].values() if norm.config["scale"] else np.float64(1)
        multiplier = gamma / np.sqrt(variance + norm.config["epsilon"])
        return multiplier, beta - mean * multiplier

    def _kernel(self, name: str, axes: tuple[int, ...], multiplier: Floats) -> str:
        tensor = self._model.weights[name]
        shape = (-1, *(1 for _ in axes[1:]))
        graph = self._graph
        codes = graph.constant(name, tensor.codes.transpose(axes))
        scale = graph.constant(f"{name}/scale", (tensor.scale * multiplier).astype(np.float32).reshape(shape))
        minimum = graph.constant(f"{name}/minimum", (tensor.minimum * multiplier).astype(np.float32).reshape(shape))
        cast = graph.node("Cast", [codes], f"{name}/float", to=onnx.TensorProto.FLOAT)
        scaled = graph.node("Mul", [cast, scale], f"{name}/scaled")
        return graph.node("Add", [scaled, minimum], f"{name}/value")

    def _batchnormalization(self, layer: Layer) -> str:
        return self._inputs(layer)[0]

    def _relu(self, layer: Layer) -> str:
        for key, value in (("max_value", 6), ("negative_slope", 0), ("threshold", 0)):
            _expect(layer, key, value)
        low = self._graph.constant("relu6/low", np.array(0, np.float32))
        high = self._graph.constant("relu6/high", np.array(6, np.float32))
        return self._graph.node("Clip", [*self._inputs(layer), low, high], layer.name)

    def _add(self, layer: Layer) -> str:
        return self._graph.node("Add", self._inputs(layer), layer.name)

    def _activation(self, layer: Layer) -> str:
        _expect(layer, "activation", "relu")
        return self._graph.node("Relu", self._inputs(layer), layer.name)

    def _concatenate(self, layer: Layer) -> str:
        _expect(layer, "axis", -1, 3)
        return self._graph.node("Concat", self._inputs(layer), layer.name, axis=1)

    def _maxpooling2d(self, layer: Layer) -> str:
        _expect(layer, "padding", "valid")
        return self._pool("MaxPool", layer)

    def _averagepooling2d(self, layer: Layer) -> str:
        # TensorFlow's mean leaves the padding out, as ONNX does where nothing else is said.
        pads = {} if layer.config["padding"] == "valid" else {"pads": _same_pads(layer, layer.config["pool_size"])}
        return self._pool("AveragePool", layer, **pads)

    def _pool(self, kind: str, layer: Layer, **pads: list[int]) -> str:
        size, strides = layer.config["pool_size"], layer.config["strides"]
        return self._graph.node(kind, self._inputs(layer), layer.name, kernel_shape=size, **pads, strides=strides)

    def _flatten(self, layer: Layer) -> str:
        # One pixel is left here, so NHWC and NCHW flatten to the same vector.
        return self._graph.node("Flatten", self._inputs(layer), layer.name)

    def _dropout(self, layer: Layer) -> str:
        return self._inputs(layer)[0]

    def _dense(self, layer: Layer) -> str:
        bias: Quantized = self._model.weights[f"{layer.name}/bias"]
        kernel = self._kernel(f"{layer.name}/kernel", (1, 0), np.ones(layer.config["units"]))
        shift = self._graph.constant(f"{layer.name}/bias", bias.values().astype(np.float32))
        sums = self._graph.node("Gemm", [*self._inputs(layer), kernel, shift], f"{layer.name}/sums", transB=1)
        if layer.config["activation"] == "softmax":
            return self._graph.node("Softmax", [sums], layer.name, axis=1)
        _expect(layer, "activation", "relu")
        return self._graph.node("Relu", [sums], layer.name)


def _expect(layer: Layer, key: str, *values: object) -> None:
    if layer.config[key] not in values:
        known = " or ".join(map(str, values))
        raise WorkshopError(f"Layer {layer.name} has {key} {layer.config[key]}: this conversion knows {known} only.")


def _same_pads(layer: Layer, kernel: list[int]) -> list[int]:
    # With a stride of 1, SAME does not depend on the picture's size.
    _expect(layer, "strides", [1, 1])
    height, width = (side - 1 for side in kernel)
    return [height // 2, width // 2, height - height // 2, width - width // 2]


def convert(model: Model, name: str, size: int, classes: int) -> onnx.ModelProto:
    """The whole network as ONNX; raises WorkshopError at the first layer it cannot convert exactly.

    `input` is float32 [N,3,size,size] in [0,1], `probs` float32 [N,classes].
    """
    return _Converter(model, size).run(name, classes)
