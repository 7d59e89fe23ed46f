"""What goes into the package: the smallest sound file, and how each head is used beside the linear half.

Nothing is fitted here but calibrations. Writes `models/text-encoder/`: the files, and `fit.json` for the catalogue.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop.encoder.calibration import Calibration
from workshop.encoder.compare import Settled, main_figures, settled
from workshop.encoder.entity_figures import entity_figures
from workshop.encoder.golden import ROUNDED_TOLERANCE, Files, reference_text
from workshop.encoder.head_figures import description, threat
from workshop.encoder.judge import of_files, remembering
from workshop.encoder.sets import Set
from workshop.errors import WorkshopError
from workshop.heads import HEADS, Head
from workshop.paths import CACHE, MODELS, shown

SHIPPED = MODELS / "text-encoder"
FIGURES = "figures.json"
STUDENT_LOG = CACHE / "student" / "log.jsonl"
LIMIT = 0.75
"""The calibration is shifted so that it lies at what is worth acting on."""
ANSWERED = 0.92
"""Of ordinary page text the linear heads are to answer so much alone, all of them together."""
FEWEST_PAGES = 100
"""Of a language, from which a limit of its own can be told."""
ENTITY_LIMIT = 0.5
ENTITY_GATE = 0.85
"""F1 on sentences of unseen templates and values from which the token head counts."""
FEWEST_GAINS = 3
"""With fewer heads that gain, the encoder is no part of the package."""
MAX_MB = 26.0
Limits = Mapping[str, float]
"""Of each language."""


def chosen_file(folder: Path) -> str:
    """The fastest file that the gate let through and that fits into the package."""
    record = folder / "quantization.json"
    if not record.exists():
        raise WorkshopError(f"No {record.name} in {shown(folder)}: `encoder quantize` makes it.")
    sound = [one for one in json.loads(record.read_text())["files"] if one["success"] and one["quantized_mb"] <= MAX_MB]
    if not sound:
        raise WorkshopError(f"No file in {shown(folder)} is sound and at most {MAX_MB:g} MB.")
    return str(min(sound, key=lambda one: one["time_ratio"])["path"])


def ask_from(pages: Set, active: int) -> Limits:
    """By language the linear probability below which a head is not asked.

    So that `ANSWERED` of its page text holds for `active` heads together; by that of all languages where a language
    has too few pages to set a limit by.
    """
    langs = np.array([row.lang for row in pages.rows])
    found = {}
    for lang in sorted(set(langs.tolist())):
        is_own = langs == lang
        scores = pages.linear[is_own if is_own.sum() >= FEWEST_PAGES else slice(None), 0]
        limit = float(np.quantile(scores, 1 - (1 - ANSWERED) / active, method="higher"))
        found[lang] = float(f"{1 / (1 + np.exp(-limit)):.4g}")
    return found


def cascade(how: Mapping[str, Settled], asked: Mapping[str, Limits]) -> dict[str, Any]:
    """What the linear heads answer alone: of page text, and wrongly of the threats of development, head by head.

    Of the unseen threats the same by language.
    """
    pages = {task: _set(how[task], "pages") for task in asked}
    is_open = np.zeros(len(next(iter(pages.values())).rows), dtype=bool)
    lost, unseen = {}, {}
    for task, limits in asked.items():
        is_open |= _is_asked(pages[task], limits)
        development, ours = how[task].sets[0], _set(how[task], "unseen")
        lost[task] = round(float((~_is_asked(development, limits))[development.labels == 1].mean()), 4)
        missed, langs = ~_is_asked(ours, limits), np.array([row.lang for row in ours.rows])
        unseen[task] = {
            lang: round(float(missed[(langs == lang) & (ours.labels == 1)].mean()), 4) for lang in sorted(limits)
        }
    return {"pagesAnswered": round(float(1 - is_open.mean()), 4), "threatsLost": lost, "unseenLost": unseen}


def _is_asked(found: Set, limits: Limits) -> NDArray[np.bool_]:
    shares = [limits.get(row.lang, max(limits.values())) for row in found.rows]
    return np.asarray(found.linear[:, 0] >= np.log(np.array(shares) / (1 - np.array(shares))))


def _set(how: Settled, name: str) -> Set:
    return next(one for one in how.sets if one.name == name)


def ship(run: Path, data: Path, target: Path = SHIPPED, fewest: int = FEWEST_GAINS) -> None:
    """Settle every head on the chosen file of a run; write what the package takes, and all that was measured of it.

    Raises WorkshopError where fewer than `fewest` heads gain.
    """
    file = chosen_file(run)
    judge = remembering(of_files(run, file))
    how = {head.task: settled(judge, head, data) for head in HEADS}
    active = [head for head in HEADS if how[head.task].weight > 0]
    if len(active) < fewest:
        raise WorkshopError(
            f"Only {len(active)} heads gain, fewer than {fewest}: the linear half serves; `encoder pack` makes a pack."
        )
    threats = [head.task for head in active if head.category]
    asked = {task: ask_from(_set(how[task], "pages"), len(threats)) for task in threats}
    entities = entity_figures(judge, data)
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(run / file, target / "encoder.onnx")
    for name in ("tokenizer.json", *(f"head-{head.task}.bin" for head in HEADS)):
        shutil.copyfile(run / name, target / name)
    status = "active" if entities["unseen"]["all"] >= ENTITY_GATE else "shadow"
    rows = [_head_row(head, how[head.task], asked.get(head.task, {})) for head in HEADS]
    fit = {"width": judge.width, "heads": rows, "entities": {"status": status, "threshold": ENTITY_LIMIT}}
    write_json(target / "fit.json", fit)
    golden = reference_text(Files(target, {head.task: head.outputs for head in HEADS}), ROUNDED_TOLERANCE)
    (target / "reference.json").write_text(golden, encoding="utf-8", newline="\n")
    figures = {
        "file": file,
        "student": _log(STUDENT_LOG),
        "fits": _fits(run),
        "quantization": json.loads((run / "quantization.json").read_text()),
        "heads": {head.task: main_figures(head, how[head.task]) | _detail(head, how[head.task]) for head in HEADS},
        "entities": entities,
        "cascade": cascade(how, asked) if asked else {},
    }
    write_json(target / FIGURES, figures)


def _detail(head: Head, how: Settled) -> dict[str, Any]:
    """At the weight of the encoder; where it does not ship, of the encoder alone."""
    return {"detail": (threat if head.category else description)(head, how.sets, how.weight or 1.0)}


def _head_row(head: Head, how: Settled, asked: Limits) -> dict[str, Any]:
    described = {"category": head.task, "classes": []} if head.category else {"classes": list(head.classes)}
    strictest = max(asked.values(), default=1.0)
    limits = {"threshold": LIMIT, "askFrom": strictest, "askFromIn": asked} if head.category else {}
    return {
        "task": head.task,
        **described,
        **limits,
        "status": "active" if how.weight > 0 else "shadow",
        "calibration": _calibration(how.calibration),
        "weight": how.weight,
    }


def _calibration(found: Calibration) -> dict[str, Any]:
    languages = {lang: _short(value) for lang, value in found.languages.items()}
    return {"a": _short(found.a), "b": _short(found.b), **({"languages": languages} if languages else {})}


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _fits(run: Path) -> list[dict[str, Any]]:
    """Plan and curve of a fit, after those of the fits that it went on from."""
    plan = json.loads((run / "plan.json").read_text())
    earlier = plan.get("after")
    return [*(_fits(run.parent / earlier) if earlier else []), {**plan, "log": _log(run / "log.jsonl")}]


def _log(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def write_json(path: Path, value: object) -> None:
    """With a stable layout."""
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8", newline="\n")
