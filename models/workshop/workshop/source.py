"""The image network's source: the npm package nsfwjs, fetched by name and read without running it.

The package carries the TensorFlow.js model as two minified JavaScript modules: the topology and weights
manifest as an object literal, and the weight bytes as one base64 string.
"""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.paths import CACHE

PACKAGE = "nsfwjs@4.4.0"
_TARBALL = "nsfwjs-4.4.0.tgz"
_TOPOLOGY = "package/dist/models/mobilenet_v2/model.min.js"
_WEIGHTS = "package/dist/models/mobilenet_v2/group1-shard1of1.min.js"
LICENSE = "package/LICENSE"
# What was converted when the card was written; another content must fail, not slip through.
_SHA256 = {
    _TOPOLOGY: "c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a",
    _WEIGHTS: "ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517",
}

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<boolean>![01])"
    r"|(?P<key>[A-Za-z_$][\w$]*)(?=:)"
    r"|(?P<number>\d*\.?\d+(?:[eE][+-]?\d+)?)"
)


def json_of_literal(literal: str) -> str:
    """A minified JavaScript literal rewritten as JSON: bare keys, `!0`/`!1` and `.5` are what differ."""

    def rewritten(match: re.Match[str]) -> str:
        text = match.group()
        if match["boolean"]:
            return "true" if text == "!0" else "false"
        if match["key"]:
            return f'"{text}"'
        return f"0{text}" if text.startswith(".") else text

    return _TOKEN.sub(rewritten, literal)


def exported_value(module: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """The literal that a bundled CommonJS module assigns to its `exports`."""
    start = re.search(r'\.exports=(?=[{"])', module)
    if start is None:
        raise WorkshopError("The npm module exports no literal: its bundling has changed, read it anew.")
    value, _ = json.JSONDecoder().raw_decode(json_of_literal(module[start.end() :]))
    return value


def fetch() -> Path:
    """The package's tarball in the cache, fetched by `npm pack` when it is not there yet."""
    tarball = CACHE / _TARBALL
    if tarball.exists():
        return tarball
    npm = shutil.which("npm")
    if npm is None:
        raise WorkshopError("npm was not found: install Node.js 20 or later, which brings it.")
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"fetching {PACKAGE} by npm pack", flush=True)
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(CACHE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not tarball.exists():
        raise WorkshopError(f"npm pack {PACKAGE} failed: {done.stderr.strip() or 'no tarball came'}")
    return tarball


def member(name: str) -> bytes:
    """One file of the package; where a SHA-256 is recorded for it, exactly that content."""
    with tarfile.open(fetch()) as archive:
        stream = archive.extractfile(name)
        assert stream is not None, name
        content = stream.read()
    if name in _SHA256 and hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise WorkshopError(f"{name} in {PACKAGE} is not the file that was recorded: delete {_TARBALL} in the cache.")
    return content


def model_json() -> dict[str, Any]:
    """The TensorFlow.js `model.json`: `modelTopology` and `weightsManifest`."""
    value: dict[str, Any] = exported_value(member(_TOPOLOGY).decode())
    return value


def weight_bytes() -> bytes:
    """The weights, one tensor after the other in the manifest's order."""
    return base64.b64decode(exported_value(member(_WEIGHTS).decode()), validate=True)
