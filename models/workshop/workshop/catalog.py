"""Command `catalog`: models/catalog.json, from the description below and the files on disk alone.

To add a model, describe it in `described.py` (a network) or `heads.py` (a linear head of text).
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from workshop.described import NETWORKS
from workshop.errors import WorkshopError
from workshop.heads import ENCODER_VERSION, HEADS, Head
from workshop.lists import BLOCKLISTS, Blocklist
from workshop.paths import MODELS, PUBLIC, shown

# A row's files: `path` is relative to models/, `provider` the onnxruntime execution provider it is for, once each.
# Calibration is Platt's, p = sigmoid(a * logit(p_raw) + b): identity where no positives could be had to fit it.
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


# A head of text: `linear` fitted its calibration and threshold, which lie beside it in fit.json.
def _head_row(head: Head, models: Path) -> dict[str, Any]:
    return {
        "id": head.id,
        "version": head.version,
        "kind": "text-linear",
        "status": "active",
        "files": [{"path": f"{head.id}/head.bin", "provider": "any"}],
        "task": head.task,
        **({"category": head.category, "classes": []} if head.category else {"classes": list(head.classes)}),
        "reading": {"bits": head.bits, "words": head.words, "characters": list(head.characters)},
        **json.loads(_content(models / head.id / "fit.json")),
        "license": "Apache-2.0",
        "source": f"python -m workshop linear {head.task}",
    }


_ENCODER = "text-encoder"


# The encoder: `encoder ship` settled how each head is used, which lies beside it in fit.json.
def _encoder_row(models: Path) -> dict[str, Any]:
    fit = json.loads(_content(models / _ENCODER / "fit.json"))
    heads = [f"head-{head['task']}.bin" for head in fit["heads"]]
    return {
        "id": _ENCODER,
        "version": ENCODER_VERSION,
        "kind": "text-encoder",
        "status": "active",
        "files": [
            {"path": f"{_ENCODER}/encoder.onnx", "provider": "wasm"},
            *({"path": f"{_ENCODER}/{name}", "provider": "any"} for name in ("tokenizer.json", *heads)),
        ],
        **fit,
        "license": "Apache-2.0",
        "source": "python -m workshop encoder, from sentence-transformers/all-MiniLM-L6-v2",
    }


def _content(path: Path) -> bytes:
    if not path.exists():
        raise WorkshopError(f"{shown(path)} is absent: `python -m workshop all` makes it.")
    return path.read_bytes()


def _measured(file: dict[str, Any], models: Path) -> dict[str, Any]:
    content = _content(models / file["path"])
    return {**file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _described(row: dict[str, Any], models: Path) -> dict[str, Any]:
    return {**row, "files": [_measured(file, models) for file in row["files"]]}


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
    networks = [_described(network.row(), models) for network in NETWORKS]
    heads = [_described(_head_row(head, models), models) for head in HEADS]
    rows = [_list_row(blocklist, public) for blocklist in BLOCKLISTS]
    pack = _measured({"path": "lists/hosts.pack", "sections": [row["id"] for row in rows]}, public)
    self_check = _measured({"path": "self-check/tiny.onnx"}, models)
    encoders = [_described(_encoder_row(models), models)] if (models / _ENCODER).exists() else []
    described = [*networks, *heads, *encoders, _described(_URL, models)]
    whole = {"models": described, "lists": rows, "pack": pack, "selfCheck": self_check}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def catalog(target: Path = MODELS / "catalog.json") -> None:
    """Write the catalogue to `target`."""
    target.write_text(catalog_text(), encoding="utf-8", newline="\n")
    print(f"{shown(target)}: {len(NETWORKS) + len(HEADS)} models, {len(BLOCKLISTS)} lists")
