"""Attacks, and harmless twins in the same words, written for this project in five languages.

The public sets hold almost no attack outside English. In `phrases.json`, `{a|b}` chooses, and may stand inside another
choice. The fixtures of the tests were written by other hands and never come in here.
"""

import json
import random
import re
from pathlib import Path

from workshop.paths import MODELS

_FILE: Path = MODELS / "injection-linear" / "phrases.json"
_TABLES: dict[str, dict[str, list[str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
ATTACKS, HARMLESS = _TABLES["attacks"], _TABLES["harmless"]
"""Language to templates."""

_CHOICE = re.compile(r"\{([^{}]*)\}")
_STRAY_SPACE = re.compile(r" (?=[.,;] )")


def spoken(templates: list[str], count: int, seed: int) -> list[str]:
    """`count` different sentences at most, the templates taken in turn."""
    chance = random.Random(seed)
    sentences = dict.fromkeys(_spell(templates[i % len(templates)], chance) for i in range(count * 2))
    return list(sentences)[:count]


def _spell(template: str, chance: random.Random) -> str:
    while choice := _CHOICE.search(template):
        chosen = chance.choice(choice[1].split("|"))
        template = template[: choice.start()] + chosen + template[choice.end() :]
    return _STRAY_SPACE.sub("", template)
