"""Fits the phishing model: hashed n-grams in a logistic regression, whose log-odds join the features of trees."""

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

Floats = NDArray[np.float64]
SEED = 42
DECIMALS = 4  # of the features and of the n-grams' log-odds, as `core/url/features.ts` rounds


@dataclass(frozen=True)
class Sample:
    """Addresses as the model sees them; `groups` are registrable domains."""

    grams: csr_matrix
    features: Floats
    labels: NDArray[np.int8]
    groups: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True)
class Linear:
    """Weights in eight bits: weight = code * scale."""

    codes: NDArray[np.int8]
    scale: float
    intercept: float

    def log_odds(self, grams: csr_matrix) -> Floats:
        """Rounded as the trees were fitted on them."""
        return np.round(grams @ (self.codes * self.scale) + self.intercept, DECIMALS)


@dataclass(frozen=True)
class Phishing:
    """The whole model, uncalibrated."""

    linear: Linear
    trees: HistGradientBoostingClassifier

    def log_odds(self, grams: csr_matrix, features: Floats) -> Floats:
        """Of phishing; the classes weigh the same."""
        return self.trees.decision_function(np.column_stack([self.linear.log_odds(grams), features]))


def fit_linear(grams: csr_matrix, labels: NDArray[np.int8], weights: Floats) -> Linear:
    """l2, liblinear; rounded to eight bits before anything is measured."""
    model = LogisticRegression(C=2.0, solver="liblinear", random_state=SEED).fit(grams, labels, sample_weight=weights)
    exact = model.coef_[0]
    scale = float(f"{np.abs(exact).max() / 127:.6g}")
    return Linear(np.round(exact / scale).astype(np.int8), scale, round(float(model.intercept_[0]), 6))


def fit(sample: Sample) -> Phishing:
    """The trees see log-odds of regressions that were not fitted on the same domain (four folds)."""
    unseen = np.zeros(len(sample.labels))
    for rest, held in GroupKFold(4).split(sample.grams, sample.labels, sample.groups):
        part = fit_linear(sample.grams[rest], sample.labels[rest], sample.weights[rest])
        unseen[held] = part.log_odds(sample.grams[held])
    trees = HistGradientBoostingClassifier(
        max_iter=350,
        learning_rate=0.07,
        max_leaf_nodes=24,
        min_samples_leaf=40,
        l2_regularization=2.0,
        max_bins=128,
        early_stopping=False,
        random_state=SEED,
    ).fit(np.column_stack([unseen, sample.features]), sample.labels, sample_weight=sample.weights)
    return Phishing(fit_linear(sample.grams, sample.labels, sample.weights), trees)


def platt(log_odds: Floats, labels: NDArray[np.int8], prior: float) -> tuple[float, float]:
    """(a, b) of p = sigmoid(a * log_odds + b), the classes weighed so that `prior` of the addresses are phishing."""
    share = labels.mean()
    weights = np.where(labels == 1, prior / share, (1 - prior) / (1 - share))
    model = LogisticRegression(C=1e6, solver="lbfgs").fit(log_odds[:, None], labels, sample_weight=weights)
    return round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)


def exported(model: Phishing, features: list[str], calibration: tuple[float, float]) -> dict[str, Any]:
    """`model.json`: trees as flat lists; a leaf's feature is -1, and its value stands in `thresholds`."""
    nodes: dict[str, list[Any]] = {"roots": [], "features": [], "thresholds": [], "left": [], "right": []}
    for (tree,) in model.trees._predictors:
        start = len(nodes["features"])
        nodes["roots"].append(start)
        for node in tree.nodes:
            is_leaf = bool(node["is_leaf"])
            nodes["features"].append(-1 if is_leaf else int(node["feature_idx"]))
            cut = node["value"] if is_leaf else node["num_threshold"]
            nodes["thresholds"].append(float(f"{cut:.9g}") if is_leaf else round(float(cut), DECIMALS + 2))
            nodes["left"].append(0 if is_leaf else start + int(node["left"]))
            nodes["right"].append(0 if is_leaf else start + int(node["right"]))
    return {
        "kind": "url-forest",
        "features": features,
        "linear": {
            "codes": base64.b64encode(model.linear.codes.tobytes()).decode(),
            "scale": model.linear.scale,
            "intercept": model.linear.intercept,
        },
        "trees": nodes,
        "baseline": float(f"{model.trees._baseline_prediction.item():.9g}"),
        "calibration": {"a": calibration[0], "b": calibration[1]},
    }
