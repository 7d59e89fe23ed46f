"""Command `quantize`: the 8-bit files, and of each a record in models/<id>/quantization.json.

A file whose loss is beyond the gate is refused before anything of it is written.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from workshop.activations import ranges
from workshop.described import MOBILENET_V2, OPEN_NSFW, ImageModel
from workshop.errors import WorkshopError
from workshop.evaluate import photographs, read_rgb
from workshop.graph import Graph
from workshop.int8 import int8
from workshop.network import Network, shipped_bytes
from workshop.open_nsfw import attributes, open_nsfw
from workshop.paths import MODELS, shown
from workshop.pictures import picture
from workshop.preprocess import Bytes
from workshop.weight_only import shape, weight_only

# A quantised file may change the winning class of this share of pictures, and no more.
GATE = 0.02
FORMULA_PICTURES = 64
# Seeds of 50 x 50 pictures that open_nsfw in float32 gives .2 to .5: where a loss shows most.
UNDECIDED = (184, 448, 616, 628, 784, 1012, 1072, 1384, 2104, 2272, 2332, 2428, 2452, 124)


@dataclass(frozen=True)
class Job:
    """One 8-bit file to be made from a float32 network."""

    model: ImageModel
    path: str
    kind: str
    make: Callable[[onnx.ModelProto], onnx.ModelProto]


def widened(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """The float32 twin of a file with Cast -> Mul -> Add kernels: the same values at four bytes a weight."""
    graph, values = Graph(), {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if all(given in values for given in node.input):
            parts = [values[given] for given in node.input]
            folded = {
                "Cast": lambda p: p[0].astype(np.float32),
                "Mul": lambda p: p[0] * p[1],
                "Add": lambda p: p[0] + p[1],
            }
            values[node.output[0]] = folded[node.op_type](parts)
            continue
        for given in node.input:
            if given in values:
                graph.constant(given, values[given])
        graph.node(node.op_type, list(node.input), node.output[0], **attributes(node))
    size, classes = (shape(value)[-1] for value in (model.graph.input[0], model.graph.output[0]))
    return graph.model(name, size, classes)


def _mobilenet() -> onnx.ModelProto:
    return onnx.load_from_string(shipped_bytes(MOBILENET_V2.files["wasm"]))


def jobs() -> Iterator[tuple[onnx.ModelProto, list[Job]]]:
    """Each float32 network with the 8-bit files that come of it."""
    kept = Job(
        MOBILENET_V2, MOBILENET_V2.files["wasm"], "uint8 weight codes of the source, kept", lambda _: _mobilenet()
    )
    yield widened(_mobilenet(), MOBILENET_V2.id), [kept]
    name = OPEN_NSFW.id
    static = Job(
        OPEN_NSFW,
        OPEN_NSFW.files["wasm"],
        "static INT8 of the convolutions and residual sums after the first stage (QDQ, uint8 weights a channel, "
        "uint8 activations a tensor)",
        lambda model: int8(model, ranges(), name),
    )
    weights = Job(
        OPEN_NSFW,
        OPEN_NSFW.files["webgpu"],
        "uint8 weights a channel of convolutions, float32 activations",
        lambda model: weight_only(model, name),
    )
    yield open_nsfw(), [static, weights]


def loss(whole: Network, small: Network, pictures: Iterable[Bytes]) -> dict[str, Any]:
    """How far the 8-bit network's answers lie from the float32 network's."""
    agreed, differences = [], []
    positive = [whole.model.classes.index(name) for name in whole.model.positive]
    for rgb in pictures:
        expected, actual = whole.classify(rgb), small.classify(rgb)
        agreed.append(bool(expected.argmax() == actual.argmax()))
        differences.append(abs(float(expected[positive].sum()) - float(actual[positive].sum())))
    return {
        "pictures": len(agreed),
        "top1Agreement": round(float(np.mean(agreed)), 4),
        "meanDifference": round(float(np.mean(differences)), 6),
        "maxDifference": round(max(differences), 6),
    }


def formula_pictures() -> Iterator[Bytes]:
    """The drawn pictures by which the loss is measured: 224 x 224, seeds 0 to 63."""
    return (picture(224, 224, seed)[:, :, :3] for seed in range(FORMULA_PICTURES))


def undecided_pictures() -> Iterator[Bytes]:
    """Drawn pictures in the middle of open_nsfw's scale."""
    return (picture(50, 50, seed)[:, :, :3] for seed in UNDECIDED)


def gate(record: dict[str, Any]) -> dict[str, Any]:
    """The record with `success` and `error` set by the gate."""
    worst = min(found["top1Agreement"] for found in record["loss"].values() if found)
    error = None
    if round(1 - worst, 6) > GATE:
        error = f"{record['path']} changes the class of {1 - worst:.1%} of the pictures, more than {GATE:.0%}"
    return {**record, "success": error is None, "error": error}


def _record(job: Job, whole: bytes, small: bytes, folder: Path | None, before: dict[str, Any]) -> dict[str, Any]:
    digest = hashlib.sha256(small).hexdigest()
    networks = Network(job.model, whole), Network(job.model, small)
    found: dict[str, Any] = {
        "formula": loss(*networks, formula_pictures()),
        "undecided": loss(*networks, undecided_pictures()),
        "photographs": None,
    }
    if folder:
        found["photographs"] = loss(*networks, map(read_rgb, photographs(folder)))
    elif before.get("sha256") == digest:
        found["photographs"] = before["loss"]["photographs"]
    return gate(
        {
            "path": job.path,
            "type": job.kind,
            "originalBytes": len(whole),
            "quantizedBytes": len(small),
            "reductionPercent": round(100 * (1 - len(small) / len(whole)), 1),
            "sha256": digest,
            "loss": found,
        }
    )


def _records(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text())["files"] if path.exists() else []
    return found


def quantize(photos: Path | None, models: Path = MODELS) -> None:
    """Make, measure, judge and write every 8-bit file; raises WorkshopError where the gate refuses one.

    Without photographs a file that has not changed keeps what was measured on them before.
    """
    for whole, made in jobs():
        records = []
        target = models / made[0].model.id / "quantization.json"
        for job in made:
            before = next((record for record in _records(target) if record["path"] == job.path), {})
            small = job.make(whole).SerializeToString(deterministic=True)
            record = _record(job, whole.SerializeToString(deterministic=True), small, photos, before)
            if not record["success"]:
                raise WorkshopError(f"{record['error']}: it is not written.")
            (models / job.path).parent.mkdir(parents=True, exist_ok=True)
            (models / job.path).write_bytes(small)
            records.append(record)
            print(f"{job.path}: {len(small)} bytes, {record['reductionPercent']} % smaller, loss {record['loss']}")
        target.write_text(json.dumps({"gate": GATE, "files": records}, indent=2) + "\n", encoding="utf-8")
        print(shown(target))
