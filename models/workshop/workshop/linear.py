"""Command `linear`: fits the heads, chooses their thresholds on sources that were left out, and writes them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workshop.heads import BINARY, HEADS, Head, head_of
from workshop.linear_figures import Judged, Material, label_figures, threat_figures, write_figures
from workshop.linear_fit import Chunks, calibrated, chunks, family, fit, leave_out, left_out_groups, logits
from workshop.linear_golden import reference_text
from workshop.linear_model import Model, read_model, write_model
from workshop.linear_tables import tables
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
    parts: list[tuple[list[Row], np.ndarray, int]] = []
    for number, group in enumerate(left_out_groups(rows, dev)):
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
        material = material_of(data, head, pages)
        labels = np.array([row.label for row in material.fitted])
        print(f"{head.id}: {len(labels)} texts, by class {np.bincount(labels).tolist()}", flush=True)
        model = fit(material.found, labels, head)
        if head.classes == BINARY:
            judged = judged_of(model, material)
            model = calibrated(model, judged.logits, judged.labels)
            model = shifted(model, threshold_of(model, judged, pages, material.page_found))
            figures = threat_figures(model, material, judged)
        else:
            dev_labels = np.array([row.label for row in material.dev])
            model = calibrated(model, logits(model, material.dev_found), dev_labels)
            figures = label_figures(model, material)
        for path in write_model(model, THRESHOLD if head.classes == BINARY else None):
            print(f"{shown(path)}: {path.stat().st_size} bytes", flush=True)
        folder = MODELS / head.id
        (folder / "reference.json").write_text(reference_text(model), encoding="utf-8", newline="\n")
        write_figures(folder, figures)


def evaluate_heads(data: Path, tasks: Sequence[str]) -> None:
    """Measure the heads as they are shipped: writes `figures.json` of each anew and prints its tables.

    What is fitted, with sources left out or on growing draws, is thrown away.
    """
    pages = page_rows(data)
    for head in map(head_of, tasks) if tasks else HEADS:
        model, material = read_model(head), material_of(data, head, pages)
        is_binary = head.classes == BINARY
        judged = judged_of(model, material) if is_binary else None
        figures = threat_figures(model, material, judged) if judged else label_figures(model, material)
        write_figures(MODELS / head.id, figures)
        print(f"\n# {head.id} {head.version}\n\n{tables(head, figures)}", flush=True)


def material_of(data: Path, head: Head, pages: Sequence[Row]) -> Material:
    """All rows of a head, read."""
    fitted, own = fit_rows(data, head), task_rows(data, head, "dev")
    dev = [*own, *unfitted_rows(data, head)] if head.classes == BINARY else own
    return Material(data, fitted, chunks(fitted, head), own, dev, chunks(dev, head), pages, chunks(pages, head))


def judged_of(model: Model, material: Material) -> Judged:
    """The rows of a threat, each by a model without its source."""
    return left_out(model, material.fitted, material.found, material.dev, material.dev_found)
