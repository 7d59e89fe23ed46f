"""An independent judge of the conversion: the Keras layers in plain NumPy, NHWC, float64, nothing folded.

It shares no code with the converter. It reads the manifest on its own and follows Keras' definitions of the layers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Floats]:
    """Every tensor as TensorFlow.js dequantises it."""
    tensors, offset = {}, 0
    for entry in manifest[0]["weights"]:
        quantization, end = entry["quantization"], offset + int(np.prod(entry["shape"]))
        codes = np.array(list(content[offset:end]), dtype=np.float64)
        real = np.float32(codes * quantization["scale"] + quantization["min"])
        tensors[entry["name"]] = real.astype(np.float64).reshape(entry["shape"])
        offset = end
    return tensors


def _windows(x: Floats, kernel: list[int], strides: list[int], padding: str) -> Floats:
    """[N,H,W,C] to [N,H',W',C,kh,kw]; SAME pads as TensorFlow does, the odd pixel below and right."""
    if padding == "same":
        pads = []
        for side, k, stride in zip(x.shape[1:3], kernel, strides, strict=True):
            total = max((-(-side // stride) - 1) * stride + k - side, 0)
            pads.append((total // 2, total - total // 2))
        x = np.pad(x, ((0, 0), *pads, (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, kernel, axis=(1, 2))
    return view[:, :: strides[0], :: strides[1]]


def _activated(x: Floats, kind: str) -> Floats:
    if kind == "softmax":
        raised = np.exp(x - x.max(axis=-1, keepdims=True))
        return raised / raised.sum(axis=-1, keepdims=True)
    return {"relu": np.maximum(x, 0), "linear": x}[kind]


def _layer(kind: str, config: dict[str, Any], inputs: list[Floats], w: dict[str, Floats]) -> Floats:
    x, name = inputs[0], config["name"]
    match kind:
        case "ZeroPadding2D":
            return np.pad(x, ((0, 0), *config["padding"], (0, 0)))
        case "Conv2D":
            windows = _windows(x, config["kernel_size"], config["strides"], config["padding"])
            return np.tensordot(windows, w[f"{name}/kernel"], axes=([4, 5, 3], [0, 1, 2]))
        case "DepthwiseConv2D":
            windows = _windows(x, config["kernel_size"], config["strides"], config["padding"])
            return np.einsum("nhwcij,ijc->nhwc", windows, w[f"{name}/depthwise_kernel"][..., 0], optimize=True)
        case "BatchNormalization":
            beta, mean, variance = (w[f"{name}/{k}"] for k in ("beta", "moving_mean", "moving_variance"))
            gamma = w[f"{name}/gamma"] if config["scale"] else 1.0
            return gamma * (x - mean) / np.sqrt(variance + config["epsilon"]) + beta
        case "ReLU":
            return np.clip(x, 0, config["max_value"])
        case "Add":
            return inputs[0] + inputs[1]
        case "AveragePooling2D":
            # The mean of what lies inside: padding does not count.
            how = (config["pool_size"], config["strides"], config["padding"])
            return _windows(x, *how).sum(axis=(4, 5)) / _windows(np.ones_like(x), *how).sum(axis=(4, 5))
        case "MaxPooling2D":
            assert config["padding"] == "valid"
            return _windows(x, config["pool_size"], config["strides"], "valid").max(axis=(4, 5))
        case "Concatenate":
            return np.concatenate(inputs, axis=config["axis"])
        case "Activation":
            return _activated(x, config["activation"])
        case "Flatten":
            return x.reshape(len(x), -1)
        case "Dropout":
            return x
        case "Dense":
            return _activated(x @ w[f"{name}/kernel"] + w[f"{name}/bias"], config["activation"])
    raise AssertionError(f"unknown layer {kind}")


def forward(model_json: dict[str, Any], content: bytes, x: Floats) -> Floats:
    """[N,224,224,3] in [0,1] to the five probabilities."""
    tensors = weights(model_json["weightsManifest"], content)
    config = model_json["modelTopology"]["model_config"]["config"]
    values: dict[str, Floats] = {}
    for layer in config["layers"]:
        sources = [node[0] for nodes in layer["inbound_nodes"] for node in nodes]
        inputs = [values[source] for source in sources]
        values[layer["name"]] = _layer(layer["class_name"], layer["config"], inputs, tensors) if inputs else x
    return values[config["output_layers"][0][0]]
