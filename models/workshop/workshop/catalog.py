"""Command `catalog`: models/catalog.json, from the description below and the files on disk alone.

To add a model, add its row to DESCRIPTIONS: everything but `bytes` and `sha256` is written by hand.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from workshop.described import NETWORKS
from workshop.errors import WorkshopError
from workshop.lists import BLOCKLISTS, Blocklist
from workshop.paths import MODELS, PUBLIC, shown

# A row's files: `path` is relative to models/, `provider` the onnxruntime execution provider it is for, once each.
# Calibration is Platt's, p = sigmoid(a * logit(p_raw) + b): identity where no positives could be had to fit it.
# Text: `threshold` flags at most .1 % of harmless page text in each of five languages (see the model's card).
_TEXT: dict[str, Any] = {
    "id": "injection-linear",
    "version": "1.0.0",
    "kind": "text-linear",
    "status": "active",
    "files": [{"path": "injection-linear/model.json", "provider": "any"}],
    "category": "injection",
    "threshold": 0.75,
    "license": "Apache-2.0",
    "source": "python -m workshop linear",
}
_URL: dict[str, Any] = {
    "id": "url-phishing",
    "version": "1.0.0",
    "kind": "url-forest",
    "status": "active",
    "files": [{"path": "url-phishing/model.json", "provider": "any"}],
    "category": "phishing",
    "threshold": 0.8,
    "license": "Apache-2.0",
    "source": "python -m workshop phishing",
}
DESCRIPTIONS: tuple[dict[str, Any], ...] = (*(network.row() for network in NETWORKS), _TEXT, _URL)


def _content(path: Path) -> bytes:
    if not path.exists():
        raise WorkshopError(f"{shown(path)} is absent: `python -m workshop all` makes it.")
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
    pack = _measured({"path": "lists/hosts.pack", "sections": [row["id"] for row in rows]}, public)
    self_check = _measured({"path": "self-check/tiny.onnx"}, models)
    whole = {"models": described, "lists": rows, "pack": pack, "selfCheck": self_check}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def catalog(target: Path = MODELS / "catalog.json") -> None:
    """Write the catalogue to `target`."""
    target.write_text(catalog_text(), encoding="utf-8", newline="\n")
    print(f"{shown(target)}: {len(DESCRIPTIONS)} models, {len(BLOCKLISTS)} lists")
