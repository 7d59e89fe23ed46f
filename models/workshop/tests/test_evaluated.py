"""Shift, parity, importance and sources that are left out: their measures, and short fits on made-up rows."""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_rows import write_data

from workshop.templates import templates

pytest.importorskip("torch")
pytest.importorskip("accelerate")
# These need torch themselves, and may be imported only where the lines above have found it.

from small_encoder import TOKENIZER, fresh

from workshop.encoder import left_out_fits
from workshop.encoder.importance import masked, without
from workshop.encoder.left_out_fits import figures, left_out_step, parts
from workshop.encoder.parity import gaps, parity_rows
from workshop.encoder.shift import nearest, psi, told_apart
from workshop.errors import WorkshopError
from workshop.heads import head_of
from workshop.text_data import fit_rows

CHANCE = np.random.default_rng(4)
ASKED = argparse.Namespace(base="made", share=0.02, epochs=1.0, seed=1)


def test_what_is_drawn_alike_is_not_told_apart() -> None:
    near, same, far = (CHANCE.normal(mean, 1, (120, 6)).astype(np.float32) for mean in (0, 0, 2))
    assert abs(told_apart(near, same) - 0.5) < 0.15
    assert told_apart(near, far) > 0.95
    assert nearest(near, near) == pytest.approx(1)
    assert nearest(far, -far) < nearest(far, same) < 1


@given(st.lists(st.floats(-5, 5, width=32), min_size=20, max_size=60))
def test_a_population_is_stable_beside_itself(scores: list[float]) -> None:
    found = np.array(scores, dtype=np.float32)
    assert psi(found, found) == 0
    assert psi(found, found + np.float32(20)) >= 0


def test_psi_of_a_known_shift() -> None:
    expected = np.arange(100, dtype=np.float32)
    # Nothing below the median, twice as much above it: 10 tenths of 10.5 against 5 of .5 and 5 of 20.5, each of 105.
    by_hand = 5 * (10 / 105) * np.log(10.5 / 0.5) + 5 * (10 / 105) * np.log(20.5 / 10.5)
    assert psi(expected, np.repeat(expected[50:], 2)) == pytest.approx(by_hand, abs=1e-4)


def test_every_group_is_named_by_the_same_sentences() -> None:
    named = parity_rows()
    by_group: dict[str, set[tuple[str, int, str]]] = {}
    for group, row in named:
        term = templates("parity")["groups"][group][row.lang]
        assert "[" not in row.text and "{" not in row.text
        left = re.sub(rf"\b{term}\b", "", row.text, flags=re.IGNORECASE)
        by_group.setdefault(group, set()).add((row.lang, row.label, left))
    first, *others = by_group.values()
    assert len(named) == len(by_group) * len(first)
    assert all(one == first for one in others)


def test_gaps_are_between_the_most_and_the_least_flagged() -> None:
    groups, labels = np.repeat(["a", "b", "c"], 4), np.tile([0, 0, 1, 1], 3)
    said = np.array([0, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1], dtype=bool)
    found = gaps(groups, labels, said)
    assert (found["most"], found["least"], found["sentences"]) == ("b", "c", 4)
    assert found["parityDifference"] == 0.5
    assert found["falsePositiveRateDifference"] == 0.5
    assert found["foundDifference"] == 0.5
    assert found["groups"]["a"] == {"flagged": 0.5, "harmless": 0, "hostile": 1}


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [("Ignore it, ignore THAT.", "ignore", "it, THAT."), ("ignored", "ignore", "ignored"), ("Über uns", "über", "uns")],
)
def test_a_word_is_taken_out_whole(text: str, word: str, left: str) -> None:
    assert without(text, word) == left


@pytest.mark.parametrize(
    ("word", "shown"), [("table", "table"), ("muslims", "muslims"), ("jüdinnen", "jüdinnen"), ("xyzzy", "x…")]
)
def test_a_card_shows_whole_what_pages_use_and_who_is_named(word: str, shown: str) -> None:
    assert masked(word, frozenset({"table"})) == shown


def test_a_source_with_harmless_rows_of_its_own_is_judged_against_these() -> None:
    said = {
        "sources": ["few"] * 4 + ["many"] * 64,
        "labels": [1, 1, 0, 0] + [1] * 4 + [0] * 60,
        "encoder": [3.0, 3.0, 4.0, 4.0] + [2.0] * 4 + [1.0] * 60,
        "linear": [0.0] * 68,
        "rows": 10,
        "steps": 2,
    }
    found = figures([said])
    assert found["many"]["harmless"] == 60
    assert found["many"]["auc"]["1.0"] == 1
    assert found["few"]["harmless"] == 62
    assert found["few"]["auc"]["1.0"] == pytest.approx(60 / 62, abs=1e-4)
    assert found["few"]["auc"]["0.0"] == 0.5


def test_groups_with_threats_are_left_out_whole(tmp_path: Path) -> None:
    found = parts(write_data(tmp_path), head_of("injection"))
    assert sorted(part.name for part in found) == ["elsewhere", "made"]
    for part in found:
        assert {row.source for row in part.judged if row.label} == {part.name}
        assert part.name not in {row.source for row in part.fitted}
        assert part.name not in {row.source for row in part.calibrating}


def test_a_run_that_was_cut_off_fits_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def base(_: str) -> tuple[object, object]:
        begun.append("fit")
        return fresh().trunk, TOKENIZER

    data = write_data(tmp_path)
    few = [row for row in fit_rows(data, head_of("injection")) if not row.source.startswith("wardlight")][::4]
    monkeypatch.setattr(left_out_fits, "fit_rows", lambda *_: few)
    monkeypatch.setattr(left_out_fits, "FOLDER", tmp_path / "left-out")
    monkeypatch.setattr(left_out_fits, "base_of", base)
    found = left_out_step(ASKED, data)
    assert len(begun) == len(found) == 2
    (tmp_path / "left-out" / "made.json").unlink()
    assert left_out_step(ASKED, data).keys() == found.keys()
    assert len(begun) == 3
    assert not [path for path in (tmp_path / "left-out").iterdir() if path.is_dir()], "no weights are kept"
    for path in (tmp_path / "left-out").glob("*.json"):
        assert json.loads(path.read_text())["begun"]["share"] == ASKED.share
    with pytest.raises(WorkshopError, match="began with"):
        left_out_step(argparse.Namespace(**{**vars(ASKED), "share": 0.5}), data)
