"""Packs: the committed ones are what the command gives, their input is Pillow's, the accurate set is the source's."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.forward import forward
from workshop import source
from workshop.described import MOBILENET_V2
from workshop.errors import WorkshopError
from workshop.evaluate import settled
from workshop.inception import FILE, RECORD, SIZE, card, network_bytes
from workshop.pack import pack_bytes, read_pack
from workshop.pack_input import pack_input, resample
from workshop.pack_network import PackNetwork
from workshop.pictures import picture
from workshop.tiny_packs import MAKERS, TARGET, reference


@pytest.mark.parametrize("name", MAKERS)
def test_the_committed_packs_are_what_the_command_gives(name: str) -> None:
    assert (TARGET / f"{name}.wardpack").read_bytes() == MAKERS[name]()


def test_the_reference_is_what_python_says_of_them() -> None:
    committed, fresh = json.loads((TARGET / "reference.json").read_text()), reference()
    for name, found in fresh["packs"].items():
        np.testing.assert_allclose(committed["packs"][name]["probabilities"], found["probabilities"], atol=1e-5)
        np.testing.assert_allclose(committed["packs"][name]["scores"], found["scores"], atol=1e-5)


@settings(max_examples=25)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["bilinear", "bicubic"]),
)
def test_the_resampler_is_pillows_but_for_rounding(height: int, width: int, wide: int, high: int, kind: str) -> None:
    rgb = np.random.default_rng(height * 61 + width).integers(90, 166, (height, width, 3), dtype=np.uint8)
    theirs = Image.fromarray(rgb).resize((wide, high), Image.Resampling[kind.upper()])
    ours = resample(rgb.astype(np.float32), wide, high, kind)
    # Pillow rounds to bytes after each of two passes. Where a bicubic curve overshoots what bytes can hold, the order
    # of the passes tells, and Pillow's own differs by version and size: these pictures leave room.
    assert np.abs(ours - np.asarray(theirs, np.float32)).max() <= 2


@pytest.mark.parametrize(("width", "height"), [(128, 64), (64, 128), (64, 64)])
def test_a_crop_keeps_the_middle(width: int, height: int) -> None:
    how = {**_HOW, "fit": "crop", "resize": "bilinear"}
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[height // 2 - 10 : height // 2 + 10, width // 2 - 10 : width // 2 + 10] = 255
    found = pack_input(rgb, how)[0, 0]
    assert found[16, 16] == 255
    assert np.abs(found - found[::-1, ::-1]).max() < 1e-3


_HOW = {
    "width": 32,
    "height": 32,
    "layout": "NCHW",
    "channels": "BGR",
    "scale": 1,
    "mean": [0, 0, 0],
    "resize": "bilinear-align-corners",
}


def test_channels_layout_and_normalisation_are_the_cards() -> None:
    rgb = np.full((32, 32, 3), (10, 20, 30), np.uint8)
    found = pack_input(rgb, {**_HOW, "scale": 2, "mean": [1, 2, 3], "std": [1, 2, 4]})
    np.testing.assert_allclose(found[0, :, 0, 0], [59, 19, 4.25])
    turned = pack_input(rgb, {**_HOW, "layout": "NHWC", "channels": "RGB"})
    np.testing.assert_allclose(turned[0, 0, 0], [10, 20, 30])


def test_a_third_network_is_heard_only_where_two_disagree() -> None:
    odds = np.array([[2, 2, 2, -2, -2], [2, -1, -1, -2, -2], [-9, 3, -3, 9, -9]], np.float64)
    assert (settled(odds) > 0).tolist() == [True, True, False, False, False]


def test_what_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.wardpack").write_bytes(b"no zip")
    with pytest.raises(WorkshopError, match="is no pack"):
        read_pack(tmp_path / "no.wardpack")


def test_the_accurate_set_is_the_recorded_one_and_agrees_with_an_independent_forward_pass(tmp_path: Path) -> None:
    network = network_bytes()
    record = json.loads(RECORD.read_text())
    assert record["networkSha256"] == hashlib.sha256(network).hexdigest()
    pack = pack_bytes(card(), network, {"LICENSE": source.member(source.LICENSE)})
    assert (record["file"], record["bytes"], record["sha256"]) == (FILE, len(pack), hashlib.sha256(pack).hexdigest())
    (tmp_path / FILE).write_bytes(pack)
    rgb = picture(299, 299, 53)[:, :, :3]
    expected = forward(source.inception_json(), source.inception_bytes(), rgb[None].astype(np.float64) / 255)
    actual = PackNetwork.read(tmp_path / FILE).classify(rgb)
    assert len(actual) == len(MOBILENET_V2.classes)
    assert rgb.shape[0] == SIZE
    np.testing.assert_allclose(actual, expected[0], rtol=0, atol=1e-4)
