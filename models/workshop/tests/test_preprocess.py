"""Laws of the resize, and agreement with the definition written as a loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.described import MOBILENET_V2, OPEN_NSFW
from workshop.preprocess import network_input, resize

sides = st.integers(1, 40)
seeds = st.integers(0, 2**32 - 1)


def noise(height: int, width: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


@given(sides, seeds)
def test_an_equal_size_is_the_identity(side: int, seed: int) -> None:
    picture = noise(side, side, seed)
    np.testing.assert_array_equal(resize(picture, side), picture)


@given(sides, sides, sides, st.integers(0, 255))
def test_a_constant_picture_stays_constant(height: int, width: int, size: int, level: int) -> None:
    value = np.float32(level) / np.float32(255)
    assert (resize(np.full((height, width, 3), value), size) == value).all()


@given(sides, sides, sides, seeds)
def test_values_stay_within_the_pictures_bounds(height: int, width: int, size: int, seed: int) -> None:
    picture = noise(height, width, seed)
    resized = resize(picture, size)
    assert resized.shape == (size, size, 3)
    assert resized.dtype == np.float32
    assert picture.min() - 1e-6 <= resized.min()
    assert resized.max() <= picture.max() + 1e-6


@given(sides, sides, st.integers(2, 40), seeds)
def test_corners_stay_corners(height: int, width: int, size: int, seed: int) -> None:
    picture = noise(height, width, seed)
    resized = resize(picture, size)
    np.testing.assert_allclose(
        resized[[0, 0, -1, -1], [0, -1, 0, -1]], picture[[0, 0, -1, -1], [0, -1, 0, -1]], atol=1e-5
    )


@given(sides, sides, sides, seeds)
def test_turning_before_and_after_is_the_same(height: int, width: int, size: int, seed: int) -> None:
    picture = noise(height, width, seed)
    turned = resize(picture.transpose(1, 0, 2), size).transpose(1, 0, 2)
    np.testing.assert_allclose(turned, resize(picture, size), atol=1e-6)


@settings(max_examples=20)
@given(sides, sides, st.integers(2, 12), seeds)
def test_it_is_bilinear_with_aligned_corners(height: int, width: int, size: int, seed: int) -> None:
    picture = noise(height, width, seed)
    resized = resize(picture, size)
    for row in range(size):
        for column in range(size):
            y, x = row * (height - 1) / (size - 1), column * (width - 1) / (size - 1)
            weights_y = np.maximum(0, 1 - np.abs(np.arange(height) - y))
            weights_x = np.maximum(0, 1 - np.abs(np.arange(width) - x))
            expected = np.einsum("h,w,hwc->c", weights_y, weights_x, picture.astype(np.float64))
            np.testing.assert_allclose(resized[row, column], expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (224, 224), (40, 1000)])
def test_the_input_is_planar_and_scaled(shape: tuple[int, int]) -> None:
    rgb = np.zeros((*shape, 3), np.uint8)
    rgb[:, :, 1] = 255
    tensor = network_input(rgb, MOBILENET_V2.input)
    assert tensor.shape == (1, 3, 224, 224)
    assert tensor.dtype == np.float32
    assert [plane.min() for plane in tensor[0]] == [plane.max() for plane in tensor[0]] == [0, 1, 0]


def test_the_second_network_sees_blue_first_and_its_means_taken_off() -> None:
    rgb = np.full((5, 7, 3), (10, 20, 30), np.uint8)
    tensor = network_input(rgb, OPEN_NSFW.input)
    assert tensor.dtype == np.float32
    assert (
        [plane.min() for plane in tensor[0]] == [plane.max() for plane in tensor[0]] == [30 - 104, 20 - 117, 10 - 123]
    )
