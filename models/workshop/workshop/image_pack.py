"""From a finished run of `image train` to a pack: the folds' networks side by side in one file, their mean taken."""

import json
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper

from workshop.errors import WorkshopError
from workshop.graph import IR_VERSION, OPSET
from workshop.image_network import OUTPUT, network
from workshop.image_train import best_of
from workshop.pack import Card, pack_bytes, write_pack
from workshop.paths import shown


def ensemble(members: list[bytes], size: int, classes: int) -> bytes:
    """`input` [N,3,size,size] in [0,1] to `probs`: the softmax of each member, averaged."""
    nodes, constants, each = [], [], []
    for number, content in enumerate(members):
        graph = onnx.load_from_string(content).graph
        names = {value for node in graph.node for value in (*node.input, *node.output)} - {"input"}
        renamed = {name: f"f{number}/{name}" for name in names}
        for node in graph.node:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.name = f"f{number}/{node.name}"
            copy.input[:] = [renamed.get(name, name) for name in node.input]
            copy.output[:] = [renamed[name] for name in node.output]
            nodes.append(copy)
        for tensor in graph.initializer:
            copy = onnx.TensorProto()
            copy.CopyFrom(tensor)
            copy.name = renamed.get(tensor.name, tensor.name)
            constants.append(copy)
        each.append(f"f{number}/probs")
        nodes.append(helper.make_node("Softmax", [renamed[OUTPUT]], [each[-1]], name=each[-1], axis=1))
    nodes.append(helper.make_node("Mean", each, ["probs"], name="probs"))
    graph = helper.make_graph(
        nodes,
        "image-ensemble",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 3, size, size])],
        [helper.make_tensor_value_info("probs", TensorProto.FLOAT, ["N", classes])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def export_run(run: Path, target: Path, name: str, license_: str, version: str = "1.0.0") -> Card:
    """Write a run's folds as one pack; raises WorkshopError where the run is not finished."""
    try:
        settings = json.loads((run / "settings.json").read_text())
        metrics = json.loads((run / "metrics.json").read_text())
    except OSError as absent:
        raise WorkshopError(
            f"{shown(run)} holds no finished run: `image train` writes metrics.json at its end."
        ) from absent
    members = []
    for number in range(settings["folds"]):
        model = network(settings["network"], settings["size"], len(settings["classes"]))
        model.load_state_dict(torch.load(best_of(run / f"fold-{number}.pt"), weights_only=True))
        members.append(model.eval().onnx_bytes())
    found = metrics["all"]
    side = settings["size"]
    card: Card = {
        "id": name,
        "version": version,
        "name": name,
        "license": license_,
        "source": f"workshop image train ({settings['network']}, {settings['folds']} folds, seed {settings['seed']})",
        "about": f"Held-out accuracy {found['accuracy']}, macro-F1 {found['macroF1']} on {found['pictures']} pictures.",
        "kind": "classifier",
        "input": {
            "name": "input",
            "width": side,
            "height": side,
            "layout": "NCHW",
            "channels": "RGB",
            "scale": 1 / 255,
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "resize": "bilinear",
            "fit": "stretch",
        },
        "output": {"name": "probs", "classes": settings["classes"], "activation": "none"},
        "positive": {"sexual": settings["positive"]},
        "calibration": metrics["calibration"],
    }
    write_pack(target, pack_bytes(card, ensemble(members, side, len(settings["classes"]))))
    return card
