"""The linear model: how it reads texts, how it is fitted, and that the committed files belong together."""

import gzip
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from workshop.errors import WorkshopError
from workshop.linear import LINEAR_MODEL, TOLERANCE, model_text, read_model, reference_text
from workshop.linear_data import Example, fit_rows, hidden_rows, is_permissive, phrase_rows, rows
from workshop.linear_fit import Options, calibrate, fit, logits, probabilities
from workshop.linear_golden import golden_texts
from workshop.linear_phrases import ATTACKS, HARMLESS, spoken
from workshop.linear_text import STEP, WINDOW, ngrams, normalise, windows
from workshop.paths import REPOSITORY

TINY = [
    *(Example(text, True, "en", "tiny", "") for text in spoken(ATTACKS["en"], 60, seed=1)),
    *(Example(text, False, "en", "tiny", "") for text in spoken(HARMLESS["en"], 90, seed=1)),
]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("  Ignore\u00a0ALL\r\n\trules ", "ignore all rules"),
        ("ig\u200bn\u00adore", "ignore"),
        ("\uff29gnore \U0001d400\U0001d401", "ignore ab"),
        ("\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3"),
        ("\u0130", "i\u0307"),
        ("\U0001f600a", "\ufffda"),
        ("a\x1cb\x85c\ufeffd", "a b cd"),
        ("\u200b \u200b", ""),
    ],
)
def test_reading(text: str, read: str) -> None:
    assert normalise(text) == read


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"])))
def test_reading_leaves_single_spaces_and_one_unit_a_character(text: str) -> None:
    read = normalise(text)
    assert read == " ".join(read.split(" ")).strip()
    assert all(ord(char) < 0x10000 for char in read)
    assert normalise(text + "  ") == read


@pytest.mark.parametrize("text", ["", "a", "ab", "ab c", "one two  three", "\u00e9 \ufffd x"])
def test_ngrams_are_those_of_scikit_learn(text: str) -> None:
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=(1, 3), lowercase=False).build_analyzer()(text)
    assert sorted(ngrams(text)) == sorted(theirs)


@pytest.mark.parametrize("length", [0, 1, WINDOW, WINDOW + 1, WINDOW + STEP, 5 * WINDOW + 7])
def test_windows_cover_the_text(length: int) -> None:
    found = list(windows("x" * length))
    assert len(found) == 1 + max(0, -(-(length - WINDOW) // STEP))
    assert sum(map(len, found)) - STEP * (len(found) - 1) == length


def test_fitting_is_repeatable_and_agrees_with_the_plain_scorer(tmp_path: Path) -> None:
    model = calibrate(fit(TINY, Options(k=100)), TINY)
    assert model == calibrate(fit(TINY, Options(k=100)), TINY)
    assert len(model.ngrams) == 100
    assert [model.logit(example.text) for example in TINY] == pytest.approx(logits(model, TINY), abs=1e-9)
    assert [model.score(example.text) for example in TINY] == pytest.approx(probabilities(model, TINY), abs=1e-9)
    assert model.score(TINY[0].text) > 0.5 > model.score(TINY[-1].text)
    path = tmp_path / "model.json"
    path.write_text(model_text(model), encoding="utf-8")
    assert read_model(path) == model


def test_the_committed_model_reproduces_the_committed_vectors() -> None:
    model = read_model()
    committed = json.loads((LINEAR_MODEL / "reference.json").read_text(encoding="utf-8"))
    again = json.loads(reference_text(model))
    assert committed["tolerance"] == TOLERANCE
    assert [vector["text"] for vector in committed["vectors"]] == list(golden_texts())
    for before, after in zip(committed["vectors"], again["vectors"], strict=True):
        assert after["score"] == pytest.approx(before["score"], abs=TOLERANCE)


def test_the_vectors_hold_only_what_every_unicode_version_reads_alike() -> None:
    texts = list(golden_texts())
    assert len(texts) == len(set(texts)) >= 200
    assert {unicodedata.category(char) for text in texts for char in text}.isdisjoint({"Cs", "Cn"})
    assert max(map(len, texts)) >= 5000


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MIT", True),
        ("MIT (MMLU-Pro) ", True),
        ("Apache-2.0 upstream (second-hand)", True),
        ("CC-BY-SA-3.0", True),
        ("CC-BY-NC-SA-4.0", False),
        ("repo Apache-2.0; upstream not checked", False),
        ("Apache-2.0; not verified", False),
        ("unstated", False),
        ("OLID terms (research)", False),
        ("GPL-3.0", False),
        ("", False),
    ],
)
def test_permissive(name: str, expected: bool) -> None:
    assert is_permissive(name) is expected


def test_only_usable_rows_are_fitted_on(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    sources = (("a", "MIT", "attack"), ("b", "unstated", "attack"), ("xsid", "MIT", "benign"), ("c", "MIT", "benign"))
    asked = [*sources, ("d", "MIT", "harmful_request")]
    with gzip.open(tmp_path / "train" / "injection.jsonl.gz", "wt") as lines:
        for source, name, label in asked:
            lines.write(json.dumps({"text": source, "label": label, "lang": "en", "source": source, "license": name}))
            lines.write("\n")
    assert [(row.text, row.is_attack) for row in fit_rows(tmp_path)] == [("a", True), ("c", False)]


def test_absent_data_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        WorkshopError, match=r"^No injection\.jsonl\.gz in .*: the linear model needs it; name the data"
    ):
        list(rows(tmp_path / "injection.jsonl.gz"))


def test_phrases_never_repeat_a_fixture_of_the_tests() -> None:
    folder = REPOSITORY / "test" / "core" / "text"
    fixtures = {
        normalise(text)
        for text in _strings(json.loads((folder / "injection-attacks.json").read_text(encoding="utf-8")))
        + _strings(json.loads((folder / "injection-benign.json").read_text(encoding="utf-8")))
    }
    phrases = {normalise(example.text) for example in phrase_rows(300, 300)}
    assert len(fixtures) > 100
    assert not phrases & fixtures
    assert not any("{" in phrase or "|" in phrase for phrase in phrases)


def test_a_hidden_attack_stands_whole_in_its_page() -> None:
    page = Example("First. Second. Third.", False, "en", "page", "")
    for hidden in hidden_rows(TINY[:20], [page]):
        assert hidden.is_attack
        assert hidden.text.startswith("First.") or hidden.text.endswith("Third.")


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for child in children for text in _strings(child)]
