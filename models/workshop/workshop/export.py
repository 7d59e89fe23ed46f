"""Command `export`: the npm package's MobileNetV2 as models/nsfw-mobilenet-v2/model.onnx."""

from pathlib import Path

from workshop import source
from workshop.convert import convert
from workshop.paths import IMAGE_MODEL, shown
from workshop.tfjs import read_model


def model_bytes() -> bytes:
    """The ONNX file's content: the same bytes on every run."""
    model = read_model(source.model_json(), source.weight_bytes())
    content: bytes = convert(model).SerializeToString(deterministic=True)
    return content


def export(target: Path = IMAGE_MODEL) -> None:
    """Write `model.onnx` and the source's licence text into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    content = model_bytes()
    (target / "model.onnx").write_bytes(content)
    (target / "LICENSE").write_bytes(source.member(source.LICENSE))
    print(f"{shown(target / 'model.onnx')}: {len(content)} bytes")
