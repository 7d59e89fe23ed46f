"""The table of ordinary photographs is made of what inspect says."""

import json

import pytest

from workshop.errors import WorkshopError
from workshop.ordinary import scores_of


def _line(score: float) -> str:
    return json.dumps({"id": 1, "scores": {"sexual": score}, "action": "allow"})


def test_scores_ascend_and_are_rounded() -> None:
    """Whatever order the answers come in."""
    assert scores_of([_line(0.51237), _line(0.00004), _line(0.2)]) == [0.0, 0.2, 0.5124]


def test_a_photograph_that_cannot_be_judged_is_an_error() -> None:
    """A table with holes would not be one of these photographs."""
    refused = json.dumps({"id": 1, "error": {"code": "validation", "message": "no picture"}})
    with pytest.raises(WorkshopError, match="no picture"):
        scores_of([_line(0.1), refused])
