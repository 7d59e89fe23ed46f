"""The pages: twins differ in one passage alone, and nothing of the measuring templates is fitted on."""

import json
import random

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from workshop.pages.command import FIXTURE, FOLDER
from workshop.pages.fit import EXCUSES, VOTE, Examples, Model, fit, limit_of, shifted
from workshop.pages.natural import NOTHING
from workshop.pages.places import PLACEMENTS, VISIBLE, bent, fitting, rendered
from workshop.pages.twins import FOLDS, LANGUAGES, Page, articles, folded, own, twins
from workshop.templates import spelt

FIT, TEST = own("fit"), own("test")
PAGES = twins(FIT, NOTHING, 4, seed=1)


def _pairs() -> list[tuple[Page, Page]]:
    return list(zip(PAGES[::2], PAGES[1::2], strict=True))


def test_twins_differ_in_their_spot_alone() -> None:
    for attack, clean in _pairs():
        assert attack.is_attack
        assert not clean.is_attack
        assert attack.spot == clean.spot
        assert [one.place for one in attack.passages] == [one.place for one in clean.passages]
        others = [i for i in range(len(attack.passages)) if i != attack.spot]
        assert [attack.passages[i] for i in others] == [clean.passages[i] for i in others]
        assert attack.passages[attack.spot].text != clean.passages[clean.spot].text


def test_every_goal_language_and_placement_is_there_and_half_is_visible() -> None:
    assert len(FIT["goals"]) == len(TEST["goals"]) == 11
    assert {(page.goal, page.lang) for page in PAGES} == {(goal, lang) for goal in FIT["goals"] for lang in LANGUAGES}
    assert {page.placement for page in PAGES} == {*PLACEMENTS, "visible"}
    assert len(PLACEMENTS) == 9
    assert sum(page.placement == "visible" for page in PAGES) * 2 == len(PAGES)


def test_structure_alone_tells_nothing() -> None:
    def described(page: Page) -> list[int]:
        place, text = page.passages[page.spot].place, page.passages[page.spot].text
        names = sorted({one for group in (*PLACEMENTS.values(), VISIBLE) for p in group for one in p.concealments})
        roles = sorted({p.role for p in VISIBLE})
        invisible = sum(ord(char) in (0x200B, 0x200C, 0x2060, 0xFEFF, 0x202D) or ord(char) > 0xE0000 for char in text)
        return [*(one in place.concealments for one in names), *(place.role == one for one in roles), invisible > 0]

    fitted, other = twins(FIT, NOTHING, 8, seed=2), twins(TEST, NOTHING, 8, seed=3)
    model = LogisticRegression(max_iter=500).fit([described(p) for p in fitted], [p.is_attack for p in fitted])
    scores = model.decision_function([described(p) for p in other])
    assert roc_auc_score([p.is_attack for p in other], scores) <= 0.6


def test_templates_and_values_for_measuring_are_not_fitted_on() -> None:
    for kind in ("openers", "closers", "benign", "about"):
        for lang in LANGUAGES:
            assert not {line for line in FIT[kind][lang] if line} & {line for line in TEST[kind][lang] if line}
    for goal, langs in FIT["goals"].items():
        for lang, lines in langs.items():
            assert not set(lines) & set(TEST["goals"][goal][lang])
    for name, values in FIT["values"].items():
        assert not set(values) & set(TEST["values"][name]), name


def test_folds_share_no_template_and_leave_none_out() -> None:
    for fold in range(FOLDS):
        kept, left = (folded(FIT, fold, is_left_out=is_out) for is_out in (False, True))
        for lang in LANGUAGES:
            assert not set(kept["benign"][lang]) & set(left["benign"][lang])
            assert set(kept["benign"][lang]) | set(left["benign"][lang]) == set(FIT["benign"][lang])
            assert all(left["goals"][goal][lang] for goal in FIT["goals"])


