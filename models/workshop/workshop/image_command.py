"""Command `image`: train, export and evaluate an image classifier of one's own."""

import argparse
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The three actions and their options."""
    actions = parser.add_subparsers(dest="action", required=True)
    training = actions.add_parser("train", help="class folders to a run with metrics; goes on where one was broken off")
    training.add_argument("--data", required=True, help="a folder that holds one folder of pictures for each class")
    training.add_argument("--run", required=True, help="where the run lies")
    training.add_argument("--positive", nargs="+", help="the classes that are sexual (default: hentai, porn, nsfw)")
    training.add_argument("--network", default="small", choices=["small", "mobilenet-v2"])
    for name, kind, value in (
        ("size", int, None),
        ("batch", int, 32),
        ("rate", float, 1e-4),
        ("decay", float, 0.01),
        ("epochs", int, 100),
        ("patience", int, 10),
        ("clip", float, 1.0),
        ("folds", int, 5),
        ("seed", int, 42),
    ):
        training.add_argument(f"--{name}", type=kind, default=value)
    exporting = actions.add_parser("export", help="a finished run to a pack")
    exporting.add_argument("--run", required=True)
    exporting.add_argument("--out", required=True, help="the pack's file")
    exporting.add_argument("--id", required=True, help="the pack's id: lower-case letters, digits, hyphens")
    exporting.add_argument("--license", required=True, help="what you allow others to do with it")
    measuring = actions.add_parser("evaluate", help="how many pictures of a folder are found: counts alone")
    measuring.add_argument("--images", required=True, help="a folder of pictures, or of such folders")
    measuring.add_argument("--pack", help="a pack to ask as the third network")


def image_command(given: argparse.Namespace) -> None:
    """Run one action; raises WorkshopError for what the caller can mend."""
    if given.action == "evaluate":
        from workshop.image_counts import count

        print("\n".join(count(Path(given.images), Path(given.pack) if given.pack else None)))
        return
    if find_spec("torch") is None:
        raise WorkshopError("Training needs torch: pip install -e 'models/workshop[image]'.")
    if given.action == "export":
        from workshop.image_pack import export_run

        export_run(Path(given.run), Path(given.out), given.id, given.license)
    else:
        _train(given)


def _train(given: argparse.Namespace) -> None:
    from workshop.image_train import Settings, train

    size = given.size or (224 if given.network == "mobilenet-v2" else Settings.size)
    names = ("network", "batch", "rate", "decay", "epochs", "patience", "clip", "folds", "seed")
    chosen: dict[str, Any] = {name: getattr(given, name) for name in names}
    train(Path(given.data), Path(given.run), Settings(size=size, **chosen), given.positive)
