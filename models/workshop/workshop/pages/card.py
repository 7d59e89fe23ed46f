"""The model card: words here, tables out of `figures.json`."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workshop.paths import shown

Figures = dict[str, Any]

_WHAT = """\
Says how much a text on a page looks like an order to a machine that reads the page (indirect prompt injection), from its
words and from where it stands together: `src/core/page/injection.ts`, detector `page/injection`, category `injection`. It
takes the place of `text/patterns` and `text/linear` for texts of the contexts `page` and `comment` whose structure the
content script tells; all other texts are judged as before."""

_HOW = """\
A logistic regression (l2; each weight bounded to the sign that its feature can only have) over {count} features of a chunk
of 512 characters; the loudest chunk counts:

- the mean of the text models in log-odds as the vote weighs them, and the strongest expression of `text/patterns` that points
  into the chunk;
- where the catalogue ships a text encoder: its own log-odds on `injection`, within 5, alone and together with cues,
  expressions, remarks and place, and whether it was asked (`asked`). The cascade asks it what the linear heads leave open,
  what an expression meets, and what speaks both to a machine or its user and of what is to be done; else these are 0;
- 22 families of cues in five languages (`src/core/text/cues.json`): whom a sentence addresses (a machine, an assistant, who
  reads this page, whose user, whose answer) and what it asks for (drop its orders, keep silent, send, use a tool, open,
  say, praise, leave out, reveal its prompt, play, remember, falsify), and how many of them stand together;
- concealed by style, never drawn, said in a comment, shown as code or quotation (half so in a conversation with an AI, which
  reads them too); characters that nobody sees;
- remarks ("for example", "attackers", "researchers") and quotation marks, which excuse what people can see, and nothing that
  is hidden.

What an expression meets and nothing excuses counts by itself, as it did before: rules find and do not acquit. So does, with
an encoder, the mean of linear head and encoder, from higher log-odds than without a place (by `alone`). Ridge and limit
are chosen by a third of the templates that are not fitted on: .75 lies where at most .4 % of their clean pages, 1.5 % of their
articles about injection and .08 % of ordinary texts lie above, and by that mean alone .16 %, .5 % and .02 %. `model.json` holds intercept and weights, `reference.json`
golden vectors, met by TypeScript to 1e-6."""

_DATA = """\
Twins (`workshop/pages`): HTML pages with an article, comments, a menu and texts that are hidden for good reasons (`alt`,
ARIA, descriptions, source comments); into one place of each goes an attack or, all else alike, a harmless text. 11 goals,
nine ways of hiding (by style, in faint colours, without size, away, in attributes, in ARIA labels, in the head, in source
comments, by invisible characters), five languages. **Half of the attacks are visible, and half of the clean pages hide a
harmless text in the same places**, also by the same invisible characters, so that the structure alone tells nothing. Half of
the texts stand alone, the others beside sentences of other hands. An attack is an address, one or two sentences of its goal and
a last word, at least two of these; six in ten harmless texts are written to be hard (orders to people, chatbots, forms, deadlines).

The templates are this project's own: `templates/pages_fit.json` is fitted on; of `pages_test.json` every third line chooses
ridge and limit, and the others measure. The two files share no line and no value, but one hand wrote both and the cues. A
first fit had been measured on all of `pages_test.json`; its figures led to this way of setting the limit, to no other change. Natural text: permissive rows of the data and program help (MPL-2.0) for the
fit, other rows and the development split to measure; no evaluation suite in any form."""

_LIMITS = """\
- All attacks here are made up, and so are most hard harmless texts. How real pages do is not measured.
- The target (F1 .90 at .5 % of clean pages) is {verdict}. Cues generalise badly from one way of writing to another: among
  templates of one way, a third of which was left out of each fit, recall at .3 % of clean pages was about .7. The linear head
  knows the tone of blunt attacks and not these; expressions meet next to none of them. The text encoder knows
  them little better: with the heads of before (injection-linear 2.1.0, text-encoder 1.0.0), fitted on its vectors instead (choosing third), its head rose from .804 to .87 in area and from .08 to .13
  in recall at .4 % of harmless texts, and lost on blunt attacks.
- Of clean pages that are made of hard harmless sentences alone, without text of other hands (`test/fixtures/pages`), 3 of 110
  are flagged.
