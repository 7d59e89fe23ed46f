"""Command `evaluate`: false positives of the shipped networks, alone and together, on neutral photographs.

No positives could be had, so nothing is fitted on positives. The photographs are split by sorted name: the even ones
may choose a Platt bias on the side of false alarms, the odd ones report.
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from workshop.described import NETWORKS, ImageModel
from workshop.errors import WorkshopError
from workshop.log_odds import Scores, log_odds
from workshop.network import Network
from workshop.pack_network import PackNetwork
from workshop.preprocess import Bytes

THRESHOLDS = (0.5, 0.7, 0.9)
# As the levels act on the mean: strict, balanced, relaxed.
LIMITS = (0.5, 0.6, 0.8)
# The share of neutral pictures that may score .5 or more after the bias.
SHARE = 0.01
ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


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


def photographs(folder: Path) -> list[Path]:
    """The pictures of a folder, sorted by name; raises WorkshopError where there are none."""
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in ENDINGS)
    if not paths:
        raise WorkshopError(f"No photographs in {folder}: name a folder by --photos.")
    return paths


def false_alarm_bias(scores: Scores, share: float = SHARE) -> float:
    """The b <= 0 nearest to zero with which at most `share` of neutral scores reach .5, for a = 1."""
    allowed = math.floor(share * len(scores))
    worst_allowed_below = float(np.sort(log_odds(scores))[::-1][allowed])
    return min(0.0, -worst_allowed_below)


def together(odds: Scores) -> Scores:
    """The ensemble: log-odds [networks,pictures] averaged with equal weights, as a probability [pictures]."""
    mean: Scores = 1 / (1 + np.exp(-odds.mean(axis=0)))
    return mean


def _report(name: str, scores: Scores, thresholds: tuple[float, ...] = THRESHOLDS) -> None:
    for threshold in thresholds:
        hits, total = int((scores >= threshold).sum()), len(scores)
        low, high = wilson(hits, total)
        print(
            f"{name} >= {threshold}: {hits} of {total} flagged "
            f"({hits / total:.1%}, 95 % interval {low:.1%} to {high:.1%})"
        )


def _rules(models: tuple[ImageModel, ...], odds: Scores) -> None:
    """Each network, their ensemble, and the decision that needs every network; log-odds [networks,pictures]."""
    for model, row in zip(models, odds, strict=True):
        _report(model.id, 1 / (1 + np.exp(-row)))
    _report("ensemble (mean of log-odds)", together(odds))
    _report("both networks", 1 / (1 + np.exp(-odds.min(axis=0))))


def _scores(paths: list[Path], classify: list[Callable[[Bytes], float]]) -> Scores:
    rows = []
    for done, path in enumerate(paths, 1):
        rgb = read_rgb(path)
        rows.append([score(rgb) for score in classify])
        if done % 100 == 0:
            print(f"{done} of {len(paths)} photographs", flush=True)
    return np.array(rows, np.float64).T


def settled(odds: Scores) -> Scores:
    """The probability with a third network, asked where the first two disagree; 0 where no two are for it.

    Log-odds [3,pictures]. A block needs two networks of one half or more, and the mean of those that were asked.
    """
    first, second, third = odds
    is_open = (first >= 0) != (second >= 0)
    asked = np.where(is_open, odds.mean(axis=0), odds[:2].mean(axis=0))
    votes = (first >= 0).astype(int) + (second >= 0) + (is_open & (third >= 0))
    decided: Scores = np.where(votes >= 2, 1 / (1 + np.exp(-asked)), 0)
    return decided


def evaluate_pack(folder: Path, pack: Path) -> None:
    """Print what a pack changes as the third network; writes nothing."""
    third = PackNetwork.read(pack)
    paths = photographs(folder)
    scores = _scores(paths, [*(Network.shipped(model).score for model in NETWORKS), third.score])
    odds = log_odds(scores)
    name = f"{third.card['id']}@{third.card['version']}"
    for half, part in {"test half": np.s_[1::2], "all": np.s_[:]}.items():
        chosen = odds[:, part]
        print(f"\n{half}")
        disagreed = int(((chosen[0] >= 0) != (chosen[1] >= 0)).sum())
        print(f"the first two disagree on {disagreed} of {chosen.shape[1]}: the third is asked about these")
        _report(name, 1 / (1 + np.exp(-chosen[2])), LIMITS)
        both = np.where((chosen[:2] >= 0).all(axis=0), together(chosen[:2]), 0)
        _report("two networks, both needed", both, LIMITS)
        _report(f"with {name} where they disagree, two needed", settled(chosen), LIMITS)


def evaluate(folder: Path) -> None:
    """Print how many photographs each rule flags, with and without the bias; writes nothing."""
    scores = _scores(photographs(folder), [Network.shipped(model).score for model in NETWORKS])
    odds = log_odds(scores)
    shipped = np.array([model.calibration for model in NETWORKS])
    halves = {"calibration half": np.s_[0::2], "test half": np.s_[1::2], "all": np.s_[:]}
    for name, part in halves.items():
        if odds[:, part].size:
            print(f"\n{name}, calibration as shipped")
            _rules(NETWORKS, shipped[:, :1] * odds[:, part] + shipped[:, 1:])
    bias = np.array([[false_alarm_bias(row[0::2])] for row in scores])
    print(f"\nbias for at most {SHARE:.0%} of the calibration half at .5:", *(f"{b:.2f}" for b in bias[:, 0]))
    if odds[:, 1::2].size:
        print("test half, with that bias")
        _rules(NETWORKS, odds[:, 1::2] + bias)
