"""Command `linear`: fits the heads, chooses their thresholds on sources that were left out, and writes them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workshop.heads import BINARY, HEADS, Head, head_of
from workshop.linear_figures import Judged, label_figures, threat_figures, write_figures
from workshop.linear_fit import Chunks, calibrated, chunks, family, fit, folds, leave_out, logits
from workshop.linear_golden import reference_text
from workshop.linear_model import Model, write_model
from workshop.paths import MODELS, shown
from workshop.text_data import Row, fit_rows, is_in_half, page_rows, task_rows, unfitted_rows

THRESHOLD = 0.75
"""What every threat's threshold is called: the calibration is shifted so that it lies here."""
PAGE_RATE = 0.0005
"""Share of chunks of ordinary page text, in every language, above the threshold: half of what is promised."""
HARMLESS_RATE = 0.01
"""Share of the harmless rows of each left-out group of sources above the threshold."""


def left_out(model: Model, rows: Sequence[Row], found: Chunks, dev: Sequence[Row], dev_found: Chunks) -> Judged:
    """Every row of a source judged by a model that has seen nothing of its family, for some that is `model` itself."""
    groups = folds([row for row in rows if not row.source.startswith("wardlight") and row.kind != "page"])
    groups = [*groups, frozenset(family(row.source) for row in dev) - frozenset().union(*groups)]
    parts: list[tuple[list[Row], np.ndarray, int]] = []
    for number, group in enumerate(groups):
        unseen = leave_out(model, rows, found, group)
        for source_rows, source_found in ((rows, found), (dev, dev_found)):
            keeps = np.array([family(row.source) in group for row in source_rows])
            if unseen and keeps.any():
                kept = [row for row, keep in zip(source_rows, keeps, strict=True) if keep]
                parts.append((kept, logits(unseen, source_found.of(keeps)), number))
    all_rows = [row for kept, _, _ in parts for row in kept]
    return Judged(
        all_rows,
        np.concatenate([scores for _, scores, _ in parts]),
        np.array([row.label for row in all_rows]),
        np.concatenate([np.full(len(kept), number) for kept, _, number in parts]),
    )


def threshold_of(model: Model, judged: Judged, pages: Sequence[Row], page_found: Chunks) -> float:
    """The logit above which at most PAGE_RATE of each language's page text lies, and HARMLESS_RATE of each group."""
    setting = np.array([is_in_half(row) for row in pages])
    scores = logits(model, page_found)[:, 0]
    langs = np.array([row.lang for row in pages])
    limits = [
        float(np.quantile(scores[setting & (langs == lang)], 1 - PAGE_RATE, method="higher")) for lang in set(langs)
    ]
    clean = judged.labels == 0
    for group in set(judged.groups.tolist()):
        ours = judged.logits[clean & (judged.groups == group), 0]
        if len(ours) >= 100:
            limits.append(float(np.quantile(ours, 1 - HARMLESS_RATE, method="higher")))
    return max(limits)


def shifted(model: Model, limit: float) -> Model:
    """The same slope under another share of threats: at `limit` the probability is THRESHOLD."""
    return replace(model, b=float(f"{np.log(THRESHOLD / (1 - THRESHOLD)) - model.a * limit:.6g}"))


def linear(data: Path, tasks: Sequence[str]) -> None:
    """Fit, calibrate and write the heads that are named, with golden vectors and the figures of their cards."""
    pages = page_rows(data)
    for head in map(head_of, tasks) if tasks else HEADS:
        _make(data, head, pages)


def _make(data: Path, head: Head, pages: Sequence[Row]) -> None:
    rows, own = fit_rows(data, head), task_rows(data, head, "dev")
    dev = [*own, *unfitted_rows(data, head)] if head.classes == BINARY else own
    labels, dev_labels = (np.array([row.label for row in some]) for some in (rows, dev))
    print(f"{head.id}: {len(rows)} texts, by class {np.bincount(labels).tolist()}", flush=True)
    found, dev_found, page_found = chunks(rows, head), chunks(dev, head), chunks(pages, head)
    model = fit(found, labels, head)
    if head.classes == BINARY:
        judged = left_out(model, rows, found, dev, dev_found)
        model = calibrated(model, judged.logits, judged.labels)
        model = shifted(model, threshold_of(model, judged, pages, page_found))
        figures = threat_figures(model, data, judged, own, pages, page_found)
    else:
        model = calibrated(model, logits(model, dev_found), dev_labels)
        figures = label_figures(model, data, dev, dev_found)
    for path in write_model(model, THRESHOLD if head.classes == BINARY else None):
        print(f"{shown(path)}: {path.stat().st_size} bytes", flush=True)
    folder = MODELS / head.id
    (folder / "reference.json").write_text(reference_text(model), encoding="utf-8", newline="\n")
    write_figures(folder, figures)
