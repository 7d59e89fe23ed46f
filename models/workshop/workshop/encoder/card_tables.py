"""The tables of the encoder's card, drawn from its figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from workshop.encoder.compare import main_figure
from workshop.heads import HEADS, Head
from workshop.linear_tables import binary_rows, table

Figures = Mapping[str, Any]


def three(value: float | None) -> str:
    """Three places; nothing for what was not measured."""
    return "" if value is None else f"{value:.3f}"


def bits(files: Sequence[Figures]) -> str:
    """What each way of fewer bits saves and costs."""
    rows = [
        [
            one["type"],
            f"{one['quantized_mb']:.1f}",
            f"{one['time_ratio']:.2f}",
            "{} {:.2%}".format(*max(one["losses"].items(), key=lambda loss: loss[1])),
            one["error"] or "kept",
        ]
        for one in files
    ]
    return table(("way", "MB", "time, to float32", "worst loss of a figure", ""), rows)


def choice(heads: Figures) -> str:
    """Each head's main figure by the encoder's weight."""
    rows = []
    for task, found in heads.items():
        for name, by_weight in found["sets"].items():
            values = [main_figure(one) for one in by_weight.values()]
            if values[0] is not None:
                rows.append([task, name, *map(three, values), f"{found['weight']:g}" if name == "dev" else ""])
    weights = list(next(iter(next(iter(heads.values()))["sets"].values())))
    return table(("head", "set", *weights, "ships with"), rows)


def details(heads: Figures) -> list[str]:
    """All figures of each head as it ships."""
    found = []
    for head in HEADS:
        figures = heads[head.task]
        found.append(f"**{head.task}**, {_weight(figures['weight'])}:")
        found.append((_threat if head.category else _description)(head, figures["detail"]))
    return found


def _weight(weight: float) -> str:
    return f"the encoder with {weight:g} of the weight" if weight else "a shadow (the encoder alone)"


def _threat(_: Head, detail: Figures) -> str:
    low, high = detail["development"]["aucInterval"]
    unseen = detail["unseenRecallAt1"]
    groups = {
        "development": detail["development"],
        **{f"development {name}": one for name, one in detail["byLanguage"].items()},
        **detail["outOfDistribution"],
        **{f"harmless comments {name}": one for name, one in detail["comments"].items()},
        **{f"pages {name}": one for name, one in detail["pages"].items()},
        **detail["unseen"],
    }
    return (
        binary_rows(groups, "set")
        + f"\n\n95 % interval of the first AUC: {low:.3f} to {high:.3f}; expected calibration error there "
        + f"{detail['calibration']['ece']:.3f}."
        + (
            " Attacks of unseen templates found where 1 % of unseen harmless sentences are flagged: "
            + ", ".join(f"{lang} {value:.2f}" for lang, value in unseen.items())
            + "."
            if unseen
            else ""
        )
    )


def _description(head: Head, detail: Figures) -> str:
    dev = detail["development"]
    low, high = dev["accuracyInterval"]
    classes = [
        [name, one["rows"], three(one["precision"]), three(one["recall"])] for name, one in detail["byClass"].items()
    ]
    confusion = [[name, *row] for name, row in zip(head.classes, detail["confusion"], strict=True)]
    return "\n\n".join(
        [
            f"Development, {dev['rows']:,} rows: accuracy **{dev['accuracy']:.3f}** ({low:.3f} to {high:.3f}), "
            f"macro F1 {dev['macroF1']:.3f}, expected calibration error {detail['calibration']['ece']:.3f}; "
            + ", ".join(f"{lang} {value:.3f}" for lang, value in detail["byLanguage"].items())
            + ".",
            table(("class", "rows", "P", "R"), classes),
            table(("confusion", *(str(at + 1) for at in range(len(head.classes)))), confusion),
        ]
    )


def entities(found: Figures) -> str:
    """F1 of personal data, by kind of sentence and by type."""
    langs = list(found["unseen"])
    rows = [
        ["generated, unseen templates and values", *(three(found["unseen"][lang]) for lang in langs)],
        ["real: persons, organisations, places", *(three(found["ner"].get(lang)) for lang in langs)],
    ]
    types = table(("type", "F1"), [[name, three(value)] for name, value in found["byType"].items()])
    return "F1 of whole entities:\n\n" + table(("sentences", *langs), rows) + f"\n\n{types}"


def cascade(found: Figures, words: str) -> str:
    """How much the encoder is spared, in the words of the template."""
    lost = ", ".join(f"{task} {share:.1%}" for task, share in found["threatsLost"].items())
    langs = list(next(iter(found["unseenLost"].values())))
    rows = [[task, *(f"{share:.0%}" for share in by_lang.values())] for task, by_lang in found["unseenLost"].items()]
    return words.format(answered=found["pagesAnswered"], lost=lost) + "\n\n" + table(("head", *langs), rows)


def hardness(found: Figures, words: Mapping[str, str]) -> list[str]:
    """What it bears of bent, long, altered and foreign texts."""
    bent = table(("way", "recall"), [[name, three(value)] for name, value in found["bent"].items()])
    long = table(
        ("attack at the", "windows", "first window alone"),
        [
            [at, three(found["long"][at]["windows"]), three(found["long"][at]["truncated"])]
            for at in ("start", "middle", "end")
        ],
    )
    steps = list(found["gradient"]["fgsm"])
    gradient = table(
        ("step", *steps),
        [[name, *(three(values[one]) for one in steps)] for name, values in found["gradient"].items()],
    )
    outside = table(
        ("texts", "energy", "Mahalanobis"),
        [[name, three(one["energy"]), three(one["mahalanobis"])] for name, one in found["outOfDistribution"].items()],
    )
    return [
        "### What it bears",
        words["bent"],
        bent,
        words["long"].format(texts=found["long"]["texts"]),
        long,
        words["gradient"],
        gradient,
        words["outside"],
        outside,
    ]
