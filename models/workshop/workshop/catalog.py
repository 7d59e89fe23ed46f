"""Command `catalog`: models/catalog.json, from the description below and the files on disk alone.

To add a model, add its entry to DESCRIPTIONS: everything but `bytes` and `sha256` is written by hand.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from workshop.convert import CLASSES, INPUT_SIZE
from workshop.errors import WorkshopError
from workshop.evaluate import POSITIVE
from workshop.lists import BLOCKLISTS, Blocklist
from workshop.paths import MODELS, PUBLIC, shown
from workshop.source import PACKAGE

# A file's path is relative to models/, and `provider` names the onnxruntime execution provider it is for.
# Calibration is Platt's, p = sigmoid(a * logit(p_raw) + b): identity where no positives could be had to fit it.
DESCRIPTIONS: tuple[dict[str, Any], ...] = (
    {
        "id": "nsfw-mobilenet-v2",
        "version": "1.0.0",
        "kind": "image",
        "status": "active",
        "files": [{"path": "nsfw-mobilenet-v2/model.onnx", "provider": "wasm"}],
        "input": {
            "name": "input",
            "width": INPUT_SIZE,
            "height": INPUT_SIZE,
            "scale": 1 / 255,
            "mean": [0, 0, 0],
            "resize": "bilinear-align-corners",
            "layout": "NCHW",
        },
        "output": {"name": "probs", "classes": list(CLASSES)},
        "category": "sexual",
        "positive": list(POSITIVE),
        "calibration": {"a": 1, "b": 0},
        "license": "MIT",
        "source": f"npm {PACKAGE}",
    },
)


def _content(path: Path) -> bytes:
    if not path.exists():
        raise WorkshopError(f"{shown(path)} is absent: make it by `python -m workshop export`, `tiny` or `lists`.")
    return path.read_bytes()


def _measured(file: dict[str, Any], models: Path) -> dict[str, Any]:
    content = _content(models / file["path"])
    return {**file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _list_row(blocklist: Blocklist, public: Path) -> dict[str, Any]:
    path = f"lists/{blocklist.category}.txt"
    content = _content(public / path)
    updated = re.search(r"^# updated: (\S+)$", content.decode(), re.MULTILINE)
    if updated is None:
        raise WorkshopError(f"{shown(public / path)} has no '# updated:' line: make it anew by `lists`.")
    return {
        "id": blocklist.category,
        "category": blocklist.category,
        "path": path,
        "count": sum(not line.startswith(b"#") for line in content.splitlines()),
        "sha256": hashlib.sha256(content).hexdigest(),
        "updated": updated[1],
        "sources": [vars(source) for source in blocklist.sources],
    }


def catalog_text(models: Path = MODELS, public: Path = PUBLIC) -> str:
    """The catalogue as JSON; raises WorkshopError where a described file is absent."""
    described = [{**model, "files": [_measured(file, models) for file in model["files"]]} for model in DESCRIPTIONS]
    rows = [_list_row(blocklist, public) for blocklist in BLOCKLISTS]
    self_check = _measured({"path": "self-check/tiny.onnx"}, models)
    return json.dumps({"models": described, "lists": rows, "selfCheck": self_check}, indent=2, sort_keys=True) + "\n"


def catalog(target: Path = MODELS / "catalog.json") -> None:
    """Write the catalogue to `target`."""
    target.write_text(catalog_text(), encoding="utf-8", newline="\n")
    print(f"{shown(target)}: {len(DESCRIPTIONS)} model, {len(BLOCKLISTS)} lists")
