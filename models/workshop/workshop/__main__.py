"""`python -m workshop <command>`: the only door of this package."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from workshop.activations import calibrate
from workshop.catalog import catalog
from workshop.errors import WorkshopError
from workshop.evaluate import evaluate
from workshop.export import export
from workshop.golden import golden
from workshop.lists import lists
from workshop.paths import data_folder
from workshop.quantize import quantize
from workshop.tiny import tiny


def _photos(argument: str | None) -> Path:
    if argument is None:
        return data_folder(None) / "photos"
    folder = Path(argument)
    if not folder.is_dir():
        raise WorkshopError(f"No folder {folder}: name one that holds photographs by --photos.")
    return folder


def _photos_if_any(argument: str | None) -> Path | None:
    """The named folder; else the data folder's, where it exists."""
    if argument:
        return _photos(argument)
    try:
        folder = data_folder(None) / "photos"
    except WorkshopError:
        return None
    return folder if folder.is_dir() else None


def _all(data: str | None) -> None:
    export()
    quantize(None)
    golden()
    tiny()
    try:
        folder = data_folder(data)
    except WorkshopError as absent:
        print(f"lists kept as they are. {absent}")
    else:
        lists(folder)
    catalog()


def _test_card() -> None:
    try:
        from workshop.card import test_card
    except ModuleNotFoundError as absent:
        raise WorkshopError("The test card needs torch: pip install -e 'models/workshop[card]'.") from absent
    test_card()


def _linear(data: str | None, tasks: list[str], only: str | None) -> None:
    from workshop.linear import linear  # scikit-learn is slow to load
    from workshop.linear_card import cards
    from workshop.linear_study import study

    folder = data_folder(data)
    if only == "study":
        study(folder, tasks)
    elif only == "cards":
        cards(folder)
    else:
        linear(folder, tasks)


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="workshop", description="Makes the files under models/ and public/lists/.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("export", help="npm weights to models/nsfw-mobilenet-v2/model.onnx, licence texts")
    commands.add_parser("calibrate", help="activation ranges to models/nsfw-open-nsfw/activations.json")
    commands.add_parser("golden", help="parity vectors to models/<id>/reference.json")
    commands.add_parser("tiny", help="the graphics card's self-check to models/self-check/tiny.onnx")
    commands.add_parser("catalog", help="sizes and hashes to models/catalog.json")
    commands.add_parser("test-card", help="models/test-card by gradient ascent; needs torch")
    smaller = commands.add_parser("quantize", help="the 8-bit files and models/<id>/quantization.json")
    smaller.add_argument("--photos", help="photographs to measure the loss on too (default: as evaluate, if there)")
    measure = commands.add_parser("evaluate", help="false positives on neutral photographs; writes nothing")
    measure.add_argument("--photos", help="folder of neutral photographs (default: photos in the data folder)")
    fitted = commands.add_parser("linear", help="the linear heads of text, models/<task>-linear, from the data's rows")
    fitted.add_argument("tasks", nargs="*", help="which heads (default: all)")
    fitted.add_argument("--data", help="as for lists")
    fitted.add_argument("--only", choices=["study", "cards"], help="compare choices and print; or write the cards anew")
    for name, text in (
        ("lists", "public/lists from the data"),
        ("all", "export, quantize, golden, tiny, lists, catalog"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--data", help="data folder (default: $WARDLIGHT_DATA, else ../shared/data)")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run one command; 1 and one sentence on stderr where it cannot be done."""
    given = _arguments(argv)
    commands: dict[str, Callable[[], None]] = {
        "export": export,
        "calibrate": calibrate,
        "quantize": lambda: quantize(_photos_if_any(given.photos)),
        "golden": golden,
        "tiny": tiny,
        "catalog": catalog,
        "test-card": _test_card,
        "evaluate": lambda: evaluate(_photos(given.photos)),
        "linear": lambda: _linear(given.data, given.tasks, given.only),
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
