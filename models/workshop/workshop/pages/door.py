"""The command `pages`, whose modules are loaded when it is run: scikit-learn is slow to load."""

import argparse

from workshop.paths import data_folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command line understands."""
    parser.add_argument("--data", help="as for lists")
    parser.add_argument("--evaluate", action="store_true", help="measure the model as shipped; figures and card anew")


def pages_command(given: argparse.Namespace) -> None:
    """Fit and measure, or only measure."""
    from workshop.pages.command import pages

    pages(data_folder(given.data), evaluates_only=given.evaluate)
