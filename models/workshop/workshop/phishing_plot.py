"""A small SVG of recall against false alarms; no library, light and dark."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WIDTH, _HEIGHT, _LEFT, _TOP, _SIDE = 640, 400, 60, 20, 260
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")


def curve_svg(rates: Floats, curves: dict[str, Floats]) -> str:
    """`rates` on a logarithmic axis; one line a curve, with its name below."""
    span = np.log10(rates[-1] / rates[0])
    across = [_LEFT + (_WIDTH - _LEFT - 20) * float(np.log10(rate / rates[0]) / span) for rate in rates]
    parts = [
        f'<line x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{_y(at):.0f}" y2="{_y(at):.0f}" class="grid"/>'
        f'<text x="{_LEFT - 8}" y="{_y(at) + 4:.0f}" text-anchor="end">{at:.1f}</text>'
        for at in (0, 0.2, 0.4, 0.6, 0.8, 1)
    ]
    parts += [
        f'<text x="{x:.0f}" y="{_TOP + _SIDE + 18}" text-anchor="middle">{100 * rate:g} %</text>'
        for x, rate in zip(across, rates, strict=True)
    ]
    for i, (name, recalls) in enumerate(curves.items()):
        points = " ".join(f"{x:.1f},{_y(recall):.1f}" for x, recall in zip(across, recalls, strict=True))
        y, colour = _TOP + _SIDE + 44 + 18 * i, _COLOURS[i % len(_COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<rect x="{_LEFT}" y="{y - 9}" width="12" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + 18}" y="{y}">{name}</text>')
    style = (
        "text{font:12px system-ui,sans-serif;fill:#333}.grid{stroke:#ccc}svg{background:#fff}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}svg{background:#111}}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
    title = "<title>Recall against the share of harmless addresses flagged</title>"
    return "\n".join([head, title, f"<style>{style}</style>", *parts, "</svg>", ""])


def _y(recall: float) -> float:
    return _TOP + _SIDE * (1 - float(recall))
