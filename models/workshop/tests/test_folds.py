"""Cross-validation of the encoder's fit, and the mean of several fits' weights."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("accelerate")
# These need torch themselves, and may be imported only where the lines above have found it.

import torch
from small_encoder import LESSONS, PLAN, TOKENIZER, fresh

from workshop.encoder.dev import Figures
from workshop.encoder.examples import examples
from workshop.encoder.folds import LeftOut, cross_validated, mean_of, split
from workshop.encoder.judge import of_model
from workshop.encoder.lessons import Lesson
from workshop.encoder.train import Run


def test_a_blend_lies_in_the_middle() -> None:
    ours, theirs = fresh().state_dict(), {name: value + 1 for name, value in fresh().state_dict().items()}
    for name, value in mean_of([ours, theirs]).items():
        if value.is_floating_point():
            torch.testing.assert_close(value, ours[name] + 0.5, msg=name)


def test_every_lesson_is_left_out_of_one_fold_and_measures_it(tmp_path: Path) -> None:
    parts = split(LESSONS, 3, 1)
    left = [one for _, part in parts for one in part]
    assert sorted(one.text for one in left) == sorted(one.text for one in LESSONS)
    for fitted_part, part in parts:
        assert not {one.text for one in fitted_part} & {one.text for one in part}
        attacks = sum(one.answers.get("injection") == 1 for one in part)
        assert abs(attacks - 20) <= 1

    plan = dataclasses.replace(PLAN, epochs=3)

    def fit(number: int, part: tuple[list[Lesson], list[Lesson]]) -> Figures:
        rows, unseen, model = examples(part[0], TOKENIZER), LeftOut(part[1], 50), fresh()
        run = Run(model, TOKENIZER, lambda _: rows, plan, tmp_path / str(number))
        return run.fit(lambda one: unseen(of_model(one, TOKENIZER)))

    found = cross_validated(LESSONS, 3, 1, fit)
    assert found["mean"]["injection/auc"] == pytest.approx(
        np.mean([one["injection/auc"] for one in found["folds"]]), abs=1e-4
    )
    assert found["deviation"]["injection/auc"] >= 0
    assert "topic/accuracy" not in found["mean"]
