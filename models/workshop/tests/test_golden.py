"""The golden vectors come out of the committed models again, and their pictures follow the written recipe."""

import json

import pytest

from workshop.described import NETWORKS, ImageModel
from workshop.golden import PICTURES, TOLERANCE, TOLERANCES, reference
from workshop.paths import MODELS
from workshop.pictures import RECIPE, picture

MODEL = pytest.mark.parametrize("model", NETWORKS, ids=lambda model: model.id)


def committed(model: ImageModel) -> dict:
    return json.loads((MODELS / model.id / "reference.json").read_text())


@MODEL
def test_the_committed_files_reproduce_the_vectors(model: ImageModel) -> None:
    before, after = committed(model), reference(model)
    assert before["recipe"] == RECIPE
    assert before["pictures"] == after["pictures"]
    assert list(before["files"]) == list(model.paths)
    for path, file in before["files"].items():
        assert file["tolerance"] == TOLERANCES.get(path, TOLERANCE)
        for expected, actual in zip(file["probabilities"], after["files"][path]["probabilities"], strict=True):
            assert actual == pytest.approx(expected, abs=file["tolerance"])


@MODEL
def test_the_vectors_tell_pictures_apart(model: ImageModel) -> None:
    for file in committed(model)["files"].values():
        assert max(max(scores) - min(scores) for scores in zip(*file["probabilities"], strict=True)) > 0.4


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
