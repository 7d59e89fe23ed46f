"""Scores as log-odds."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]


def log_odds(scores: Scores) -> Scores:
    """Scores in [0,1] to log-odds, finite at both ends."""
    inside = np.clip(scores, 1e-7, 1 - 1e-7)
    odds: Scores = np.log(inside / (1 - inside))
    return odds
