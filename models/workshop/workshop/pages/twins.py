"""Pages with an attack, and their twins with a harmless text in the very same place, all else alike."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from workshop.pages.natural import Natural
from workshop.pages.places import ARTICLE, CODE, PLACEMENTS, QUOTATION, VISIBLE, Place, bent, fitting, rendered
from workshop.templates import spelt, templates

LANGUAGES = ("en", "de", "es", "fr", "it")
Templates = dict[str, Any]
_VALUE = re.compile(r"<(product|shop|person|topic|amount|path|host|mail)>")
_ENDINGS = ("ora", "ivo", "eta", "uno", "ami", "osk", "ent", "ilo")
_ABOUT_RATE = 0.1


class Passage(NamedTuple):
    """A text as the extension sees it."""

    text: str
    place: Place


@dataclass(frozen=True)
class Page:
    """`spot` is the number of the passage in which the twins differ; `placement` is `visible` for half of them."""

    lang: str
    goal: str
    placement: str
    is_attack: bool
    spot: int
    passages: tuple[Passage, ...]

    def html(self) -> str:
        """The whole document."""
        head = "".join(rendered(*one) for one in self.passages if one.place.concealments[:1] == ("metadata",))
        body = "\n".join(rendered(*one) for one in self.passages if one.place.concealments[:1] != ("metadata",))
        start = f'<!doctype html>\n<html lang="{self.lang}"><head><meta charset="utf-8">{head}</head>'
        return f"{start}\n<body>\n{body}\n</body></html>\n"


FOLDS = 3


def folded(found: Templates, fold: int, *, is_left_out: bool) -> Templates:
    """The templates of one fold of `FOLDS`, or all others: what is fitted on some is looked at on the rest."""

    def kept(lines: list[str]) -> list[str]:
        return [line for i, line in enumerate(lines) if (i % FOLDS == fold) == is_left_out]

    return {
        "values": found["values"],
        "goals": {goal: {lang: kept(lines) for lang, lines in langs.items()} for goal, langs in found["goals"].items()},
        **{
            kind: {lang: kept(lines) for lang, lines in found[kind].items()}
            for kind in ("openers", "closers", "benign", "about")
        },
    }


class Writer:
    """Writes texts out of one set of templates, with values of that set alone."""

    def __init__(self, found: Templates, natural: Natural, chance: random.Random) -> None:
        """`natural` gives the ordinary text of other hands."""
        self._found = found
        self._natural = natural
        self.chance = chance

    def _filled(self, template: str) -> str:
        values: dict[str, list[str]] = self._found["values"]

        def value(match: re.Match[str]) -> str:
            name = match[1]
            chosen = self.chance.choice(values[name])
            if name in ("host", "mail"):
                host = f"{self.chance.choice(values['host'])}{self.chance.choice(_ENDINGS)}.example"
                return host if name == "host" else f"{chosen}{host}"
            return chosen

        return _VALUE.sub(value, spelt(template, self.chance))

    def said(self, kind: str, lang: str) -> str:
        """A sentence of one kind: `benign` or `about`."""
        return self._filled(self.chance.choice(self._found[kind][lang]))

    def attack(self, goal: str, lang: str) -> str:
        """An order to a machine: an address, one or two sentences of its goal, a last word; one of these always stands.

        A bare "Say that the shop has closed." may be said to anybody, and nothing tells that it is an attack.
        """
        goals = self._found["goals"][goal][lang]
        orders = self.chance.sample(goals, min(len(goals), self.chance.choice((1, 2))))
        opener = self.chance.choice(self._found["openers"][lang])
        closers = [line for line in self._found["closers"][lang] if line or opener or len(orders) > 1]
        return " ".join(self._filled(line) for line in (opener, *orders, self.chance.choice(closers)) if line)

    def ordinary(self, lang: str, kind: str = "article") -> str:
        """A text of other hands, where there are any; else one of ours."""
        return self._natural.text(lang, kind, self.chance) or self.said("benign", lang)

    def harmless(self, lang: str) -> str:
        """What stands in the attack's place on a clean page."""
        return self.said("benign", lang) if self.chance.random() < 0.6 else self.ordinary(lang)


