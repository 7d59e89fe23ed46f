"""Command `golden`: what the shipped files say of the formula's pictures, for other languages to reproduce."""

import json
from pathlib import Path
from typing import Any

import onnxruntime

from workshop.described import NETWORKS, ImageModel
from workshop.network import Network, shipped_bytes
from workshop.paths import MODELS, shown
from workshop.pictures import RECIPE, picture

TOLERANCE = 1e-4
# With 8-bit activations a last bit of a float decides between two codes, and kernels differ in such bits. See the card.
TOLERANCES = {"nsfw-open-nsfw/model.int8.onnx": 0.05}

# Width, height, seed: equal, larger, smaller, extreme and single-pixel shapes; the seeds give different classes, and
# with the last one open_nsfw is undecided.
PICTURES = (
    (224, 224, 3),
    (640, 480, 53),
    (97, 301, 16),
    (1000, 40, 54),
    (50, 50, 49),
    (1920, 1080, 12),
    (300, 300, 64),
    (1, 1, 7),
    (50, 50, 1072),
)


def _vectors(model: ImageModel, path: str) -> dict[str, Any]:
    network = Network(model, shipped_bytes(path))
    answers = (network.classify(picture(*shape)[:, :, :3]) for shape in PICTURES)
    rounded = [[round(float(p), 8) for p in probabilities] for probabilities in answers]
    return {"tolerance": TOLERANCES.get(path, TOLERANCE), "probabilities": rounded}


def reference(model: ImageModel) -> dict[str, Any]:
    """A network's golden vectors: for each of its files one row of probabilities a picture, to eight decimals."""
    return {
        "producer": f"onnxruntime {onnxruntime.__version__} (Python, CPU)",
        "recipe": RECIPE,
        "pictures": [dict(zip(("width", "height", "seed"), shape, strict=True)) for shape in PICTURES],
        "files": {path: _vectors(model, path) for path in model.paths},
    }


def golden(models: Path = MODELS) -> None:
    """Write the golden vectors of every network beside its files."""
    for model in NETWORKS:
        target = models / model.id / "reference.json"
        target.write_text(json.dumps(reference(model), indent=2) + "\n", encoding="utf-8")
        print(f"{shown(target)}: {len(PICTURES)} pictures, {len(model.paths)} files")
