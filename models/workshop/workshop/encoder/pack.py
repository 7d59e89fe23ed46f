"""A text encoder's files as a model pack, which the extension takes in place of the packaged encoder."""

from pathlib import Path
from typing import Any

from workshop.pack import Card, pack_bytes

_FIELDS = ("width", "heads", "entities")


def encoder_pack(folder: Path, described: dict[str, Any], told: Card) -> bytes:
    """`described`: its row of the catalogue, or fit.json, which has the same fields; `told`: what people are told."""
    card = {**told, "kind": "text-encoder", **{name: described[name] for name in _FIELDS}}
    names = ("tokenizer.json", *(f"head-{head['task']}.bin" for head in described["heads"]))
    parts = {name: (folder / name).read_bytes() for name in names}
    return pack_bytes(card, (folder / "encoder.onnx").read_bytes(), parts)
