"""`python -m workshop <command>`: the only door of this package."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from workshop.catalog import catalog
from workshop.errors import WorkshopError
from workshop.evaluate import evaluate
from workshop.export import export
from workshop.golden import golden
from workshop.lists import lists
from workshop.paths import data_folder
from workshop.tiny import tiny


def _photos(argument: str | None) -> Path:
    if argument is None:
        return data_folder(None) / "photos"
    folder = Path(argument)
    if not folder.is_dir():
        raise WorkshopError(f"No folder {folder}: name one that holds photographs by --photos.")
    return folder


def _all(data: str | None) -> None:
    export()
    golden()
    tiny()
    try:
        folder = data_folder(data)
    except WorkshopError as absent:
        print(f"lists kept as they are. {absent}")
    else:
        lists(folder)
    catalog()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="workshop", description="Makes the files under models/ and public/lists/.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("export", help="npm weights to models/nsfw-mobilenet-v2/model.onnx")
    commands.add_parser("golden", help="parity vectors to models/nsfw-mobilenet-v2/reference.json")
    commands.add_parser("tiny", help="the graphics card's self-check to models/self-check/tiny.onnx")
    commands.add_parser("catalog", help="sizes and hashes to models/catalog.json")
    measure = commands.add_parser("evaluate", help="false positives on neutral photographs; writes nothing")
    measure.add_argument("--photos", help="folder of neutral photographs (default: photos in the data folder)")
    for name, text in (("lists", "public/lists from the data"), ("all", "export, golden, tiny, lists, catalog")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--data", help="data folder (default: $WARDLIGHT_DATA, else ../shared/data)")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run one command; 1 and one sentence on stderr where it cannot be done."""
    given = _arguments(argv)
    commands: dict[str, Callable[[], None]] = {
        "export": export,
        "golden": golden,
        "tiny": tiny,
        "catalog": catalog,
        "evaluate": lambda: evaluate(_photos(given.photos)),
        "lists": lambda: lists(data_folder(given.data)),
        "all": lambda: _all(given.data),
    }
    try:
        commands[given.command]()
    except WorkshopError as error:
        print(f"workshop: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
