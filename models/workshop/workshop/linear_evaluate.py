"""What the linear model finds and what it flags by mistake: the tables of its card. Writes nothing."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from workshop.linear import development_rows, read_model
from workshop.linear_data import Example, harmless_rows, hidden_rows, injection, parallel_rows, rows
from workshop.linear_fit import auc, probabilities, recall_at
from workshop.linear_text import Model
from workshop.paths import REPOSITORY

RATE = 0.0005
"""Share of harmless page text, in every language, flagged where the threshold is set: half of what is promised."""

_FIXTURES = REPOSITORY / "test" / "core" / "text"


def page_rows(data: Path) -> list[Example]:
    """Harmless page text in five languages, none of it fitted on.

    Encyclopaedia sentences (their licence forbids to fit on them, not to look at them), package descriptions and
    program help, and textbook pages.
    """
    encyclopaedia = [
        Example(row["text"], False, row["lang"], "wikineural", "page")
        for name in ("injection", "ner")
        for row in rows(data / "train" / f"{name}.jsonl.gz")
        if row["source"] == "wikineural"
    ]
    found = [
        *encyclopaedia,
        *parallel_rows(data, "packages", 4000, held_out=True),
        *parallel_rows(data, "help", 1500, held_out=True),
        *harmless_rows(data, "dev", {"category": 2000}),
    ]
    return list({example.text: example for example in found}.values())


def is_in_half(example: Example) -> bool:
    """Whether a text helps to set the threshold; the others confirm it."""
    return hashlib.sha256(f"half {example.text}".encode()).digest()[0] % 2 == 0


def threshold(model: Model, pages: Sequence[Example]) -> float:
    """The smallest probability, in steps of .05, at which no language has more than RATE of `pages` flagged."""
    scores = probabilities(model, pages)
    needed = 0.0
    for lang in {page.lang for page in pages}:
        ours = np.sort(scores[[page.lang == lang for page in pages]])[::-1]
        needed = max(needed, float(ours[int(len(ours) * RATE)]))
    return float(np.floor(needed * 20 + 1) / 20)


def fixtures() -> list[Example]:
    """Sentences written by other hands for the tests of the patterns, in five languages; hard on purpose."""
    attacks = json.loads((_FIXTURES / "injection-attacks.json").read_text(encoding="utf-8"))["natural"]
    harmless = json.loads((_FIXTURES / "injection-benign.json").read_text(encoding="utf-8"))
    return [
        Example(text, is_attack, lang, "fixtures", "natural")
        for is_attack, table in ((True, attacks), (False, harmless))
        for lang, texts in table.items()
        for text in texts
    ]


def _row(name: str, model: Model, examples: Sequence[Example], limit: float) -> None:
    labels = np.array([example.is_attack for example in examples])
    scores = probabilities(model, examples)
    cells = [f"{name} | {labels.sum()} / {(~labels).sum()}"]
    mixed = labels.any() and not labels.all()
    cells.append(f"{auc(scores, labels):.3f} | {recall_at(scores, labels, 0.01):.3f}" if mixed else "- | -")
    for at in (0.5, limit):
        found = f"{(scores[labels] >= at).mean():.3f}" if labels.any() else "-"
        flagged = f"{(scores[~labels] >= at).mean() * 100:.2f} %" if not labels.all() else "-"
        cells.append(f"{found} | {flagged}")
    print("|", " | ".join(cells), "|", flush=True)


def _head(title: str, limit: float) -> None:
    print(f"\n### {title}\n")
    print(f"| | attacks / harmless | AUC | recall at 1 % | recall .5 | flagged .5 | recall {limit} | flagged {limit} |")
    print("|---|---|---|---|---|---|---|---|")


def _groups(model: Model, examples: Sequence[Example], key: Callable[[Example], str], limit: float) -> None:
    for name, _ in sorted(Counter(map(key, examples)).items()):
        _row(name, model, [example for example in examples if key(example) == name], limit)


def _decisions(model: Model, examples: Sequence[Example], at: Iterable[float]) -> None:
    labels = np.array([example.is_attack for example in examples])
    scores = probabilities(model, examples)
    for limit in at:
        said = scores >= limit
        right = (said & labels).sum()
        precision, recall = right / max(1, said.sum()), right / labels.sum()
        f1 = 2 * right / (said.sum() + labels.sum())
        print(f"| {limit} | {(said == labels).mean():.3f} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")


def evaluate_linear(data: Path, *, is_last: bool = False) -> None:
    """Print the tables; `is_last` adds the sets that nothing may be chosen on."""
    model, pages, dev = read_model(), page_rows(data), development_rows(data)
    limit = threshold(model, [page for page in pages if is_in_half(page)])
    print(f"threshold {limit}")
    _head("Development", limit)
    _row("all", model, dev, limit)
    _groups(model, dev, lambda example: f"{example.source} {example.kind}", limit)
    print("\n| threshold | accuracy | P | R | F1 |\n|---|---|---|---|---|")
    _decisions(model, dev, (0.5, limit))
    _head("Page text, the half that confirms", limit)
    confirming = [page for page in pages if not is_in_half(page)]
    _groups(model, confirming, lambda example: example.lang, limit)
    _groups(model, confirming, lambda example: example.source.split(":")[0], limit)
    _head("Other harmless text", limit)
    _groups(model, harmless_rows(data, "dev"), lambda example: example.kind, limit)
    _head("Sources that were never fitted on", limit)
    never = [e for name in ("train", "dev") for e, _ in injection(data / name / "injection.jsonl.gz")]
    seen = {example.source for example in dev} | {"wikineural"}
    _groups(model, [e for e in never if e.source not in seen], lambda example: example.source, limit)
    wishes = injection(data / "dev" / "injection.jsonl.gz", label_in=["harmful_request"])
    _row("plain bad wishes", model, [example for example, _ in wishes], limit)
    _head("Fixtures of the patterns", limit)
    _groups(model, fixtures(), lambda example: example.lang, limit)
    carriers = [page for page in pages if page.source == "wikineural" and 150 < len(page.text) < 1000]
    _row("hidden in a paragraph", model, hidden_rows([e for e in fixtures() if e.is_attack], carriers), limit)
    if is_last:
        _head("Out of distribution", limit)
        for name in ("deepset_test", "xstest"):
            path = data / "dev_ood" / f"injection.{name}.jsonl.gz"
            found = [e for e, _ in injection(path, label_in=["attack", "benign"])]
            _row(name, model, found, limit)
            _groups(model, found, lambda example: f"{example.source} {example.lang}", limit)
        unsafe = injection(data / "dev_ood" / "injection.xstest.jsonl.gz", label_in=["harmful_request"])
        _row("xstest, plain bad wishes", model, [example for example, _ in unsafe], limit)
