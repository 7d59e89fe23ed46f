"""The source of two image networks: the npm package nsfwjs, fetched by name and read without running it.

The package carries each TensorFlow.js model as minified JavaScript modules: the topology and weights manifest as an
object literal, and the weight bytes as base64 strings.
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
_WEIGHTS = ("package/dist/models/mobilenet_v2/group1-shard1of1.min.js",)
_INCEPTION_TOPOLOGY = "package/dist/models/inception_v3/model.min.js"
_INCEPTION_WEIGHTS = tuple(f"package/dist/models/inception_v3/group1-shard{part}of6.min.js" for part in range(1, 7))
LICENSE = "package/LICENSE"
# What was converted when the card was written; another content must fail, not slip through.
_SHA256 = {
    _TOPOLOGY: "c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a",
    _WEIGHTS[0]: "ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517",
    _INCEPTION_TOPOLOGY: "8c2b793b9d277840fc757725bf3b135c96d5a54ec020e2b4ab569fc3df6b3848",
    _INCEPTION_WEIGHTS[0]: "e9316ac20ff634f990e483062050afe9a4826885c3a212d676ce2cfda93a4884",
    _INCEPTION_WEIGHTS[1]: "467b33d62b4c470edf8acd3da554e331f2d49f3f93ddd718f944f595c516cd82",
    _INCEPTION_WEIGHTS[2]: "075300e057ca7e9fd2e282afbc3a6596a0404288c94bf781e9b20658cbeee664",
    _INCEPTION_WEIGHTS[3]: "b51ee46e062e752e81c28761a56369432671bfb3d59f4f062f5bd4dd58ff5303",
    _INCEPTION_WEIGHTS[4]: "d4149969b3c61e0d4dde1d4f555f5b00f4fc87f6bab1a4cd4967b24f62725de6",
    _INCEPTION_WEIGHTS[5]: "b684762a7d7c39b80183d260bdab6f072321349300f9f2ff144a085a382acfc4",
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
    """MobileNetV2's TensorFlow.js `model.json`: `modelTopology` and `weightsManifest`."""
    return _topology(_TOPOLOGY)


def weight_bytes() -> bytes:
    """MobileNetV2's weights, one tensor after the other in the manifest's order."""
    return _joined(_WEIGHTS)


def inception_json() -> dict[str, Any]:
    """InceptionV3's `model.json`."""
    return _topology(_INCEPTION_TOPOLOGY)


def inception_bytes() -> bytes:
    """InceptionV3's weights."""
    return _joined(_INCEPTION_WEIGHTS)


def _topology(name: str) -> dict[str, Any]:
    value: dict[str, Any] = exported_value(member(name).decode())
    return value


def _joined(names: tuple[str, ...]) -> bytes:
    return b"".join(base64.b64decode(exported_value(member(name).decode()), validate=True) for name in names)
