"""`python -m workshop <command>`: the only door of this package."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from workshop.activations import calibrate
from workshop.catalog import catalog
from workshop.encoder.door import add_arguments as encoder_arguments
from workshop.encoder.door import encoder, tiny_encoder
from workshop.errors import WorkshopError
from workshop.evaluate import evaluate, evaluate_pack
from workshop.export import export
from workshop.golden import golden
from workshop.image_command import add_arguments as image_arguments
from workshop.image_command import image_command
from workshop.inception import inception
from workshop.lists import lists
from workshop.ordinary import ordinary
from workshop.pages.door import add_arguments as pages_arguments
from workshop.pages.door import pages_command
from workshop.paths import CACHE, data_folder
from workshop.quantize import quantize
from workshop.tiny import tiny
from workshop.tiny_packs import tiny_packs


def _photos(argument: str | None) -> Path:
    folder = Path(argument) if argument else data_folder(None) / "photos"
    if argument and not folder.is_dir():
        raise WorkshopError(f"No folder {folder}: name one that holds photographs by --photos.")
    return folder


def _photos_if_any(argument: str | None) -> Path | None:
    """The named folder; else the data folder's, where it exists."""
    try:
        folder = _photos(argument)
    except WorkshopError:
        if argument:
            raise
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


def _evaluate(given: argparse.Namespace) -> None:
    if given.texts is not None:
        from workshop.linear import evaluate_heads  # scikit-learn is slow to load

        evaluate_heads(data_folder(given.data), given.texts)
    elif given.pack:
        evaluate_pack(_photos(given.photos), Path(given.pack))
    else:
        evaluate(_photos(given.photos))


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


def _measures(data: str | None) -> None:
    from workshop.measures import measures  # as above

    measures(data_folder(data))


def _phishing(data: str | None, homepages: str | None) -> None:
    from workshop.phishing import phishing  # scikit-learn is slow to load

    phishing(data_folder(data), Path(homepages) if homepages else CACHE / "homepages.txt")


def _tables(data: str | None) -> None:
    from workshop.phishing_tables import tables  # as above

    tables(data_folder(data))


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
    ranks = commands.add_parser("ordinary", help="models/ordinary.json: the product's scores of neutral photographs")
    ranks.add_argument("--photos", help="as for evaluate")
    measure = commands.add_parser(
        "evaluate", help="false positives on neutral photographs, writes nothing; or the heads of text"
    )
    measure.add_argument("--photos", help="folder of neutral photographs (default: photos in the data folder)")
    measure.add_argument("--pack", help="a pack to measure as the third network")
    measure.add_argument("--texts", nargs="*", metavar="TASK", help="measure these heads as shipped, figures.json anew")
    measure.add_argument("--data", help="as for lists")
    image_arguments(commands.add_parser("image", help="train, export and evaluate an image classifier of your own"))
    commands.add_parser("tiny-packs", help="test/fixtures/packs: packs of noise and what Python says of them")
    commands.add_parser(
        "tiny-encoder", help="test/fixtures/encoder: a text encoder of noise; needs torch, transformers"
    )
    encoder_arguments(
        commands.add_parser("encoder", help="the text encoder, from a teacher to the files that ship; needs torch")
    )
    larger = commands.add_parser("inception", help="the accurate set as a pack, to out/ unless told otherwise")
    larger.add_argument("--out", help="the pack's file")
    fitted = commands.add_parser("linear", help="the linear heads of text, models/<task>-linear, from the data's rows")
    fitted.add_argument("tasks", nargs="*", help="which heads (default: all)")
    fitted.add_argument("--data", help="as for lists")
    fitted.add_argument("--only", choices=["study", "cards"], help="compare choices and print; or write the cards anew")
    counted = commands.add_parser(
        "measures", help="models/text-measures: the text measures, fitted, and their ablation"
    )
    counted.add_argument("--data", help="as for lists")
    guarding = commands.add_parser("phishing", help="models/url-phishing from the data's url rows, and its figures")
    guarding.add_argument("--data", help="as for lists")
    guarding.add_argument("--homepages", help="harmless links, one a line (default: .cache/homepages.txt)")
    pages_arguments(commands.add_parser("pages", help="models/page-injection from words and place"))
    for name, text in (
        ("tables", "what src/core/url takes from data: confusables, abused suffixes, honest neighbours"),
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
        "ordinary": lambda: ordinary(_photos(given.photos)),
        "evaluate": lambda: _evaluate(given),
        "image": lambda: image_command(given),
        "inception": lambda: inception(Path(given.out) if given.out else None),
        "tiny-packs": tiny_packs,
        "tiny-encoder": tiny_encoder,
        "encoder": lambda: encoder(given),
        "linear": lambda: _linear(given.data, given.tasks, given.only),
        "measures": lambda: _measures(given.data),
        "phishing": lambda: _phishing(given.data, given.homepages),
        "pages": lambda: pages_command(given),
        "tables": lambda: _tables(given.data),
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
