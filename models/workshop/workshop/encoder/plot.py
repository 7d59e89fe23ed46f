"""The curves of the encoder's card as one small SVG."""

from collections.abc import Callable, Sequence
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
