"""The 8-bit files are what their code and table give, their records are true, and the gate shuts."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from workshop import quantize as quantizing
from workshop.__main__ import main
from workshop.activations import TABLE, measure, ranges
from workshop.described import NETWORKS, OPEN_NSFW
from workshop.errors import WorkshopError
from workshop.int8 import WHOLE_CONVOLUTIONS, int8
from workshop.network import Network
from workshop.paths import MODELS
from workshop.quantize import FORMULA_PICTURES, Job, formula_pictures, gate, jobs, loss
from workshop.weight_only import weight_only

RECORDS = {
    record["path"]: record
    for model in NETWORKS
    for record in json.loads((MODELS / model.id / "quantization.json").read_text())["files"]
}


def constants(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def test_every_committed_file_is_made_again_byte_for_byte_and_loses_what_its_record_says() -> None:
    made = {}
    for whole, files in jobs():
        original = Network(files[0].model, whole.SerializeToString())
        for job in files:
            content = job.make(whole).SerializeToString(deterministic=True)
            assert content == (MODELS / job.path).read_bytes()
            record = made[job.path] = RECORDS[job.path]
            assert record["quantizedBytes"] == len(content)
            assert record["sha256"] == hashlib.sha256(content).hexdigest()
            assert record["originalBytes"] == len(whole.SerializeToString(deterministic=True))
            assert record["reductionPercent"] == pytest.approx(
                100 * (1 - len(content) / record["originalBytes"]), abs=0.1
            )
            assert record["success"]
            assert record["error"] is None
            again = loss(original, Network(job.model, content), formula_pictures())
            assert again["pictures"] == record["loss"]["formula"]["pictures"] == FORMULA_PICTURES
            assert again["top1Agreement"] == record["loss"]["formula"]["top1Agreement"] == 1
            assert again["meanDifference"] == pytest.approx(record["loss"]["formula"]["meanDifference"], abs=2e-3)
    assert set(made) == set(RECORDS) == {path for model in NETWORKS for path in model.paths}


def test_the_photographs_were_measured_too() -> None:
    assert all(record["loss"]["photographs"]["pictures"] == 300 for record in RECORDS.values())


def test_the_activation_table_is_what_the_formula_pictures_give(whole: onnx.ModelProto) -> None:
    table, again = ranges(TABLE), measure(whole)
    assert list(table) == list(again)
    for name, edges in again.items():
        assert edges == pytest.approx(table[name], rel=0.02, abs=1e-3)


@pytest.mark.parametrize("kind", ["int8", "weight-only"])
def test_every_weight_is_within_half_a_step(whole: onnx.ModelProto, kind: str) -> None:
    is_int8 = kind == "int8"
    small = constants(int8(whole, ranges(TABLE), "x") if is_int8 else weight_only(whole, "x"))
    kernels = 0
    for name, kernel in constants(whole).items():
        if f"{name}/codes" not in small or kernel.ndim != 4:
            continue
        kernels += 1
        codes, scale = small[f"{name}/codes"].astype(np.float64), small[f"{name}/scale"].astype(np.float64)
        assert small[f"{name}/codes"].dtype == np.uint8
        scale = scale.reshape(-1, 1, 1, 1)
        values = (codes - 128) * scale if is_int8 else codes * scale + small[f"{name}/minimum"]
        assert (np.abs(values - kernel) <= scale * 0.501 + 1e-9).all()
    assert kernels == (53 - WHOLE_CONVOLUTIONS if is_int8 else 53)


def test_a_missing_range_is_said(whole: onnx.ModelProto) -> None:
    with pytest.raises(WorkshopError, match="no range for relu_"):
        int8(whole, {}, "x")


@pytest.mark.parametrize(("agreement", "success"), [(1.0, True), (0.98, True), (0.9799, False), (0.5, False)])
def test_the_gate_shuts_beyond_two_percent_on_either_set(agreement: float, success: bool) -> None:
    for sets in ({"formula": agreement, "photographs": 1.0}, {"formula": 1.0, "photographs": agreement}):
        found = {name: {"top1Agreement": share} for name, share in sets.items()}
        record = gate({"path": "a/b.onnx", "loss": found})
        assert record["success"] is success
        assert (record["error"] is None) is success
    assert gate({"path": "a/b.onnx", "loss": {"formula": {"top1Agreement": 1.0}, "photographs": None}})["success"]


def test_a_refused_file_is_one_sentence_status_1_and_not_written(
    whole: onnx.ModelProto,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def opposite(model: onnx.ModelProto) -> onnx.ModelProto:
        changed = weight_only(model, "x")
        for tensor in changed.graph.initializer:
            if tensor.name.startswith("dense/"):
                tensor.CopyFrom(numpy_helper.from_array(-numpy_helper.to_array(tensor), tensor.name))
        return changed

    def bad() -> Iterator[tuple[onnx.ModelProto, list[Job]]]:
        yield whole, [Job(OPEN_NSFW, "nsfw-open-nsfw/bad.onnx", "spoilt", opposite)]

    monkeypatch.setattr(quantizing, "jobs", bad)
    monkeypatch.setattr("workshop.__main__.quantize", lambda photos: quantizing.quantize(None, tmp_path))
    assert main(["quantize"]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("workshop: nsfw-open-nsfw/bad.onnx changes the class of 100.0% of the pictures")
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
