"""The committed ONNX file is the npm package's network: same codes, same answers, same bytes when made again."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from forward import forward
from onnx import numpy_helper

from workshop import source
from workshop.convert import convert
from workshop.described import MOBILENET_V2
from workshop.errors import WorkshopError
from workshop.export import export, model_bytes
from workshop.golden import PICTURES
from workshop.network import Network
from workshop.paths import IMAGE_MODEL, MODELS
from workshop.pictures import picture
from workshop.preprocess import network_input
from workshop.tfjs import read_model


@pytest.fixture(scope="module")
def constants() -> dict[str, np.ndarray]:
    graph = onnx.load(IMAGE_MODEL / "model.onnx").graph
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def test_the_export_gives_the_committed_bytes() -> None:
    content = model_bytes()
    assert content == (IMAGE_MODEL / "model.onnx").read_bytes()
    row = json.loads((MODELS / "catalog.json").read_text())["models"][0]
    assert row["files"][0]["sha256"] == hashlib.sha256(content).hexdigest()


def test_every_kernel_keeps_its_exact_codes(
    constants: dict[str, np.ndarray], model_json: dict[str, Any], weight_bytes: bytes
) -> None:
    offset = kernels = 0
    for entry in model_json["weightsManifest"][0]["weights"]:
        count = int(np.prod(entry["shape"]))
        if entry["name"].endswith("kernel"):
            codes = np.frombuffer(weight_bytes, np.uint8, count, offset).reshape(entry["shape"])
            stored = constants[entry["name"]]
            assert stored.dtype == np.uint8
            turned = stored.transpose(2, 3, 1, 0) if stored.ndim == 4 else stored.T
            if entry["name"].endswith("depthwise_kernel"):
                turned = stored.transpose(2, 3, 0, 1)
            np.testing.assert_array_equal(turned, codes)
            kernels += 1
        offset += count
    assert kernels == 35 + 17 + 3
    assert offset == len(weight_bytes)


def test_only_the_codes_are_large(constants: dict[str, np.ndarray]) -> None:
    others = [value for value in constants.values() if value.dtype != np.uint8]
    assert {str(value.dtype) for value in others} == {"float32"}
    assert max(value.size for value in others) <= 1280


def test_an_independent_forward_pass_agrees(model_json: dict[str, Any], weight_bytes: bytes, network: Network) -> None:
    noise = np.random.default_rng(7).integers(0, 256, (224, 224, 3), dtype=np.uint8)
    pictures = [noise, *(picture(*shape)[:, :, :3] for shape in PICTURES)]
    batch = (
        np.concatenate([network_input(rgb, MOBILENET_V2.input) for rgb in pictures])
        .transpose(0, 2, 3, 1)
        .astype(np.float64)
    )
    expected = forward(model_json, weight_bytes, batch)
    actual = np.stack([network.classify(rgb) for rgb in pictures])
    assert expected.shape == (len(pictures), len(MOBILENET_V2.classes))
    np.testing.assert_allclose(actual, expected, rtol=0, atol=1e-4)


def test_probabilities_sum_to_one(network: Network) -> None:
    assert network.classify(picture(50, 50, 49)[:, :, :3]).sum() == pytest.approx(1, abs=1e-6)


def test_an_unknown_layer_is_refused(model_json: dict[str, Any], weight_bytes: bytes) -> None:
    changed = json.loads(json.dumps(model_json))
    changed["modelTopology"]["model_config"]["config"]["layers"][4]["class_name"] = "LeakyReLU"
    with pytest.raises(WorkshopError, match="Conv1_relu is a LeakyReLU"):
        convert(read_model(changed, weight_bytes), MOBILENET_V2.id, 224, 5)


def test_another_configuration_is_refused(model_json: dict[str, Any], weight_bytes: bytes) -> None:
    changed = json.loads(json.dumps(model_json))
    changed["modelTopology"]["model_config"]["config"]["layers"][4]["config"]["max_value"] = None
    with pytest.raises(WorkshopError, match="Conv1_relu has max_value None"):
        convert(read_model(changed, weight_bytes), MOBILENET_V2.id, 224, 5)


def test_weights_that_do_not_fit_are_refused(model_json: dict[str, Any], weight_bytes: bytes) -> None:
    with pytest.raises(WorkshopError, match="the file holds"):
        read_model(model_json, weight_bytes + b"\0")


def test_the_licence_travels_with_the_weights(tmp_path: Path) -> None:
    export(tmp_path, tmp_path / "second")
    assert (tmp_path / "LICENSE").read_bytes() == (IMAGE_MODEL / "LICENSE").read_bytes()
    assert "MIT License" in (IMAGE_MODEL / "LICENSE").read_text()
    assert source.PACKAGE in (IMAGE_MODEL / "MODEL_CARD.md").read_text()
