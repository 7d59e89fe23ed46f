"""Where things lie, all relative to the repository's root."""

import os
from pathlib import Path

from workshop.errors import WorkshopError

REPOSITORY = Path(__file__).resolve().parents[3]
MODELS = REPOSITORY / "models"
PUBLIC = REPOSITORY / "public"
CACHE = MODELS / "workshop" / ".cache"

IMAGE_MODEL = MODELS / "nsfw-mobilenet-v2"
SELF_CHECK = MODELS / "self-check"
OPEN_NSFW_FOLDER = MODELS / "nsfw-open-nsfw"
TEST_CARD = MODELS / "test-card"


def data_folder(argument: str | None) -> Path:
    """The folder of the training data: the argument, else $WARDLIGHT_DATA, else ../shared/data.

    It is no part of the repository; raises WorkshopError where it is absent.
    """
    chosen = argument or os.environ.get("WARDLIGHT_DATA")
    folder = Path(chosen) if chosen else REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        raise WorkshopError(f"No data folder at {folder}: name one by --data or by WARDLIGHT_DATA.")
    return folder


def shown(path: Path) -> str:
    """A path as messages print it: relative to the repository where it lies inside."""
    return path.relative_to(REPOSITORY).as_posix() if path.is_relative_to(REPOSITORY) else str(path)
