"""The interval's known values, how a photograph is read, and the command line's manners."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workshop.__main__ import main
from workshop.evaluate import false_alarm_bias, log_odds, read_rgb, together, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilsons_interval_has_its_published_values(hits: int, total: int, low: float, high: float) -> None:
    assert wilson(hits, total) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = wilson(hits, total)
    assert 0 <= low <= hits / total + 1e-12
    assert hits / total - 1e-12 <= high <= 1


def test_transparency_shows_white_and_exif_turns(tmp_path: Path) -> None:
    Image.new("RGBA", (2, 1), (255, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_rgb(tmp_path / "clear.png") == 255).all()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (4, 2)).save(tmp_path / "turned.jpg", exif=exif)
    assert read_rgb(tmp_path / "turned.jpg").shape == (4, 2, 3)


shares = st.floats(0.001, 0.999)


@given(shares, shares)
def test_the_ensemble_lies_between_its_members_and_is_fair(first: float, second: float) -> None:
    one, other = (together(log_odds(np.array(pair))[:, None])[0] for pair in ((first, second), (second, first)))
    assert one == pytest.approx(other)
    assert min(first, second) - 1e-9 <= one <= max(first, second) + 1e-9


def test_equal_and_opposite_opinions_cancel() -> None:
    assert together(log_odds(np.array([[0.9], [0.1]])))[0] == pytest.approx(0.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.floats(0, 0.5))
def test_the_bias_never_raises_a_score_and_leaves_no_more_than_the_share(scores: list[float], share: float) -> None:
    bias = false_alarm_bias(np.array(scores), share)
    assert bias <= 0
    assert (log_odds(np.array(scores)) + bias > 0).sum() <= share * len(scores)


def test_evaluate_prints_counts_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["secret-name-1.png", "secret-name-2.png"]
    for name in names:
        Image.fromarray(np.full((60, 80, 3), 200, np.uint8)).save(tmp_path / name)
    assert main(["evaluate", "--photos", str(tmp_path)]) == 0
    output = capsys.readouterr().out
    assert output.count("0 of 1 flagged (0.0%, 95 % interval 0.0% to 79.3%)") == 3 * 12
    assert "both networks >= 0.9: 0 of 2 flagged" in output
    assert "secret-name" not in output
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "--photos", "nowhere"], "No folder nowhere"),
        (["evaluate", "--photos", "."], "No photographs"),
        (["lists", "--data", "nowhere"], "No data folder at nowhere"),
    ],
)
def test_an_error_is_one_sentence_and_status_1(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    errors = capsys.readouterr().err
    assert errors.startswith(f"workshop: {sentence}")
    assert errors.count("\n") == 1
