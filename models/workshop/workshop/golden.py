"""Command `golden`: what the exported network says of the formula's pictures, for other languages to reproduce."""

import json
from pathlib import Path
from typing import Any

import onnxruntime

from workshop.network import Network
from workshop.paths import IMAGE_MODEL, shown
from workshop.pictures import RECIPE, picture

TOLERANCE = 1e-4

# Width, height, seed: equal, larger, smaller, extreme and single-pixel shapes; the seeds give different classes.
PICTURES = (
    (224, 224, 3),
    (640, 480, 53),
    (97, 301, 16),
    (1000, 40, 54),
    (50, 50, 49),
    (1920, 1080, 12),
    (300, 300, 64),
    (1, 1, 7),
)


def reference(network: Network) -> dict[str, Any]:
    """The golden vectors as JSON values; probabilities are rounded to eight decimals."""
    entries = []
    for width, height, seed in PICTURES:
        probabilities = network.classify(picture(width, height, seed)[:, :, :3])
        rounded = [round(float(p), 8) for p in probabilities]
        entries.append({"width": width, "height": height, "seed": seed, "probabilities": rounded})
    return {
        "producer": f"onnxruntime {onnxruntime.__version__} (Python, CPU)",
        "tolerance": TOLERANCE,
        "recipe": RECIPE,
        "pictures": entries,
    }


def golden(target: Path = IMAGE_MODEL / "reference.json") -> None:
    """Write the golden vectors to `target`."""
    value = reference(Network())
    target.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    print(f"{shown(target)}: {len(value['pictures'])} pictures")
