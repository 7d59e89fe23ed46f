"""The curves of the encoder's card as one small SVG."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workshop.linear_plot import Panel, drawn


def plots(figures: dict[str, Any]) -> str:
    """The student's cosine and the heads' mean by step; of injection the curve of errors, precision, calibration."""
    detail = figures["heads"]["injection"]["detail"]
    student, fit = figures["student"], figures["fits"][-1]["log"]
    panels: Sequence[Panel] = [
        ("steps of the student (all)", "cosine, English", _by_step(student, lambda one: one["en"]["cosine"]), ""),
        ("steps of the student (all)", "cosine, Italian", _by_step(student, lambda one: one["it"]["cosine"]), ""),
        ("steps of the heads (all)", "mean of all figures", _by_step(fit, lambda one: one["mean"]), ""),
        ("injection: false positive rate", "true positive rate", detail["roc"], "rising"),
        ("injection: recall", "precision", detail["precisionRecall"], ""),
        ("injection: said", "true", [[mean, share] for mean, share, _ in detail["calibration"]["bins"]], "rising"),
    ]
    return drawn(panels)


def _by_step(log: Sequence[dict[str, Any]], value: Callable[[dict[str, Any]], float]) -> list[list[float]]:
    last = max((one["step"] for one in log), default=1)
    return [[one["step"] / last, value(one)] for one in log]


def bars(shares: Mapping[str, float]) -> str:
    """Shares of one as bars with their names, the longest first."""
    found = sorted(shares.items(), key=lambda pair: -pair[1])
    rows = "".join(
        f'<text x="70" y="{at * 24 + 20}" text-anchor="end">{name.replace("_", "-")}</text>'
        f'<rect x="78" y="{at * 24 + 8}" width="{share * 260:.1f}" height="16" fill="#1d6b57"/>'
        f'<text x="{share * 260 + 84:.1f}" y="{at * 24 + 20}" fill="#555">{share:.2f}</text>'
        for at, (name, share) in enumerate(found)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 {len(found) * 24 + 12}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>{rows}</svg>\n'
    )
