"""What needs more than the shipped files, or other texts: added to their figures after `ship`."""

import json
from pathlib import Path

from tokenizers import Tokenizer

from workshop.encoder.hardness import hardness
from workshop.encoder.importance import importance
from workshop.encoder.judge import Judge, remembering
from workshop.encoder.left_out import left_out
from workshop.encoder.network import Encoder
from workshop.encoder.parity import parity
from workshop.encoder.shift import shift
from workshop.encoder.ship import FIGURES, write_json
from workshop.encoder.used import used_heads
from workshop.heads import head_of
from workshop.paths import shown

LEFT_OUT = "left-out.json"
"""What `encoder left-out` found, which takes longer than all the rest and is not measured anew."""


def evaluate(folder: Path, model: Encoder, judges: tuple[Judge, Judge], tokenizer: Tokenizer, data: Path) -> None:
    """What the encoder bears, how far texts lie from what it was fitted on, whom it flags, what it looks at, sources.

    `judges`: of the shipped files, and of the trunk before it was fitted.
    """
    judge, unfitted = remembering(judges[0]), judges[1]
    path, used = folder / FIGURES, used_heads(folder)
    figures = json.loads(path.read_text(encoding="utf-8"))
    figures["hardness"] = hardness(judge, model, tokenizer, data)
    figures["shift"] = {one.head.task: shift(judge, one, data) for one in used}
    figures["parity"] = {one.head.task: parity(judge, one) for one in used if one.head.file == "toxicity"}
    figures["importance"] = importance(judge, data)
    figures["leftOut"] = {task: left_out(unfitted, data, head_of(task)) for task in ("injection",)}
    if (folder / LEFT_OUT).exists():
        figures["leftOutFitted"] = json.loads((folder / LEFT_OUT).read_text(encoding="utf-8"))
    write_json(path, figures)
    print(shown(path))
