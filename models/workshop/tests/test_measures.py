"""The member of text measures: its statistics, and that the shipped form says what the fitted one does."""

import numpy as np
from scipy.sparse import csr_matrix

from workshop.measures import folded, member, statistics


def test_statistics_of_a_vector() -> None:
    found = statistics(csr_matrix([[0.0, 0.6, 0.0, 0.8], [0.0, 0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(found[0], [0.35, np.std([0, 0.6, 0, 0.8]), 0.8, 0, 2, 0.5])
    np.testing.assert_allclose(found[1], [0, 0, 0, 0, 0, 1])


def test_scaler_turn_and_regression_fold_into_one_weight_a_measure() -> None:
    chance = np.random.default_rng(1)
    values = chance.normal(3, [1, 5, 0.1, 2], (200, 4))
    labels = (values[:, 0] + values[:, 3] > 6).astype(int)
    fitted = member(4).fit(values, labels)
    model = folded(fitted, list("abcd"))
    logits = [
        model["intercept"]
        + sum(
            model["weight"][n] * (row[i] - model["mean"][n]) / model["scale"][n] for i, n in enumerate(model["weight"])
        )
        for row in values
    ]
    np.testing.assert_allclose(logits, fitted.decision_function(values), atol=1e-8)
