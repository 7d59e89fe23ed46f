"""From a head's logits to log-odds: fitted on rows that were not fitted on otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from sklearn.linear_model import LogisticRegression

from workshop.encoder.judge import Floats
from workshop.heads import Head


@dataclass(frozen=True)
class Calibration:
    """Platt's scaling of a threat's logit; of a description `a` alone, an inverse temperature."""

    a: float
    b: float = 0.0
    languages: Mapping[str, float] = field(default_factory=dict)
    """Added to `b` for a text that is known to be of a language: comments of some score lower than of others."""

    def of(self, logits: Floats) -> Floats:
        """Log-odds, or log-probabilities row by row."""
        if logits.shape[1] == 1:
            return self.a * logits + self.b
        raised = self.a * logits
        top = raised.max(axis=1, keepdims=True)
        return raised - top - np.log(np.exp(raised - top).sum(axis=1, keepdims=True))


def calibrated(head: Head, logits: Floats, labels: np.ndarray) -> Calibration:
    """Fitted on rows that were not fitted on otherwise."""
    if head.category:
        platt = LogisticRegression(C=1e6).fit(logits, labels)
        return Calibration(float(platt.coef_[0, 0]), float(platt.intercept_[0]))
    places = np.arange(len(labels))
    losses = {a: -Calibration(a).of(logits)[places, labels].mean() for a in np.arange(0.3, 3.01, 0.05)}
    return Calibration(float(min(losses, key=lambda a: losses[a])))
