"""The curves of a linear head's card, drawn from `figures.json` as one small SVG."""

import math
from collections.abc import Sequence
from typing import Any

Panel = tuple[str, str, Sequence[Sequence[float]], str]
"""What runs across and up, the points, both from 0 to 1, and whether a diagonal is drawn."""
_SIDE = 220
_GAP = 60


def curves(figures: dict[str, Any]) -> str:
    """Receiver operating characteristic, precision by recall, calibration, learning: those that the figures hold."""
    learning = figures["learning"]
    most = learning["curve"][-1]["texts"]
    panels = [
        *([("false positive rate", "true positive rate", figures["roc"], "rising")] if "roc" in figures else []),
        *([("recall", "precision", figures["precisionRecall"], "")] if "precisionRecall" in figures else []),
        ("said", "true", [[mean, share] for mean, share, _ in figures["calibration"]["bins"]], "rising"),
        (
            f"texts (a twentieth to all {most:,}; logarithmic)",
            learning["measure"],
            [[1 + math.log(row["texts"] / most) / math.log(20), row["score"]] for row in learning["curve"]],
            "",
        ),
    ]
    return drawn(panels)


def drawn(panels: Sequence[Panel]) -> str:
    """Panels side by side."""
    width = (_SIDE + _GAP) * len(panels)
    content = "".join(_panel(number, *panel) for number, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_SIDE + _GAP}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>{content}</svg>\n'
    )


def _panel(number: int, across: str, up: str, points: Sequence[Sequence[float]], diagonal: str) -> str:
    """Both axes from 0 to 1; the diagonal is what chance, or a sound probability, would draw."""
    left, top = 45 + number * (_SIDE + _GAP), 15
    path = " ".join(f"{left + x * _SIDE:.1f},{top + (1 - y) * _SIDE:.1f}" for x, y in points)
    line = f'<line x1="{left}" y1="{top + _SIDE}" x2="{left + _SIDE}" y2="{top}" stroke="#ccc"/>' if diagonal else ""
    ticks = "".join(
        f'<text x="{left - 4}" y="{top + (1 - at) * _SIDE + 4}" text-anchor="end" fill="#777">{at:g}</text>'
        for at in (0, 0.5, 1)
    )
    return (
        f'<rect x="{left}" y="{top}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#999"/>{line}{ticks}'
        f'<polyline points="{path}" fill="none" stroke="#1d6b57" stroke-width="2"/>'
        f'<text x="{left + _SIDE / 2}" y="{top + _SIDE + 18}" text-anchor="middle">{across}</text>'
        f'<text x="{left - 26}" y="{top + _SIDE / 2}" text-anchor="middle" '
        f'transform="rotate(-90 {left - 26} {top + _SIDE / 2})">{up}</text>'
    )
