"""Sentences of this project, spelt out of templates: what the public sets lack, in five languages.

In `templates/*.json`, `{a|b}` chooses, and may stand inside another choice. Nothing in them is copied from an
evaluation suite. `unseen.json` was written apart from the others and only measures.
"""

import json
import random
import re
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[1] / "templates"
_CHOICE = re.compile(r"\{([^{}]*)\}")
_STRAY_SPACE = re.compile(r" (?=[.,;] )")


def templates(name: str) -> dict[str, Any]:
    """Kind to language to templates, from the file `name`."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def spoken(lines: list[str], count: int, seed: int) -> list[str]:
    """`count` different sentences at most, the templates taken in turn."""
    chance = random.Random(seed)
    sentences = dict.fromkeys(spelt(lines[i % len(lines)], chance) for i in range(count * 2))
    return list(sentences)[:count]


def spelt(template: str, chance: random.Random) -> str:
    """One sentence of a template."""
    while choice := _CHOICE.search(template):
        chosen = chance.choice(choice[1].split("|"))
        template = template[: choice.start()] + chosen + template[choice.end() :]
    whole = _STRAY_SPACE.sub("", template)
    return whole[:1].upper() + whole[1:]
