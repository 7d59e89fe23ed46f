"""Command `calibrate`: how far each activation of open_nsfw reaches, as models/nsfw-open-nsfw/activations.json.

Calibrated on formula pictures alone, which need no data and no rights: on photographs the loss was nearly as small as
with ranges taken from photographs. RULE says how a range follows from the pictures; it is rounded to three digits, so
that the last bits of a processor's sums do not reach the file.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from workshop.described import OPEN_NSFW
from workshop.int8 import Ranges, coded_values
from workshop.network import session
from workshop.open_nsfw import open_nsfw
from workshop.paths import OPEN_NSFW_FOLDER, shown
from workshop.pictures import picture
from workshop.preprocess import network_input

TABLE = OPEN_NSFW_FOLDER / "activations.json"
# Apart from the pictures by which the loss is measured.
SEEDS = range(1000, 1064)
SIDE = 224
RULE = "10th percentile of the pictures' minima, 90th of their maxima"


def measure(model: onnx.ModelProto) -> dict[str, tuple[float, float]]:
    """For each value to quantise its lowest and highest worth, by RULE over the pictures of SEEDS."""
    names = coded_values(model)
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    run = session(watched.SerializeToString())
    extremes = []
    for seed in SEEDS:
        batch = network_input(picture(SIDE, SIDE, seed)[:, :, :3], OPEN_NSFW.input)
        extremes.append([(value.min(), value.max()) for value in run.run(names, {"input": batch})])
    low, high = np.percentile(extremes, 10, axis=0)[:, 0], np.percentile(extremes, 90, axis=0)[:, 1]
    return {name: (_rounded(a), _rounded(b)) for name, a, b in zip(names, low, high, strict=True)}


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def ranges(table: Path = TABLE) -> Ranges:
    """The committed table."""
    found: Ranges = json.loads(table.read_text())["ranges"]
    return found


def calibrate(table: Path = TABLE) -> None:
    """Write the table of activation ranges."""
    pictures = f"formula pictures {SIDE} x {SIDE}, seeds {SEEDS.start} to {SEEDS.stop - 1}"
    value = {"pictures": pictures, "rule": RULE, "ranges": measure(open_nsfw())}
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    print(f"{shown(table)}: {len(value['ranges'])} ranges")
