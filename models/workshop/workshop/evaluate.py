"""Command `evaluate`: false positives of the exported network on a folder of neutral photographs."""

import math
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from workshop.convert import CLASSES
from workshop.errors import WorkshopError
from workshop.network import Network
from workshop.preprocess import Bytes

POSITIVE = ("Hentai", "Porn")
THRESHOLDS = (0.5, 0.7, 0.9)
_ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson 1927); bounds in [0,1]."""
    share, spread = hits / total, z * z / total
    centre = share + spread / 2
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, (centre - half) / (1 + spread)), min(1.0, (centre + half) / (1 + spread))


def read_rgb(path: Path) -> Bytes:
    """A picture as a browser shows it: turned upright, transparency on white; uint8 [H,W,3]."""
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGBA")
    white = Image.new("RGBA", upright.size, "white")
    return np.asarray(Image.alpha_composite(white, upright).convert("RGB"))


def evaluate(folder: Path) -> None:
    """Print how many photographs the rule hentai + porn >= t flags; writes nothing."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in _ENDINGS)
    if not paths:
        raise WorkshopError(f"No photographs in {folder}: name a folder by --photos.")
    network = Network()
    positive = [CLASSES.index(name) for name in POSITIVE]
    scores, milliseconds = [], []
    for done, path in enumerate(paths, 1):
        rgb = read_rgb(path)
        start = time.perf_counter()
        scores.append(float(network.classify(rgb)[positive].sum()))
        milliseconds.append((time.perf_counter() - start) * 1000)
        if done % 100 == 0:
            print(f"{done} of {len(paths)} photographs", flush=True)
    for threshold in THRESHOLDS:
        hits = sum(score >= threshold for score in scores)
        low, high = wilson(hits, len(scores))
        print(
            f"hentai + porn >= {threshold}: {hits} of {len(scores)} flagged "
            f"({hits / len(scores):.1%}, 95 % interval {low:.1%} to {high:.1%})"
        )
    print(f"median {np.median(milliseconds):.0f} ms a picture (resize and network, one thread, for information)")