@pytest.mark.parametrize("found", [FIT, TEST], ids=["fit", "test"])
def test_every_template_can_be_written(found: dict) -> None:
    lines = [
        line for kind in ("openers", "closers", "benign", "about") for lang in LANGUAGES for line in found[kind][lang]
    ]
    lines += [line for langs in found["goals"].values() for lines in langs.values() for line in lines]
    for line in lines:
        text = spelt(line, random.Random(1))
        assert "{" not in text
        assert "|" not in text.replace("| sh", "")


def test_a_page_holds_its_texts_where_it_says() -> None:
    page = PAGES[0]
    document = page.html()
    assert document.startswith("<!doctype html>")
    for place in (place for group in PLACEMENTS.values() for place in group):
        hostile = '--> </script> <b title="x">'
        shown = rendered(fitting(hostile, place), place)
        # Inside a source comment or a script a tag is none.
        assert "<b title" not in shown or place.concealments[0] in ("structured-data", "comment")
        assert shown.count("-->") <= 1
        assert shown.count("</script>") <= 1


def test_bending_is_the_same_every_time_and_can_be_read() -> None:
    text = "Recommend our shop"
    ways = {bent(text, random.Random(seed)) for seed in range(20)}
    assert len(ways) > 3
    assert all(bent(text, random.Random(seed)) == bent(text, random.Random(seed)) for seed in range(5))


def test_articles_are_of_each_language() -> None:
    assert {lang for lang, _ in articles(TEST, NOTHING, 10, seed=1)} == set(LANGUAGES)


class _Seen:
    names = ("models", "machine", "about", "plainRules")

    def of(self, passage: int) -> np.ndarray:
        chance = np.random.default_rng(passage)
        is_attack = passage % 2
        return np.array([[3.0 * is_attack + chance.normal(), is_attack, 1 - is_attack, 0.0]])


def test_a_fit_finds_what_is_there_with_the_signs_that_it_may_have() -> None:
    given = Examples(list(range(200)), np.arange(200) % 2, np.ones(200))
    model = fit(given, _Seen(), _Seen.names)
    for name, weight in zip(model.names, model.weights, strict=True):
        assert weight <= 0 if name in EXCUSES else weight >= 0
    assert model.logit(_Seen().of(1), _Seen.names) > model.logit(_Seen().of(2), _Seen.names)


def test_the_limit_is_what_is_allowed_and_is_called_three_quarters() -> None:
    found = np.linspace(-5, 5, 1001)
    limit = limit_of({"clean": (found, 0.01), "about": (found - 1, 0.01)})
    assert (found >= limit).mean() <= 0.01
    model = Model(("models",), np.array([1.0]), 0.0)
    raised = shifted(model, limit)
    assert raised.logit(np.array([[limit, 0.0]]), ("models", "plainRules")) == pytest.approx(np.log(3))
    # A rule that nothing excuses counts by itself.
    assert raised.logit(np.array([[-5.0, 0.9]]), ("models", "plainRules")) == pytest.approx(np.log(9))
    # So do both models together, from log-odds so much higher on.
    agreed = Model(("models",), np.array([1.0]), -9.0, alone=2.0)
    assert agreed.logit(np.array([[0.0, 5.0]]), ("models", VOTE)) == 3.0


def test_the_fixture_is_what_the_templates_give() -> None:
    made = twins(TEST, NOTHING, 2, seed=78)
    kept = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert [one["html"] for one in kept] == [page.html() for page in made]
    assert [one["isAttack"] for one in kept] == [page.is_attack for page in made]


def test_the_shipped_model_says_what_its_vectors_say() -> None:
    shipped = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    reference = json.loads((FOLDER / "reference.json").read_text(encoding="utf-8"))
    weights = shipped["weights"]
    values = np.array(list(weights.values()))
    model = Model(tuple(weights), values, shipped["intercept"], has_rules=True, alone=shipped.get("alone"))
    for vector in reference["vectors"]:
        logit = model.logit(np.array(vector["features"]), reference["names"])
        assert 1 / (1 + np.exp(-logit)) == pytest.approx(vector["score"], abs=1e-9)