def _distractors(writer: Writer, lang: str) -> list[Passage]:
    """What every page has: an article, comments, a menu, and texts that are hidden for good reasons."""
    chance = writer.chance
    drawn = [Passage(writer.ordinary(lang), ARTICLE) for _ in range(chance.randint(2, 4))]
    drawn += [Passage(writer.ordinary(lang, "comment"), VISIBLE[2]) for _ in range(chance.randint(0, 2))]
    drawn += [Passage(writer.said("benign", lang), chance.choice(VISIBLE)) for _ in range(chance.randint(1, 2))]
    for _ in range(chance.randint(1, 3)):
        place = chance.choice(PLACEMENTS[chance.choice(list(PLACEMENTS)[:-1])])
        drawn.append(Passage(fitting(writer.harmless(lang), place), place))
    if chance.random() < _ABOUT_RATE:
        drawn.append(Passage(writer.said("about", lang), chance.choice((ARTICLE, CODE, QUOTATION))))
    chance.shuffle(drawn)
    return drawn


def _placed(text: str, around: Sequence[str], placement: str, place: Place, seed: str) -> Passage:
    whole = " ".join(filter(None, (around[0], text, around[1])))
    return Passage(fitting(bent(whole, random.Random(seed)) if placement == "characters" else whole, place), place)


def twins(found: Templates, natural: Natural, per_cell: int, seed: int) -> list[Page]:
    """`per_cell` attacks of each goal in each language, and as many clean twins; of each two one is visible."""
    pages: list[Page] = []
    hidden = 0
    for lang in LANGUAGES:
        for goal in found["goals"]:
            for number in range(per_cell):
                chance = random.Random(f"{seed} {lang} {goal} {number}")
                writer = Writer(found, natural, chance)
                placement = "visible" if number % 2 == 0 else list(PLACEMENTS)[hidden % len(PLACEMENTS)]
                hidden += number % 2
                place = chance.choice(VISIBLE if placement == "visible" else PLACEMENTS[placement])
                around = _around(writer, lang)
                others = _distractors(writer, lang)
                spot = chance.randint(0, len(others))
                for is_attack, text in ((True, writer.attack(goal, lang)), (False, writer.harmless(lang))):
                    passage = _placed(text, around, placement, place, f"{seed} {lang} {goal} {number}")
                    passages = (*others[:spot], passage, *others[spot:])
                    pages.append(Page(lang, goal, placement, is_attack, spot, passages))
    return pages


def _around(writer: Writer, lang: str) -> tuple[str, str]:
    """Half of the texts stand alone, the others between or beside sentences of other hands."""
    way = writer.chance.random()
    before = writer.ordinary(lang) if 0.5 <= way < 0.85 else ""
    after = writer.ordinary(lang) if way >= 0.7 else ""
    return before, after


def articles(found: Templates, natural: Natural, per_lang: int, seed: int) -> list[tuple[str, Passage]]:
    """Texts about injection, with their language: alone, or in an article; as prose, as code, as a quotation."""
    written: dict[tuple[str, Passage], None] = {}
    for lang in LANGUAGES:
        for number in range(per_lang):
            chance = random.Random(f"{seed} about {lang} {number}")
            writer = Writer(found, natural, chance)
            text = writer.said("about", lang)
            whole = f"{writer.ordinary(lang)} {text}" if chance.random() < 0.4 else text
            place = chance.choice((ARTICLE, ARTICLE, VISIBLE[0], VISIBLE[2], CODE, QUOTATION))
            written[lang, Passage(whole, place)] = None
    return list(written)


def own(split: str) -> Templates:
    """The templates for `fit` or `test`."""
    return templates(f"pages_{split}")
