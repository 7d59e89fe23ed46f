"""What `encoder evaluate` adds to the card: shift, parity, importance, and sources that were left out, as tables."""

from collections.abc import Mapping

from workshop.encoder.card_tables import Figures, three
from workshop.linear_tables import table

_KINDS = {"auc": "AUC", "accuracy": "accuracy", "recall": "found", "flagged": "flagged"}
Words = Mapping[str, str]


def evaluated(figures: Figures, words: Words) -> list[str]:
    """The sections for what was measured."""
    found = []
    if "shift" in figures:
        found += ["### Shift", words["shift"], shift(figures["shift"])]
    if "parity" in figures:
        found += ["### Whom it flags", words["parity"], parity(figures["parity"]), words["identityGaps"]]
        found += [identity_gaps(figures["heads"])]
    if "importance" in figures:
        found += ["### What it looks at", words["importance"], "![The words that raise each head most](words.svg)"]
    if "leftOut" in figures:
        fitted = figures.get("leftOutFitted", {})
        found += ["### Left out, by source", words["leftOut"], left_out(figures["leftOut"])]
        for task, by_source in fitted.items():
            found += [words["leftOutFitted"].format(**span(by_source)), left_out_fitted(task, by_source)]
    return found


def shift(heads: Figures) -> str:
    """Every source and language beside the head's own figure there."""
    rows = []
    for task, found in heads.items():
        for one in found:
            kind = next((kind for kind in _KINDS if kind in one), None)
            figure = f"{_KINDS[kind]} {one[kind]:.3f}" if kind else ""
            name = " ".join(filter(None, (one["set"], one["source"], one["lang"])))
            measures = [three(one["toldApart"]), three(one["nearest"]), f"{one['psi']:.2f}"]
            is_fitted = {True: "yes", False: "no", None: ""}[one.get("isFitted")]
            rows.append([task, name, is_fitted, one["rows"], *measures, figure])
    return table(("head", "rows of", "fitted on", "n", "told apart", "nearest", "PSI", "the head there"), rows)


def parity(heads: Figures) -> str:
    """The largest differences between two groups, in points: over all languages and in each."""
    rows = []
    for task, found in heads.items():
        for lang, one in {"all": found, **found["byLanguage"]}.items():
            differences = [
                f"{one[name] * 100:.1f}"
                for name in ("parityDifference", "falsePositiveRateDifference", "foundDifference")
            ]
            rows.append([task, lang, one["sentences"], *differences, one["most"], one["least"]])
    groups = list(next(iter(heads.values()))["groups"])
    shares = [
        [name, *(f"{one['groups'][name][kind]:.1%}" for one in heads.values() for kind in ("harmless", "hostile"))]
        for name in groups
    ]
    return (
        table(
            ("head", "language", "sentences a group", "flagged", "harmless", "hostile", "most", "least"),
            rows,
        )
        + "\n\n"
        + table(("group", *(f"{task} {kind}" for task in heads for kind in ("harmless", "hostile"))), shares)
    )


def identity_gaps(heads: Figures) -> str:
    """Of harmless comments by people, by group and head."""
    rows = [
        [task, name, f"{one['harmless']:,}", f"{one['flagged']:.1%}", f"{one['gap'] * 100:+.1f}", three(one["bpsnAuc"])]
        for task, found in heads.items()
        for name, one in found["detail"].get("identityGaps", {}).items()
    ]
    return table(("head", "group", "harmless", "flagged", "gap", "AUC against other threats"), rows)


def left_out(found: Figures) -> str:
    """AUC on each source that was not fitted on."""
    rows = []
    for task, by_source in found.items():
        mean = sum(by_source.values()) / len(by_source)
        rows += [[task, name, three(value)] for name, value in by_source.items()]
        rows.append([f"**{task}**", "**mean**", f"**{mean:.3f}**"])
    return table(("head", "source", "AUC"), rows)


def span(by_source: Figures) -> dict[str, str]:
    """The fewest and the most lessons and steps of the fits."""
    values = {name: sorted({one[name] for one in by_source.values()}) for name in ("fitted", "steps")}
    return {
        name: f"{found[0]:,} to {found[-1]:,}" if len(found) > 1 else f"{found[0]:,}" for name, found in values.items()
    }


def left_out_fitted(task: str, by_source: Figures) -> str:
    """AUC on each source by the weight of the encoder in the mean of both halves."""
    weights = list(next(iter(by_source.values()))["auc"])
    rows = [
        [task, name, one["threats"], one["harmless"], *(three(one["auc"][weight]) for weight in weights)]
        for name, one in by_source.items()
    ]
    means = [sum(one["auc"][weight] for one in by_source.values()) / len(by_source) for weight in weights]
    rows.append([f"**{task}**", "**mean**", "", "", *(f"**{mean:.3f}**" for mean in means)])
    return table(("head", "source", "threats", "harmless", *weights), rows)
