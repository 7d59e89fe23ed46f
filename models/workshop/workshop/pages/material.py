"""The pages and texts that the page model is fitted on, chosen by and measured on."""

import random
from dataclasses import dataclass
from pathlib import Path

from workshop.heads import head_of
from workshop.pages.natural import Natural
from workshop.pages.places import PLACEMENTS, VISIBLE
from workshop.pages.twins import Page, Passage, Templates, articles, folded, own, twins
from workshop.text_data import task_rows

_TEST_CELL = 40
_ORDINARY = 2500


@dataclass(frozen=True)
class Material:
    """What one set of templates gives."""

    pages: list[Page]
    about: list[tuple[str, Passage]]
    ordinary: list[tuple[str, Passage]]

    def passages(self) -> list[Passage]:
        """All of them."""
        return [
            *(one for page in self.pages for one in page.passages),
            *(one for _, one in self.about),
            *(one for _, one in self.ordinary),
        ]


def material(found: Templates, ordinary: Natural, per_cell: int, per_lang: int, seed: int) -> Material:
    """Pages, articles about injection and ordinary texts of one set of templates, drawn by a seed."""
    chance = random.Random(f"{seed} ordinary")
    places = [*(place for group in PLACEMENTS.values() for place in group), *(4 * VISIBLE)]
    texts = sorted(ordinary.all())
    drawn = chance.sample(texts, min(_ORDINARY, len(texts)))
    return Material(
        twins(found, ordinary, per_cell, seed),
        articles(found, ordinary, per_lang, seed),
        [(lang, Passage(text, chance.choice(places))) for lang, text in drawn],
    )


def blunt(data: Path) -> dict[str, list[Passage]]:
    """Attacks of the linear head's development set, and as many harmless prompts, as text of a page."""
    rows = task_rows(data, head_of("injection"), "dev")
    attacks = [row.text for row in rows if row.label == 1]
    harmless = random.Random(79).sample([row.text for row in rows if row.label == 0], len(attacks))
    return {
        "visible": [Passage(text, VISIBLE[0]) for text in attacks],
        "hidden": [Passage(text, PLACEMENTS["faint"][1]) for text in attacks],
        "harmless": [Passage(text, VISIBLE[0]) for text in harmless],
    }


def measuring(found: Natural) -> tuple[Material, Material]:
    """Of the templates that are never fitted on one third for choosing, the others for measuring."""
    templates = own("test")
    return (
        material(folded(templates, 0, is_left_out=True), found, 12, 60, seed=76),
        material(folded(templates, 0, is_left_out=False), found, _TEST_CELL, 100, seed=77),
    )
