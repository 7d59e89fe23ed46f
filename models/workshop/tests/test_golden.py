"""The golden vectors come out of the committed model again, and their pictures follow the written recipe."""

import json

import pytest

from workshop.golden import PICTURES, TOLERANCE, reference
from workshop.network import Network
from workshop.paths import IMAGE_MODEL
from workshop.pictures import RECIPE, picture

COMMITTED = json.loads((IMAGE_MODEL / "reference.json").read_text())


def test_the_committed_model_reproduces_the_vectors(network: Network) -> None:
    again = reference(network)
    assert [COMMITTED["recipe"], COMMITTED["tolerance"]] == [RECIPE, TOLERANCE]
    for before, after in zip(COMMITTED["pictures"], again["pictures"], strict=True):
        assert {**before, "probabilities": None} == {**after, "probabilities": None}
        assert after["probabilities"] == pytest.approx(before["probabilities"], abs=TOLERANCE)


def test_the_vectors_tell_classes_apart() -> None:
    winners = {max(range(5), key=entry["probabilities"].__getitem__) for entry in COMMITTED["pictures"]}
    assert len(winners) >= 3


@pytest.mark.parametrize(("width", "height", "seed"), PICTURES)
def test_a_picture_follows_the_recipe_in_plain_integers(width: int, height: int, seed: int) -> None:
    pixels = picture(width, height, seed)
    assert pixels.shape == (height, width, 4)
    assert (pixels[:, :, 3] == 255).all()
    for x, y in {(0, 0), (width - 1, height - 1), (width // 2, height // 3), (width // 5, height - 1)}:
        for c in range(3):
            q = ((x * x * (3 + c) + y * y * (5 + c) + x * y * (7 + c) + seed * 97) >> (6 + seed % 5)) & 511
            wave = min(q, 511 - q)
            block = ((x >> 5) * 73 + (y >> 5) * 151 + seed * 199) & 255
            tone = (seed * (61 + c * 26) + c * 40) & 255
            ramp = x * (255 - c * 60) // width + y * (c * 60) // height
            kinds = [(wave + tone) >> 1, (wave + 3 * block) >> 2, (block + 3 * tone) >> 2, (ramp + tone) >> 1]
            assert pixels[y, x, c] == kinds[seed % 4]
