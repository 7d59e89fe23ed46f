"""Class folders of pictures: `DIR/<class>/*.jpg`, where the folders' names are the classes.

Nothing here prints a file's name or shows a picture: whoever lawfully holds such a set need not look at it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.model_selection import StratifiedKFold

from workshop.errors import WorkshopError
from workshop.evaluate import ENDINGS

# Which classes are positive where nobody says otherwise; folders are compared in lower case.
POSITIVE = {"hentai", "porn", "nsfw", "positive"}


@dataclass(frozen=True)
class Folders:
    """Pictures and their classes, both in a fixed order."""

    classes: tuple[str, ...]
    paths: tuple[Path, ...]
    labels: NDArray[np.intp]

    @property
    def counts(self) -> dict[str, int]:
        """How many pictures each class has."""
        return {name: int((self.labels == number).sum()) for number, name in enumerate(self.classes)}


def class_folders(folder: Path) -> Folders:
    """Read the names of two class folders or more; raises WorkshopError where there are fewer, or an empty one."""
    if not folder.is_dir():
        raise WorkshopError(f"No folder {folder}: name one that holds a folder for each class.")
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    if len(names) < 2:
        raise WorkshopError(f"{folder} holds {len(names)} folders: one for each of two classes or more is needed.")
    found = [sorted(p for p in (folder / name).iterdir() if p.suffix.lower() in ENDINGS) for name in names]
    empty = next((name for name, paths in zip(names, found, strict=True) if not paths), None)
    if empty:
        raise WorkshopError(f"The class {empty} has no pictures ({', '.join(sorted(ENDINGS))}).")
    labels = np.repeat(np.arange(len(names)), [len(paths) for paths in found])
    return Folders(tuple(names), tuple(path for paths in found for path in paths), labels)


def positive_classes(classes: tuple[str, ...], chosen: list[str] | None) -> list[str]:
    """The classes that count as sexual; raises WorkshopError where none does, or all do."""
    found = chosen or [name for name in classes if name.lower() in POSITIVE]
    unknown = [name for name in found if name not in classes]
    if unknown or not found or len(found) == len(classes):
        raise WorkshopError(f"Say by --positive which of {', '.join(classes)} are sexual: some, not all.")
    return found


Split = tuple[NDArray[np.intp], NDArray[np.intp]]


def stratified_folds(labels: NDArray[np.intp], folds: int, seed: int) -> Iterator[Split]:
    """Training and held-out rows of each fold, with every class's share alike in all."""
    least = int(np.bincount(labels).min())
    if least < folds:
        raise WorkshopError(f"A class has {least} pictures, too few for {folds} folds: add pictures, or use --folds.")
    yield from StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(labels)), labels)


def open_rgb(path: Path) -> Image.Image:
    """A picture as training sees it; raises OSError where it cannot be read."""
    with Image.open(path) as image:
        return image.convert("RGB")
