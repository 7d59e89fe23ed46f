"""The commands of the encoder, whose modules are loaded when they are run, since they need torch."""

import argparse

from workshop.errors import WorkshopError

_MISSING = "The encoder needs torch: pip install -e 'models/workshop[encoder]'."
STEPS = (
    *("distil", "fit", "blend", "search", "quantize", "compare", "ship", "evaluate", "left-out", "trials", "card"),
    "pack",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line understands."""
    parser.add_argument("step", choices=STEPS, help="what to do; each takes up what it left unfinished")
    parser.add_argument("--data", help="data folder (default: $WARDLIGHT_DATA, else ../shared/data)")
    parser.add_argument("--hours", type=float, default=1.0, help="how long to distil or to search")
    parser.add_argument("--steps", type=int, default=40_000, help="batches of the whole distillation")
    parser.add_argument("--base", help="a folder with a BERT-type encoder and its tokenizer.json (default: student)")
    parser.add_argument("--share", type=float, default=1.0, help="of the rows of one pass")
    parser.add_argument("--epochs", type=float, help="instead of the plan's own choice")
    parser.add_argument("--rank", type=int, default=0, help="of LoRA; 0 fits the whole trunk")
    parser.add_argument("--folds", type=int, default=0, help="fit so many folds, and keep the mean of their weights")
    parser.add_argument("--run", default="run", help="name of the fit")
    parser.add_argument(
        "--of", nargs="+", default=[], metavar="RUN", help="whose weights are blended; RUN/last: its last"
    )
    parser.add_argument("--after", help="name of an earlier fit whose best model this one goes on from")
    parser.add_argument("--seed", type=int, default=1, help="of the rows of the first pass; each pass draws others")


def encoder(given: argparse.Namespace) -> None:
    """Run one step; raises WorkshopError without the extra `encoder`."""
    try:
        from workshop.encoder.command import encoder_command
    except ModuleNotFoundError as absent:
        raise WorkshopError(_MISSING) from absent
    encoder_command(given)


def tiny_encoder() -> None:
    """Write the encoder of noise and the table of characters; raises WorkshopError without the extra `encoder`."""
    try:
        from workshop.encoder.characters import characters
        from workshop.encoder.tiny import tiny
    except ModuleNotFoundError as absent:
        raise WorkshopError(_MISSING) from absent
    characters()
    tiny()
