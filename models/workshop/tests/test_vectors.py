"""The golden values of neighbours and clusters are scikit-learn's."""

import json
import os
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import DBSCAN
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.neighbors import KNeighborsClassifier

from workshop.paths import REPOSITORY

FILE = REPOSITORY / "test" / "core" / "text" / "vectors.json"


def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three clouds and some strays, rounded so that JSON keeps them; their labels; queries."""
    chance = np.random.default_rng(42)
    centres = 2 * np.eye(3, 8)
    clouds = [centre + chance.normal(scale=0.2, size=(14, 8)) for centre in centres]
    points = np.round(np.concatenate([*clouds, 2 * np.eye(8)[3:] + chance.normal(scale=0.2, size=(5, 8))]), 4)
    queries = np.round(np.concatenate([centres, chance.normal(size=(4, 8)), points[:1]]), 4)
    return points, chance.integers(0, 2, len(points)), queries


def golden() -> dict[str, Any]:
    points, labels, queries = drawn()
    clusters = DBSCAN(eps=0.5, min_samples=5, metric="cosine").fit_predict(points)
    kept = clusters >= 0
    voted = KNeighborsClassifier(5, weights="distance", metric="cosine").fit(points, labels).predict_proba(queries)
    return {
        "points": points.tolist(),
        "labels": labels.tolist(),
        "queries": queries.tolist(),
        "clusters": clusters.tolist(),
        "shares": np.round(voted, 6).tolist(),
        "silhouette": round(float(silhouette_score(points[kept], clusters[kept], metric="cosine")), 6),
        "calinskiHarabasz": round(float(calinski_harabasz_score(points[kept], clusters[kept])), 5),
        "daviesBouldin": round(float(davies_bouldin_score(points[kept], clusters[kept])), 6),
    }


def test_the_committed_values_are_those_of_scikit_learn() -> None:
    """WARDLIGHT_GOLDEN=1 writes them."""
    value = golden()
    if os.environ.get("WARDLIGHT_GOLDEN"):
        FILE.write_text(json.dumps(value) + "\n", encoding="utf-8")
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    assert len(set(committed["clusters"])) >= 3
    assert committed.keys() == value.keys()
    for name, found in value.items():
        assert np.asarray(committed[name]) == pytest.approx(np.asarray(found), abs=1e-6), name
