"""The tables of a linear head's card, as Markdown, from `figures.json`."""

from collections.abc import Iterable, Sequence
from typing import Any

from workshop.heads import BINARY, Head

Figures = dict[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


_COLUMNS = (
    *(("positive", "threats"), ("negative", "harmless"), ("auc", "AUC"), ("averagePrecision", "AP")),
    *(
        ("recallAt1", "recall at 1 %"),
        ("precision", "P .75"),
        ("recall", "R .75"),
        ("f1", "F1 .75"),
        ("flagged", "flagged .75"),
    ),
)


def binary_rows(groups: dict[str, Figures], title: str) -> str:
    """What `linear_metrics.binary` found in each group."""

    def cell(figures: Figures, name: str) -> str:
        value = figures.get(name)
        return (
            ""
            if value is None
            else f"{value:,}"
            if isinstance(value, int)
            else f"{value * 100:.2f} %"
            if name == "flagged"
            else f"{value:.3f}"
        )

    rows = [[name, *(cell(figures, key) for key, _ in _COLUMNS)] for name, figures in groups.items()]
    return table((title, *(label for _, label in _COLUMNS)), rows)


def tables(head: Head, figures: Figures) -> str:
    """Every table of a card's figures, as Markdown."""
    own = _threat_tables(figures) if head.classes == BINARY else _label_tables(head, figures)
    return "\n\n".join([own, _learning_table(figures["learning"])])


def _learning_table(learning: Figures) -> str:
    names = ("texts", learning["measure"], *(name for name in ("elsewhere",) if name in learning["curve"][0]))
    rows = [
        [f"{row['texts']:,}", *(f"{row[key]:.3f}" for key in ("score", "elsewhere") if key in row)]
        for row in learning["curve"]
    ]
    sets = f"; elsewhere: mean AUC of {', '.join(learning['sets'])}" if learning.get("sets") else ""
    return f"Learning, measured on the rows of development{sets}:\n\n{table(names, rows)}"


_IDENTITY = (
    *("group", "harmless", "flagged .75", "gap", "flagged at 5 %", "gap at 5 %"),
    *("AUC against other threats",),
)


def _identity_table(groups: dict[str, Figures]) -> str:
    def points(value: float) -> str:
        return f"{round(value * 100, 1) + 0.0:+.1f}"

    rows = [
        [
            *(name, f"{row['harmless']:,}", f"{row['flagged'] * 100:.1f} %", points(row["gap"])),
            *(f"{row['flaggedAt5'] * 100:.1f} %", points(row["gapAt5"]), f"{row['bpsnAuc']:.3f}"),
        ]
        for name, row in groups.items()
    ]
    return (
        "Harmless comments of left-out sources that name a group: how much more of them is flagged, in points, than of all "
        "harmless comments of the same sources; at the threshold, and where 5 % of all harmless comments are flagged. The "
        "AUC sets threats that do not name the group against harmless comments that do (BPSN, Borkan et al. 2019).\n\n"
        + table(_IDENTITY, rows)
    )


def _threat_tables(figures: Figures) -> str:
    low, high = figures["development"]["aucInterval"]
    left = [row["auc"] for row in figures["leftOut"].values() if "auc" in row]
    worst = min((row["auc"], name) for name, row in figures["leftOut"].items() if "auc" in row)
    return "\n\n".join(
        [
            "**.75 is the threshold.** It is where, of sources that were left out, at most 1 % of the harmless rows of any "
            "group, and of half of the page text at most .05 % in any language, lie above; the calibration (slope by Platt "
            "on rows of left-out sources) is shifted so that it is called .75.",
            binary_rows({"development": figures["development"]}, "")
            + f"\n\n95 % interval of that AUC: {low:.3f} to {high:.3f}.",
            f"**Left out, by source**: mean AUC **{sum(left) / len(left):.3f}**, worst {worst[1]} ({worst[0]:.3f}).",
            binary_rows(figures["leftOut"], "left out"),
            "Page text that did not set the threshold (encyclopaedia, program help, package descriptions, textbooks):",
            binary_rows(figures["pages"], "pages"),
            "Sets of other collectors, and sentences of this project from templates that were never fitted:",
            binary_rows({**figures["outOfDistribution"], **figures["unseen"]}, "set"),
            "Neutral and kind sentences that name a group of people (other draws of templates that were fitted), by language:",
            binary_rows(figures["identity"], "identity"),
            *([_identity_table(figures["identityGaps"])] if figures["identityGaps"] else []),
            f"Expected calibration error on left-out sources: {figures['calibration']['ece']:.3f}. On the web threats are far "
            "rarer than in any of these sets: read the score as an order and a vote, not as a frequency.",
        ]
    )


def _label_tables(head: Head, figures: Figures) -> str:
    dev = figures["development"]
    low, high = dev["accuracyInterval"]
    classes = [
        [name, row["rows"], f"{row['precision']:.3f}", f"{row['recall']:.3f}"]
        for name, row in figures["byClass"].items()
    ]
    confusion = [[name, *row] for name, row in zip(head.classes, figures["confusion"], strict=True)]
    outside = [[name, row["rows"], f"{row['accuracy']:.3f}"] for name, row in figures["outOfDistribution"].items()]
    return "\n\n".join(
        [
            f"Development, {dev['rows']:,} rows: accuracy **{dev['accuracy']:.3f}** ({low:.3f} to {high:.3f}), macro F1 "
            f"**{dev['macroF1']:.3f}**, expected calibration error {figures['calibration']['ece']:.3f} (the temperature was "
            "chosen on these rows).",
            table(("language", "accuracy"), [[lang, f"{value:.3f}"] for lang, value in figures["byLanguage"].items()]),
            "Sets of other collectors, among the classes that they know:",
            table(("set", "rows", "accuracy"), outside),
            table(("class", "rows", "P", "R"), classes),
            "Confusion (rows: what is true; columns: what was said, in the same order):",
            table(("", *(str(i + 1) for i in range(len(head.classes)))), confusion),
        ]
    )
