"""The committed test card sets off every shipped file, also cropped, rescaled and recompressed; its control none."""

import numpy as np
import pytest
from PIL import Image

from workshop.__main__ import main
from workshop.card_picture import AS_IS, BLOCK, CONTROL_LIMIT, DEGRADED, SIDE, WORDS, banner, degraded, variants
from workshop.network import Network
from workshop.paths import TEST_CARD
from workshop.preprocess import Bytes

VARIANTS = 12


def read(name: str) -> Bytes:
    return np.asarray(Image.open(TEST_CARD / name).convert("RGB"))


@pytest.fixture(params=["test-card.png", "test-card.jpg"])
def card(request: pytest.FixtureRequest) -> Bytes:
    return read(request.param)


def test_every_file_of_every_network_is_sure_of_the_card(card: Bytes, networks: list[Network]) -> None:
    assert card.shape == (SIDE, SIDE, 3)
    assert all(network.score(card) >= AS_IS for network in networks)


def test_it_survives_jpeg_50_and_halving_in_either_order(card: Bytes, networks: list[Network]) -> None:
    for worse in degraded(card):
        assert worse.shape == (SIDE // 2, SIDE // 2, 3)
        assert all(network.score(worse) >= DEGRADED for network in networks)


def test_it_survives_crops_scales_and_qualities(networks: list[Network]) -> None:
    for variant in variants(read("test-card.png"), VARIANTS, seed=2):
        assert all(network.score(variant) >= DEGRADED for network in networks)


def test_the_control_sets_off_none(networks: list[Network]) -> None:
    control = read("control.png")
    for picture in (control, *degraded(control), *variants(control, VARIANTS, seed=3)):
        assert all(network.score(picture) < CONTROL_LIMIT for network in networks)


def test_the_control_has_the_cards_own_pixels_in_another_order() -> None:
    card, control = read("test-card.png"), read("control.png")
    clear = SIDE // BLOCK * 3 // 4
    blocks = [
        {
            picture[y : y + BLOCK, x : x + BLOCK].tobytes()
            for y in range(0, clear * BLOCK, BLOCK)
            for x in range(0, SIDE, BLOCK)
        }
        for picture in (card, control)
    ]
    # The lower quarter carries the words, so a part of the shuffled blocks shows on one of the two alone.
    assert len(blocks[0] & blocks[1]) >= 0.5 * len(blocks[1])


def test_nothing_on_the_card_has_the_colour_of_skin() -> None:
    red, green, blue = read("test-card.png").astype(int).transpose(2, 0, 1)
    assert (red <= np.maximum(green, blue) + 2).all()


def test_the_words_are_printed_on_it() -> None:
    band, text = banner(WORDS)
    card = read("test-card.png")
    assert (card[(band == 1) & (text == 0)] == 255).all()
    assert card[text == 1].mean() < 60
    assert (text == 1).sum() > 1000


def test_without_torch_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    monkeypatch.delitem(__import__("sys").modules, "workshop.card", raising=False)
    assert main(["test-card"]) == 1
    assert "needs torch" in capsys.readouterr().err
