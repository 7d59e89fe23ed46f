"""The curves of the encoder's card as one small SVG."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
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
    rows = "".join(_bar(0, at, name.replace("_", "-"), share, share * 260) for at, (name, share) in enumerate(found))
    return _picture(400, len(found) * 24 + 12, rows)


def word_bars(heads: Mapping[str, Sequence[tuple[str, float, int]]]) -> str:
    """Of each head its words side by side, the longest bar at the top; every head has a scale of its own."""
    content = ""
    for column, (task, words) in enumerate(heads.items()):
        longest = max((fall for _, fall, _ in words), default=0) or 1
        content += f'<text x="{column * _COLUMN + 98}" y="16" font-weight="bold">{task}</text>'
        content += "".join(
            _bar(column * _COLUMN + 20, at + 1, word, fall, max(0.0, fall / longest) * 120)
            for at, (word, fall, _) in enumerate(words)
        )
    most = max((len(words) for words in heads.values()), default=0)
    return _picture(_COLUMN * len(heads), most * 24 + 36, content)


_COLUMN = 260


def _bar(left: int, at: int, name: str, value: float, length: float) -> str:
    top = at * 24
    return (
        f'<text x="{left + 70}" y="{top + 20}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{left + 78}" y="{top + 8}" width="{length:.1f}" height="16" fill="#1d6b57"/>'
        f'<text x="{left + length + 84:.1f}" y="{top + 20}" fill="#555">{value:.2f}</text>'
    )


def _picture(width: int, height: int, content: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="#fff"/>{content}</svg>\n'
    )
