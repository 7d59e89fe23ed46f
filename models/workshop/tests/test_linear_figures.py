"""The figures of a head's card: curves, gaps between groups of people, learning."""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from test_linear import LABELS, ROWS, TINY

from workshop.heads import HEADS, Head
from workshop.linear_fit import chunks, fit
from workshop.linear_identity import FEWEST, identity_gaps, named_groups
from workshop.linear_learning import SHARES, learning
from workshop.linear_metrics import precision_by_recall
from workshop.linear_plot import curves
from workshop.linear_tables import tables
from workshop.paths import MODELS
from workshop.text_data import Row


def row(text: str, label: int, source: str = "a", lang: str = "en") -> Row:
    return Row(text, label, lang, source, "MIT", "")


@pytest.mark.parametrize(
    ("text", "lang", "group"),
    [
        ("Two WOMEN met.", "en", "women"),
        ("Die Jüdin las.", "de", "Jews"),
        ("Les réfugiés arrivent.", "fr", "immigrants and refugees"),
        ("Los musulmanes rezan.", "es", "Muslims"),
        ("A black coat.", "en", None),
        ("Manner maketh man", "de", "men"),
        ("Bad manner", "en", None),
    ],
)
def test_a_group_is_named_in_the_language_of_the_row(text: str, lang: str, group: str | None) -> None:
    found = [name for name, named in named_groups([row(text, 0, lang=lang)]).items() if named[0]]
    assert group in found if group else found == []


def test_a_gap_is_measured_against_the_mixture_of_the_sources() -> None:
    harmless = [row("women sing", 0)] * FEWEST + [row("they sing", 0)] * FEWEST
    elsewhere = [row("they swim", 0, "b")] * 900
    threats = [row("they lie", 1)] * 10
    scores = np.array([0.9] * FEWEST + [0.1] * FEWEST + [0.0] * 900 + [0.8] * 10)
    found = identity_gaps([*harmless, *elsewhere, *threats], scores, 0.75)
    assert list(found) == ["women"]
    assert found["women"]["flagged"] == 1
    assert found["women"]["gap"] == 0.5, "half of the comments of source a are flagged; source b does not count"
    assert found["women"]["bpsnAuc"] == 0


def test_of_few_comments_no_share_is_told() -> None:
    rows = [row("women sing", 0)] * (FEWEST - 1) + [row("they lie", 1)]
    assert identity_gaps(rows, np.zeros(FEWEST), 0.75) == {}


def test_precision_by_recall() -> None:
    points = precision_by_recall(np.array([0.9, 0.8, 0.7, 0.1]), np.array([1, 0, 1, 0]))
    recalls = [recall for recall, _ in points]
    assert recalls == sorted(recalls)
    assert points[-1] == [1.0, 0.6667]


def test_learning_grows_to_the_whole() -> None:
    found = chunks(ROWS, TINY)
    model = fit(found, LABELS, TINY)
    grown = learning(model, found, LABELS, (found, LABELS), [("same", found, LABELS), ("one class", found, LABELS * 0)])
    assert [step["texts"] for step in grown["curve"]] == [int(share * len(ROWS)) for share in SHARES]
    assert grown["curve"][-1]["score"] > 0.99
    assert grown["curve"][-1]["elsewhere"] == grown["curve"][-1]["score"] > grown["curve"][0]["score"]
    assert grown["sets"] == ["same"]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.task)
def test_the_committed_card_shows_the_committed_figures(head: Head) -> None:
    folder = MODELS / head.id
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    assert tables(head, figures) in (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    drawn = curves(figures)
    assert drawn == (folder / "curves.svg").read_text(encoding="utf-8")
    panels = ElementTree.fromstring(drawn).findall("{http://www.w3.org/2000/svg}polyline")
    assert len(panels) == (4 if head.category else 2)
