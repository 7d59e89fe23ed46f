"""A TensorFlow.js layers model as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop.errors import WorkshopError


@dataclass(frozen=True)
class Quantized:
    """A tensor stored as uint8 codes: value = code * scale + minimum (affine, per tensor)."""

    codes: NDArray[np.uint8]
    scale: float
    minimum: float

    def values(self) -> NDArray[np.float64]:
        """The tensor that TensorFlow.js computes with: rounded to float32 once, widened here for folding."""
        exact = self.codes.astype(np.float64) * self.scale + self.minimum
        return exact.astype(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Layer:
    """One Keras layer: its class, its configuration, the names of the layers that feed it."""

    name: str
    kind: str
    config: Mapping[str, Any]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class Model:
    """Layers in topological order and every weight by its name (`Conv1/kernel`)."""

    layers: tuple[Layer, ...]
    weights: Mapping[str, Quantized]
    output: str


def _read_weights(manifest: list[dict[str, Any]], content: bytes) -> dict[str, Quantized]:
    weights: dict[str, Quantized] = {}
    offset = 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        how = entry.get("quantization", {})
        if how.get("dtype") != "uint8":
            raise WorkshopError(f"{entry['name']} is not stored as uint8: this conversion reads nothing else.")
        count = int(np.prod(entry["shape"]))
        codes = np.frombuffer(content, np.uint8, count, offset).reshape(entry["shape"])
        weights[entry["name"]] = Quantized(codes, float(how["scale"]), float(how["min"]))
        offset += count
    if offset != len(content):
        raise WorkshopError(f"The manifest describes {offset} bytes of weights, the file holds {len(content)}.")
    return weights


def _read_layer(layer: dict[str, Any]) -> Layer:
    inbound = layer["inbound_nodes"]
    inputs = tuple(node[0] for node in inbound[0]) if inbound else ()
    return Layer(layer["name"], layer["class_name"], layer["config"], inputs)


def read_model(model_json: dict[str, Any], content: bytes) -> Model:
    """Join `model.json` and the weight bytes; raises WorkshopError where they do not fit together."""
    config = model_json["modelTopology"]["model_config"]["config"]
    return Model(
        layers=tuple(_read_layer(layer) for layer in config["layers"]),
        weights=_read_weights(model_json["weightsManifest"], content),
        output=config["output_layers"][0][0],
    )
