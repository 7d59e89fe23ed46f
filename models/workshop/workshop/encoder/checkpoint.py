"""Files of a run that can be taken up again: written whole or not at all, hashed, refused when altered."""

import hashlib
from pathlib import Path
from typing import Any

import torch

from workshop.errors import WorkshopError


def save(state: dict[str, Any], path: Path) -> None:
    """Beside the file lies its SHA-256; both replace the last ones only when they are complete."""
    draft = path.with_suffix(".draft")
    torch.save(state, draft)
    digest = hashlib.sha256(draft.read_bytes()).hexdigest()
    draft.replace(path)
    _digest_of(path).write_text(digest + "\n")


def load(path: Path) -> dict[str, Any] | None:
    """The state, or None where there is none; raises WorkshopError for an altered file."""
    if not path.exists():
        return None
    recorded = _digest_of(path)
    if not recorded.exists() or recorded.read_text().strip() != hashlib.sha256(path.read_bytes()).hexdigest():
        raise WorkshopError(f"{path.name} is not the checkpoint that was written: delete it to begin anew.")
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _digest_of(path: Path) -> Path:
    return path.with_suffix(".sha256")
