"""Around the encoder's fit: sentences with personal data, the search, and the choice beside the linear half."""

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from workshop.encoder.pii import TYPES, Sentence, Span, sentences
from workshop.errors import WorkshopError
from workshop.heads import head_of
from workshop.text_data import Row

pytest.importorskip("torch")
pytest.importorskip("accelerate")
# These need torch themselves, and may be imported only where the lines above have found it.

from workshop.encoder.calibration import Calibration
from workshop.encoder.carried import LONGEST, carried
from workshop.encoder.compare import chosen_weight, shifted
from workshop.encoder.dev import entity_f1
from workshop.encoder.fits import begun_with
from workshop.encoder.search import PARAMETERS, record, search
from workshop.encoder.sets import Set
from workshop.encoder.train import Plan

PLAN = Plan(epochs=6, batch=16, rate=2e-3, decay=0.01, warm_up=0.1, patience=9)


def judged(name: str, encoder: list[float], linear: list[float], labels: list[int]) -> Set:
    rows = [Row(f"{name} {at}", label, "en", name, "", "") for at, label in enumerate(labels)]
    return Set(name, rows, np.array(encoder)[:, None], np.array(linear)[:, None])


def test_a_head_ships_only_where_it_is_nowhere_worse() -> None:
    head, labels = head_of("injection"), [0, 0, 1, 1]
    better = judged("dev", [-2, -1, 1, 2], [-2, 1, -1, 2], labels)
    worse = judged("elsewhere", [2, 1, -1, -2], [-2, -1, 1, 2], labels)
    assert chosen_weight(head, [better]) > 0
    assert chosen_weight(head, [better, worse]) == 0


def test_calibration_gives_log_odds_and_log_probabilities() -> None:
    assert Calibration(2, 1).of(np.array([[3.0]])).item() == 7
    shares = np.exp(Calibration(0.5).of(np.array([[1.0, 2.0, 4.0], [1000.0, 0.0, 0.0]])))
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_the_threshold_is_shifted_to_where_few_harmless_rows_lie() -> None:
    scores = np.linspace(-5, 5, 1001).tolist()
    pages = judged("pages", scores, [0.0] * 1001, [0] * 1001)
    found = shifted(Calibration(1), [pages], 0.5, {"pages": 0.01})
    moved = judged("pages", [score + found.b for score in scores], [0.0] * 1001, [0] * 1001)
    above = (moved.mixed(0.5)[:, 0] > np.log(3) + 1e-9).mean()
    assert 0.005 < above <= 0.01


def test_comments_give_their_language_a_limit_of_its_own() -> None:
    scores = np.linspace(-5, 5, 1001).tolist()
    english, lower = (judged("comments", [one - by for one in scores], [0.0] * 1001, [0] * 1001) for by in (0, 2))
    german = [row._replace(lang="de") for row in lower.rows]
    comments = Set("comments", [*english.rows, *german], *(np.concatenate(pair) for pair in _pairs(english, lower)))
    found = shifted(Calibration(1), [comments, judged("pages", scores, [0.0] * 1001, [0] * 1001)], 0.5, _RATES)
    assert found.languages["en"] == pytest.approx(0)
    assert found.languages["de"] == pytest.approx(2)
    rare = judged("comments", [0.0] * 99, [0.0] * 99, [0] * 99)
    assert shifted(Calibration(1), [rare], 0.5, _RATES) == Calibration(1)


_RATES = {"pages": 0.01, "comments": 0.01}


def _pairs(one: Set, other: Set) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(one.encoder, other.encoder), (one.linear, other.linear)]


def test_entities_count_when_place_and_type_are_right() -> None:
    one, other = Span(0, 4, "PERSON"), Span(5, 9, "GPE")
    assert entity_f1([{one}, {other}], [{one}, {Span(5, 9, "NRP")}]) == 0.5


def test_every_type_is_taught_in_every_language_and_no_sentence_twice_in_both_halves() -> None:
    fit, unseen = sentences("fit", 400, 1), sentences("unseen", 400, 1)
    for lang in ("en", "de", "es", "fr", "it"):
        told = {span.type for one in fit if one.lang == lang for span in one.spans}
        assert set(TYPES) - told <= ({"US_SSN", "US_DRIVER_LICENSE"} if lang != "en" else set())
    assert not {one.text for one in fit} & {one.text for one in unseen}
    for lang in ("en", "de", "es", "fr", "it"):
        assert not people(fit, lang) & people(unseen, lang)


def people(found: list[Sentence], lang: str) -> set[str]:
    """Who is named in a language, as written without capitals."""
    return {
        one.text[span.start : span.end].lower()
        for one in found
        for span in one.spans
        if one.lang == lang and span.type == "PERSON"
    }


def test_search_keeps_the_best_and_every_trial(tmp_path: Path) -> None:
    def score(plan: Plan, tell: Callable[[int, float], None]) -> float:
        value = 1 - abs(plan.epochs - 7) / 10
        tell(1, value)
        return value

    search(score, PLAN, tmp_path, trials=3)
    best = search(score, PLAN, tmp_path, trials=8)
    assert search(score, PLAN, tmp_path, seconds=0) == best, "its time is spent"
    assert best.epochs in range(5, 10)
    assert (tmp_path / "importance.json").exists()
    kept = record(tmp_path)
    assert [one["name"] for one in kept["trials"]] == [f"trial-{at}" for at in range(8)]
    assert max(one["score"] for one in kept["trials"]) == kept["best"]["score"]
    assert all(one["epochs"] >= 1 and one["seconds"] is not None for one in kept["trials"])
    assert set(kept["importance"]) == set(PARAMETERS)


def test_what_is_carried_stands_whole_inside_harmless_text_of_its_language() -> None:
    calm = {
        "en": "The river rises in the hills and flows west. ",
        "de": "Der Fluss entspringt in den Hügeln im Osten. ",
    }
    rows = [Row(text * 6, 0, lang, "calm", "", "page") for lang, text in calm.items()]
    short = [
        Row(f"{word} {at}", label, lang, "own", "", "")
        for at in range(9)
        for lang in calm
        for label, word in enumerate(("Ask", "Hack"))
    ]
    found = carried([*rows, *short, Row("x" * (LONGEST + 1), 1, "en", "long", "", "")], 12, random.Random(1))
    assert sorted(row.label for row in found) == [0] * 12 + [1] * 12
    for row in found:
        own = next(one.text for one in short if one.text in row.text and one.lang == row.lang)
        rest = row.text.replace(own, "").split()
        assert set(rest) <= set(calm[row.lang].split())
        assert len(row.text) <= 2 * LONGEST + 2


def test_a_fit_that_was_cut_off_goes_on_only_as_it_began(tmp_path: Path) -> None:
    given = {"after": None, "seed": 7, "share": 0.5}
    assert begun_with(argparse.Namespace(**given), tmp_path) == {"after": None, "drawSeed": 7, "share": 0.5}
    assert begun_with(argparse.Namespace(**given), tmp_path)["drawSeed"] == 7
    with pytest.raises(WorkshopError, match="name another"):
        begun_with(argparse.Namespace(**given | {"seed": 8}), tmp_path)