- Blunt attacks count for less than without a place: of the {texts} attacks of injection-linear's development set expressions and
  linear head (2.1.0) flag 151 without a place; of the same as text of a page {visible} are flagged where they are visible and {hidden}
  where they are hidden, and of as many harmless prompts {harmless}. Letting that linear head count by itself where nothing
  excuses found 142 and 161, but flagged 1.09 % of clean pages and 3.2 % of the articles.
- Whoever knows the weights can avoid the cues, and in visible text excuse an order by a remark.
- A visible order in a code block or quotation stays silent by intention, unless an expression meets it elsewhere.
- Formal address, as to customers, is rarer among the attacks written here than it may be elsewhere (`informal`).
- Other languages than these five are read by the text models alone."""


def card(folder: Path) -> None:
    """Write MODEL_CARD.md from the model and its figures."""
    figures = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    balanced = figures["pages"]["balanced"]
    is_met = balanced["f1"] >= 0.9 and balanced["cleanFlagged"] <= 0.005
    verdict = (
        "met on these pages" if is_met else f"missed: F1 {balanced['f1']:.3f} at {_percent(balanced['cleanFlagged'])}"
    )
    parts = [
        f"# page-injection {model['version']}",
        _WHAT,
        "## What it is",
        _HOW.format(count=len(model["weights"])),
        _weights(model["weights"]),
        "## Data",
        _DATA,
        "## Figures",
        "`npm run workshop -- pages` fits, measures and writes `figures.json`; `pages --evaluate` measures the model as it is "
        "shipped, in TypeScript's own features. Of unseen templates; a page is flagged where any of its texts is.",
        _rates("level", {f"{name} ({_LIMIT[name]})": row for name, row in figures["pages"].items()}),
        f"AUC of pages {figures['pageAuc']:.3f}, of the texts in which the twins differ {figures['spotAuc']:.3f}.",
        "What each part gives, every model with a limit found in the same way, when this one was fitted (beside text-encoder "
        "1.1.0; fitted anew beside 1.2.0, its limit flagged 11.6 % of the articles for an F1 of .772, so that this one was kept):",
        _ablation(figures["ablation"]),
        "By place, goal and language, at the level balanced:",
        _rates("hidden by", figures["byPlacement"]),
        _rates("visible, in a", figures["byVisibleRole"]),
        _rates("goal", figures["byGoal"]),
        _rates("language", figures["byLanguage"]),
        "Texts that are harmless:",
        _harmless(figures),
        "## Limits",
        _LIMITS.format(verdict=verdict, **figures["blunt"]),
    ]
    path = folder / "MODEL_CARD.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
    print(shown(path))


_LIMIT = {"relaxed": ".85", "balanced": ".75", "strict": ".70"}


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rates(what: str, rows: dict[str, Figures]) -> str:
    return _table(
        (what, "attack pages", "clean pages", "recall", "clean flagged", "precision", "F1"),
        (
            (
                *(name, f"{row['attacks']:,}", f"{row['clean']:,}", f"{row['recall']:.3f}"),
                *(_percent(row["cleanFlagged"]), f"{row['precision']:.3f}", f"{row['f1']:.3f}"),
            )
            for name, row in rows.items()
        ),
    )


def _ablation(rows: dict[str, Figures]) -> str:
    return _table(
        ("read", "AUC of the texts", "recall", "clean flagged", "F1", "articles flagged"),
        (
            (
                *(name, f"{row['spotAuc']:.3f}", f"{row['recall']:.3f}", _percent(row["cleanFlagged"])),
                *(f"{row['f1']:.3f}", _percent(row["about"])),
            )
            for name, row in rows.items()
        ),
    )


def _harmless(figures: Figures) -> str:
    rows = {
        "articles about injection, security advice, READMEs with prompts": figures["about"],
        "ordinary text in all places": figures["ordinary"],
    }
    rows |= {f"ordinary text, {lang}": row for lang, row in figures["ordinaryByLanguage"].items()}
    return _table(
        ("texts", "number", *(f"flagged {name}" for name in _LIMIT)),
        ((name, f"{row['texts']:,}", *(_percent(row[level]) for level in _LIMIT)) for name, row in rows.items()),
    )


def _weights(weights: dict[str, float]) -> str:
    said = sorted((one for one in weights.items() if abs(one[1]) >= 0.05), key=lambda one: -abs(one[1]))
    rest = ", ".join(f"`{name}`" for name, value in weights.items() if abs(value) < 0.05)
    words = ", ".join(f"`{name}` {value:+.2f}" for name, value in said)
    return f"Weights: {words}; next to nothing: {rest}."
