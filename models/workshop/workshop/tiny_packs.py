"""Command `tiny-packs`: small packs of seeded noise, one a way of reading, with what Python says of them.

They know nothing. The extension's tests must give the same numbers (test/inference/pack.test.ts), and add them by hand
as a person would (test/e2e/packs.spec.ts).
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from workshop.graph import Graph
from workshop.pack import Card, pack_bytes
from workshop.pack_network import PackNetwork
from workshop.paths import REPOSITORY, shown
from workshop.pictures import RECIPE, picture

TARGET = REPOSITORY / "test" / "fixtures" / "packs"
PICTURES = ((48, 48, 3), (160, 90, 53), (33, 150, 16), (640, 480, 12), (1, 1, 7), (20, 20, 49))
_WIDTH = 16


class _Noise:
    """A graph whose weights are drawn in the order of its nodes; PCG64's stream of integers is fixed."""

    def __init__(self, seed: int) -> None:
        self.graph = Graph()
        self._random = np.random.PCG64(seed)

    def numbers(self, width: float, *shape: int) -> NDArray[np.float32]:
        codes = (self._random.random_raw(int(np.prod(shape))) >> np.uint64(56)).astype(np.float64)
        return ((codes / 255 * 2 - 1) * width).astype(np.float32).reshape(shape)

    def weight(self, name: str, width: float, *shape: int) -> str:
        return self.graph.constant(name, self.numbers(width, *shape))

    def linear(self, x: str, name: str, into: int, out: int) -> str:
        product = self.graph.node(
            "MatMul", [x, self.weight(f"{name}/w", 1.5 / into**0.5, into, out)], f"{name}/product"
        )
        return self.graph.node("Add", [product, self.weight(f"{name}/b", 0.1, out)], name)

    def norm(self, x: str, name: str) -> str:
        scale = self.graph.constant(f"{name}/scale", np.ones(_WIDTH, np.float32))
        shift = self.graph.constant(f"{name}/shift", np.zeros(_WIDTH, np.float32))
        return self.graph.node("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=1e-5)

    def content(self, name: str, size: int, classes: int, layout: str, output: str) -> bytes:
        made: bytes = self.graph.model(name, size, classes, layout=layout, output=output).SerializeToString(
            deterministic=True
        )
        return made


def _conv_tower(noise: _Noise, size: int, layout: str) -> str:
    """Two convolutions and a mean over the picture: [N,16]."""
    graph, x = noise.graph, "input"
    if layout == "NHWC":
        x = graph.node("Transpose", [x], "planes", perm=[0, 3, 1, 2])
    for number, (into, out) in enumerate(((3, 8), (8, _WIDTH))):
        parts = [noise.weight(f"k{number}", 1.4 / into**0.5, out, into, 3, 3), noise.weight(f"b{number}", 0.2, out)]
        strides = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "strides": [2, 2]}
        x = graph.node("Relu", [graph.node("Conv", [x, *parts], f"c{number}", **strides)], f"r{number}")
    return graph.node("Flatten", [graph.node("GlobalAveragePool", [x], "mean")], "features")


