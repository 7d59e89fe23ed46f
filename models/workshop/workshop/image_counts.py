"""How many pictures of a folder are found, in counts alone.

No name, no score and no picture is printed or written, so that those who lawfully hold such a set can measure recall
without anyone seeing it.
"""

from pathlib import Path

import numpy as np

from workshop.described import NETWORKS
from workshop.errors import WorkshopError
from workshop.evaluate import ENDINGS, LIMITS, read_rgb, settled, together, wilson
from workshop.log_odds import Scores, log_odds
from workshop.network import Network
from workshop.pack_network import PackNetwork


def _scores(folder: Path, classify: list) -> tuple[Scores, int]:
    """[networks,pictures] of the readable pictures in a folder, and how many could not be read."""
    rows, unread = [], 0
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS):
        try:
            rgb = read_rgb(path)
        except (OSError, ValueError):
            unread += 1
            continue
        rows.append([score(rgb) for score in classify])
    return np.array(rows, np.float64).reshape(len(rows), len(classify)).T, unread


def _line(name: str, hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    return f"  {name}: {hits} of {total} ({hits / total:.1%}, 95 % interval {low:.1%} to {high:.1%})"


def count(images: Path, pack: Path | None) -> list[str]:
    """The report's lines: for each folder inside `images`, or for itself where it has none."""
    if not images.is_dir():
        raise WorkshopError(f"No folder {images}: name one by --images.")
    third = [PackNetwork.read(pack)] if pack else []
    classify = [*(Network.shipped(model).score for model in NETWORKS), *(network.score for network in third)]
    names = [*(model.id for model in NETWORKS), *(network.card["id"] for network in third)]
    lines = []
    # Folders are told by number: even their names are the holder's business.
    for number, folder in enumerate(sorted(p for p in images.iterdir() if p.is_dir()) or [images], 1):
        scores, unread = _scores(folder, classify)
        total = scores.shape[1]
        lines.append(f"folder {number}: {total} pictures, {unread} unreadable")
        if total == 0:
            continue
        odds = log_odds(scores)
        lines += [
            _line(f"{name} >= 0.5", int((row >= 0.5).sum()), total) for name, row in zip(names, scores, strict=True)
        ]
        both = np.where((odds[:2] >= 0).all(axis=0), together(odds[:2]), 0)
        decided = settled(odds) if third else both
        lines += [_line(f"acted on from {limit}", int((decided >= limit).sum()), total) for limit in LIMITS]
    return lines
