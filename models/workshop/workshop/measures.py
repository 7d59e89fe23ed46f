"""Command `measures`: the text measures of the reference as one member of the ensemble, and what each family adds.

`src/cli/text-measures.ts` measures, so that there is one definition; here the numbers are scaled, turned and fitted.
"""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from workshop.errors import WorkshopError
from workshop.heads import head_of
from workshop.linear import left_out
from workshop.linear_figures import Figures, Judged, left_out_figures
from workshop.linear_fit import SEED, chunks, family, fit
from workshop.paths import MODELS, REPOSITORY, shown
from workshop.text_data import Row, fit_rows, task_rows, unfitted_rows

COMPONENTS = 50
MAX_FEATURES = 10_000
"""Terms of the TF-IDF whose statistics are a family."""
SHIPPED = ("length", "ratio", "language", "keyword", "sequence")
"""Families that need no vocabulary, and so no file of it."""


def measured(rows: Sequence[Row]) -> tuple[dict[str, list[str]], np.ndarray]:
    """Names by family, and a line of numbers for each row; raises WorkshopError where Node.js cannot measure."""
    done = subprocess.run(
        ["npx", "tsx", "src/cli/text-measures.ts"],
        cwd=REPOSITORY,
        input="".join(f"{json.dumps([row.text, row.lang])}\n" for row in rows),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise WorkshopError(f"src/cli/text-measures.ts failed: {done.stderr.strip()[-500:]}")
    families, *lines = map(json.loads, done.stdout.splitlines())
    return families, np.array(lines)


def statistics(vectors: csr_matrix) -> np.ndarray:
    """Of each TF-IDF vector: mean, standard deviation, highest, lowest, how many are not zero, the share that is."""
    width = vectors.shape[1]
    mean = np.asarray(vectors.mean(axis=1)).ravel()
    deviation = np.sqrt(np.maximum(np.asarray(vectors.multiply(vectors).mean(axis=1)).ravel() - mean**2, 0))
    filled = np.diff(vectors.indptr)
    ends = [np.asarray(found.todense()).ravel() for found in (vectors.max(axis=1), vectors.min(axis=1))]
    return np.stack([mean, deviation, *ends, filled, 1 - filled / width], axis=1)


TFIDF = ["tfidf_mean", "tfidf_std", "tfidf_max", "tfidf_min", "tfidf_nonzero", "tfidf_sparsity"]


def member(width: int) -> Pipeline:
    """Standard scaler, PCA (as many components as there are measures, 50 at most), logistic regression (C 1, l2)."""
    return make_pipeline(
        StandardScaler(), PCA(min(COMPONENTS, width), random_state=SEED), LogisticRegression(C=1.0, max_iter=1000)
    )


def folded(fitted: Pipeline, names: Sequence[str]) -> dict[str, Any]:
    """Scaler and regression as `src/core/text/measures.ts` reads them: the turn of the PCA is in the weights."""
    scaler, pca, regression = (step for _, step in fitted.steps)
    weight = pca.components_.T @ regression.coef_[0]
    intercept = float(regression.intercept_[0] - pca.mean_ @ weight)

    def named(values: np.ndarray) -> dict[str, float]:
        return dict(zip(names, (float(f"{value:.12g}") for value in values), strict=True))

    return {
        "mean": named(scaler.mean_),
        "scale": named(scaler.scale_),
        "weight": named(weight),
        "intercept": float(f"{intercept:.12g}"),
    }


def judged_left_out(judged: Judged, rows: Sequence[Row], table: dict[Row, np.ndarray], columns: list[int]) -> Judged:
    """The same rows as another judge, judged by members that have seen nothing of the row's family of sources."""
    scores = np.zeros((len(judged.rows), 1))
    for group in sorted(set(judged.groups.tolist())):
        ours = np.flatnonzero(judged.groups == group)
        hidden = {family(judged.rows[i].source) for i in ours}
        kept = [row for row in rows if row.source.startswith("wardlight") or family(row.source) not in hidden]
        fitted = member(len(columns)).fit(
            np.array([table[row][columns] for row in kept]), np.array([row.label for row in kept])
        )
        scores[ours, 0] = fitted.decision_function(np.array([table[judged.rows[i]][columns] for i in ours]))
    return Judged(judged.rows, scores, judged.labels, judged.groups)


def _platt(judged: Judged) -> np.ndarray:
    """Log-odds after Platt's scaling on these very rows: two numbers, so that it flatters little."""
    return LogisticRegression(C=1e6).fit(judged.logits, judged.labels).decision_function(judged.logits)


def _summary(judged: Judged, odds: np.ndarray) -> Figures:
    by_source = left_out_figures(judged, 1 / (1 + np.exp(-odds)))
    ranked = {name: row for name, row in by_source.items() if "auc" in row}
    worst = min(ranked, key=lambda name: ranked[name]["auc"])
    return {
        "meanAuc": round(float(np.mean([row["auc"] for row in ranked.values()])), 4),
        "meanRecallAt1": round(float(np.mean([row["recallAt1"] for row in ranked.values()])), 4),
        "worst": worst,
        "worstAuc": ranked[worst]["auc"],
    }


def ablation(
    judged: Judged, rows: Sequence[Row], names: dict[str, list[str]], values: dict[Row, np.ndarray]
) -> Figures:
    """Each family alone and each left out, then the n-gram head alone, and the mean of both in log-odds."""
    order = [name for family_names in names.values() for name in family_names]

    def columns(families: Sequence[str]) -> list[int]:
        return [order.index(name) for one in families for name in names[one]]

    head = _platt(judged)
    kinds = {"all": list(names), "shipped": list(SHIPPED)}
    kinds |= {f"only {one}": [one] for one in names}
    kinds |= {f"without {one}": [other for other in names if other != one] for one in names}
    found: Figures = {"n-grams alone": _summary(judged, head)}
    for kind, families in kinds.items():
        odds = _platt(judged_left_out(judged, rows, values, columns(families)))
        found[kind] = _summary(judged, odds)
        print(kind, found[kind], flush=True)
        if kind in ("all", "shipped"):
            for share in (0.1, 0.25, 0.5):
                mixed = f"n-grams and {share:g} of {kind}"
                found[mixed] = _summary(judged, (1 - share) * head + share * odds)
                print(mixed, found[mixed], flush=True)
    return found


def measures(data: Path) -> None:
    """Fit the member, write models/text-measures: the model, golden vectors, the ablation."""
    head = head_of("injection")
    rows, dev = fit_rows(data, head), [*task_rows(data, head, "dev"), *unfitted_rows(data, head)]
    found = chunks(rows, head)
    labels = np.array([row.label for row in rows])
    judged = left_out(fit(found, labels, head), rows, found, dev, chunks(dev, head))
    write(rows, judged)


def write(rows: Sequence[Row], judged: Judged) -> None:
    """The member on all rows, and its figures on sources that were left out."""
    every = list(dict.fromkeys([*rows, *judged.rows]))
    names, numbers = measured(every)
    terms = TfidfVectorizer(max_features=MAX_FEATURES).fit([row.text for row in rows])
    table = np.concatenate([numbers, statistics(terms.transform([row.text for row in every]))], axis=1)
    values = dict(zip(every, table, strict=True))
    figures = ablation(judged, rows, {**names, "tfidf": TFIDF}, values)
    shipped = [name for one in SHIPPED for name in names[one]]
    inputs = np.array([values[row][: len(shipped)] for row in rows])
    fitted = member(len(shipped)).fit(inputs, np.array([row.label for row in rows]))
    folder = MODELS / "text-measures"
    folder.mkdir(exist_ok=True)
    vectors = [
        {"text": row.text, "lang": row.lang, "measures": values[row][: len(shipped)].tolist()}
        for row in [row for row in rows if row.source.startswith("wardlight")][:: max(1, len(rows) // 400)]
    ]
    for vector in vectors:
        vector["score"] = float(fitted.predict_proba([vector["measures"]])[0, 1])
    for name, content in (
        ("model.json", folded(fitted, shipped)),
        ("reference.json", {"names": shipped, "vectors": vectors}),
        ("figures.json", figures),
    ):
        path = folder / name
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
        print(f"{shown(path)}: {path.stat().st_size} bytes", flush=True)