def _vit_tower(noise: _Noise, size: int, patch: int = 8) -> str:
    """One block of a vision transformer (Dosovitskiy et al. 2020) with one head, the mean of its tokens: [N,16]."""
    graph, tokens = noise.graph, (size // patch) ** 2
    kernel = [noise.weight("patch/w", 0.15, _WIDTH, 3, patch, patch), noise.weight("patch/b", 0.1, _WIDTH)]
    patches = graph.node("Conv", ["input", *kernel], "patch", kernel_shape=[patch, patch], strides=[patch, patch])
    flat = graph.node("Reshape", [patches, graph.constant("sides", np.array([0, _WIDTH, tokens], np.int64))], "flat")
    turned = graph.node("Transpose", [flat], "tokens", perm=[0, 2, 1])
    x = graph.node("Add", [turned, noise.weight("position", 0.3, 1, tokens, _WIDTH)], "placed")
    inner = noise.norm(x, "norm1")
    query, key, value = (noise.linear(inner, part, _WIDTH, _WIDTH) for part in ("query", "key", "value"))
    likeness = graph.node("MatMul", [query, graph.node("Transpose", [key], "turned", perm=[0, 2, 1])], "likeness")
    scaled = graph.node("Mul", [likeness, graph.constant("root", np.array(_WIDTH**-0.5, np.float32))], "scaled")
    mixed = graph.node("MatMul", [graph.node("Softmax", [scaled], "attention", axis=-1), value], "mixed")
    x = graph.node("Add", [x, noise.linear(mixed, "out", _WIDTH, _WIDTH)], "attended")
    wide = noise.linear(noise.norm(x, "norm2"), "wide", _WIDTH, 2 * _WIDTH)
    erf = graph.node(
        "Erf", [graph.node("Mul", [wide, graph.constant("half", np.array(0.5**0.5, np.float32))], "e")], "erf"
    )
    one = graph.node("Add", [erf, graph.constant("one", np.array(0.5, np.float32))], "gate")
    x = graph.node("Add", [x, noise.linear(graph.node("Mul", [wide, one], "gelu"), "narrow", 2 * _WIDTH, _WIDTH)], "y")
    return graph.node("ReduceMean", [noise.norm(x, "norm3")], "features", axes=[1], keepdims=0)


def _input(size: int, **other: object) -> Card:
    return {
        "name": "input",
        "width": size,
        "height": size,
        "layout": "NCHW",
        "channels": "RGB",
        "scale": 1 / 255,
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "resize": "bilinear",
        "fit": "stretch",
        **other,
    }


def _card(name: str, kind: str, given: Card, output: Card, positive: list[str], **other: object) -> Card:
    return {
        "id": name,
        "version": "1.0.0",
        "name": f"Noise ({name})",
        "license": "Apache-2.0",
        "source": "python -m workshop tiny-packs",
        "about": "Seeded noise for tests: it knows nothing.",
        "kind": kind,
        "input": given,
        "output": output,
        "positive": {"sexual": positive},
        **other,
    }


def _classifier() -> bytes:
    """As nsfwjs' networks are: five classes, softmax inside; the layout is TensorFlow's."""
    noise = _Noise(21)
    logits = noise.linear(_conv_tower(noise, 32, "NHWC"), "head", _WIDTH, 5)
    noise.graph.node("Softmax", [logits], "probs", axis=1)
    given = _input(32, layout="NHWC", channels="BGR", resize="bilinear-align-corners", mean=[0, 0, 0], std=[1, 1, 1])
    classes = ["drawings", "hentai", "neutral", "porn", "sexy"]
    card = _card("tiny-classifier", "classifier", given, {"name": "probs", "classes": classes}, ["hentai", "porn"])
    return pack_bytes(card, noise.content("tiny-classifier", 32, 5, "NHWC", "probs"))


def _transformer() -> bytes:
    """As two-class vision transformers come from torch: logits out, softmax and normalisation by the card alone."""
    noise = _Noise(22)
    noise.graph.node("Identity", [noise.linear(_vit_tower(noise, 48), "head", _WIDTH, 2)], "logits")
    output = {"name": "logits", "classes": ["normal", "nsfw"], "activation": "softmax"}
    calibration = {"calibration": {"a": 0.8, "b": -0.5}, "weight": 0.5}
    card = _card("tiny-vit", "classifier", _input(48), output, ["nsfw"], **calibration)
    return pack_bytes(card, noise.content("tiny-vit", 48, 2, "NCHW", "logits"))


def _zero_shot() -> bytes:
    """As CLIP is: an image tower, and prompts whose embeddings a text tower gave once."""
    noise = _Noise(23)
    noise.graph.node("Identity", [noise.linear(_vit_tower(noise, 48), "projection", _WIDTH, _WIDTH)], "image_embeds")
    classes = ("neutral", "neutral", "drawings", "drawings", "porn", "porn")
    prompts = [
        {"class": name, "text": f"noise {number}", "embedding": [round(float(v), 6) for v in noise.numbers(1, _WIDTH)]}
        for number, name in enumerate(classes)
    ]
    mean, std = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
    given = _input(48, resize="bicubic", fit="crop", mean=mean, std=std)
    extra = {"prompts": prompts, "temperature": 0.2}
    card = _card("tiny-clip", "zero-shot", given, {"name": "image_embeds"}, ["porn"], **extra)
    return pack_bytes(card, noise.content("tiny-clip", 48, _WIDTH, "NCHW", "image_embeds"))


def _broken() -> bytes:
    """0 / 0 for an answer: to be refused when it is tried."""
    noise = _Noise(24)
    graph = noise.graph
    zero = graph.constant("zero", np.array(0, np.float32))
    nothing = graph.node("Mul", [noise.linear(_conv_tower(noise, 32, "NCHW"), "head", _WIDTH, 2), zero], "nothing")
    graph.node("Cast", [graph.node("Div", [nothing, zero], "undefined")], "probs", to=TensorProto.FLOAT)
    card = _card("tiny-broken", "classifier", _input(32), {"name": "probs", "classes": ["normal", "nsfw"]}, ["nsfw"])
    return pack_bytes(card, noise.content("tiny-broken", 32, 2, "NCHW", "probs"))


MAKERS = {"tiny-classifier": _classifier, "tiny-vit": _transformer, "tiny-clip": _zero_shot, "tiny-broken": _broken}


def reference(target: Path = TARGET) -> dict[str, Any]:
    """For each sound pack its probabilities and its score on the formula's pictures."""
    found = {}
    for name in [name for name in MAKERS if name != "tiny-broken"]:
        network = PackNetwork.read(target / f"{name}.wardpack")
        seen = [picture(*shape)[:, :, :3] for shape in PICTURES]
        found[name] = {
            "classes": network.classes,
            "probabilities": [[round(float(p), 8) for p in network.classify(rgb)] for rgb in seen],
            "scores": [round(network.score(rgb), 8) for rgb in seen],
        }
    sizes = [dict(zip(("width", "height", "seed"), shape, strict=True)) for shape in PICTURES]
    return {"recipe": RECIPE, "tolerance": 1e-4, "pictures": sizes, "packs": found}


def tiny_packs(target: Path = TARGET) -> None:
    """Write the packs and what Python says of them."""
    target.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        (target / f"{name}.wardpack").write_bytes(make())
    (target / "reference.json").write_text(json.dumps(reference(target), indent=2) + "\n", encoding="utf-8")
    print(f"{shown(target)}: {len(MAKERS)} packs")
