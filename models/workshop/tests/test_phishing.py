"""The phishing model: hashing, roles, calibration, and that the committed tables are what the command gives."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.paths import MODELS
from workshop.phishing_data import CHOOSE, FIT, TEST, Row, bucket_of
from workshop.phishing_fit import platt
from workshop.phishing_hash import BITS, buckets, matrix
from workshop.phishing_plot import curve_svg
from workshop.phishing_tables import TABLES, prototypes


def _slowly(gram: str, seed: int) -> int:
    """The same hash, a character at a time, in Python's whole numbers."""
    key = seed
    for code in gram.encode("ascii", "replace"):
        key = (key * 31 + code) & 0xFFFFFFFF
    key ^= key >> 15
    key = (key * 0x85EBCA6B) & 0xFFFFFFFF
    key ^= key >> 13
    return key & ((1 << BITS) - 1)


@given(st.text(max_size=40), st.integers(1, 9))
def test_buckets_are_those_of_plain_arithmetic(text: str, seed: int) -> None:
    expected = [_slowly(text[at : at + n], seed) for n in (3, 4) for at in range(len(text) - n + 1)]
    assert buckets(text, (3, 4), seed).tolist() == expected


def test_each_zone_has_the_same_weight_whatever_its_length() -> None:
    grams = matrix([{"host": "a.example", "path": ""}, {"host": "a.example", "path": "/" + "ab" * 50}])
    host, both = (float(grams[i].power(2).sum()) for i in range(2))
    assert host >= 1
    assert both > host


def _row(source: str, date: str, domain: str, label: str = "phishing") -> Row:
    return Row("http://x/", label, source, date, {"domain": domain, "path": ""})


def test_a_domain_has_one_role_and_fresh_phishing_only_tests() -> None:
    domains = [f"d{i}.example" for i in range(200)]
    roles = {domain: _row("tranco_2026", "2026-05", domain, "benign").role for domain in domains}
    assert {FIT, CHOOSE, TEST} == set(roles.values())
    assert all(_row("polkadot_scam", "2023-01-01", domain).role == roles[domain] for domain in domains)
    assert {_row("openphish", "2024-10-01", domain).role for domain in domains} == {TEST}
    assert {bucket_of(domain) for domain in domains} == set(range(10))


def test_platt_finds_the_slope_back() -> None:
    random = np.random.default_rng(3)
    log_odds = random.normal(0, 3, 20_000)
    labels = (random.random(20_000) < 1 / (1 + np.exp(-(0.5 * log_odds)))).astype(np.int8)
    slope, intercept = platt(log_odds, labels, 0.5)
    assert slope == pytest.approx(0.5, abs=0.03)
    assert intercept == pytest.approx(0, abs=0.1)


def test_the_curve_is_a_drawing() -> None:
    drawn = curve_svg(np.array([0.001, 0.01]), {"one": np.array([0.2, 0.5])})
    assert drawn.startswith("<svg")
    assert drawn.count("<polyline") == 1


def test_the_model_is_small_and_its_golden_vectors_are_many() -> None:
    folder = MODELS / "url-phishing"
    assert (folder / "model.json").stat().st_size <= 1_000_000
    assert len(json.loads((folder / "reference.json").read_text())["cases"]) >= 100


def test_the_committed_prototypes_are_those_of_the_package() -> None:
    assert json.loads((TABLES / "confusables.json").read_text())["uts39"] == prototypes()
