"""Command `linear`: fits and writes the model, or prints one of the reports behind its card."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from workshop.linear import linear
from workshop.linear_evaluate import evaluate_linear
from workshop.linear_study import study

REPORTS: dict[str | None, Callable[[Path], None]] = {
    None: linear,
    "figures": evaluate_linear,
    "last": partial(evaluate_linear, is_last=True),
    "study": study,
}


def linear_command(data: Path, report: str | None) -> None:
    """Without a report, write models/injection-linear; a report writes nothing."""
    REPORTS[report](data)
