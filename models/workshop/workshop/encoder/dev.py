"""One figure a head on the development rows: what fitting watches."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer

from workshop.encoder.entities import entities
from workshop.encoder.examples import Example, batch_of, examples
from workshop.encoder.lessons import Lesson
from workshop.encoder.network import Encoder
from workshop.encoder.pii import Span, sentences
from workshop.encoder.reading import WINDOW
from workshop.heads import HEADS, Head
from workshop.linear_figures import recall_at
from workshop.text_data import task_rows

_BATCH = 64


class Watch:
    """The development rows, read once; calling it measures a model.

    Threats: the area under the curve, and of injection the recall at 1 % of false alarms. Labels: accuracy. Tokens: F1 of
    whole entities on generated sentences whose templates and values are not fitted. A text counts by its first window.
    """

    def __init__(self, data: Path, tokenizer: Tokenizer, per_head: int = 1500) -> None:
        """At most `per_head` rows of each head."""
        self._tokenizer = tokenizer
        chance = random.Random(5)
        self._rows = {head.task: _drawn(data, head, per_head, chance) for head in HEADS}
        self._read = {task: examples(rows, tokenizer) for task, rows in self._rows.items()}
        spoken = [Lesson(one.text, {}, one.spans, one.lang, one.source) for one in sentences("unseen", 200, 1)]
        self._marked = examples(spoken, tokenizer)
        self._spans = [one.spans or () for one in spoken]

    def __call__(self, model: Encoder) -> Mapping[str, float]:
        """Figures by head, all between 0 and 1 and the higher the better."""
        found = {"entities/f1": entity_f1(model, self._tokenizer, self._marked, self._spans)}
        for at, head in enumerate(HEADS):
            read = self._read[head.task]
            logits = answers_of(model, self._tokenizer, read, head.task)
            truth = np.array([one.answers[at] for one in read])
            if head.category is None:
                found[f"{head.task}/accuracy"] = float((logits.argmax(1) == truth).mean())
                continue
            found[f"{head.task}/auc"] = float(roc_auc_score(truth, logits[:, 0]))
            if head.task == "injection":
                found["injection/recall"] = recall_at(logits[:, 0], truth, 0.01)
        return {name: round(value, 4) for name, value in found.items()}


def _drawn(data: Path, head: Head, count: int, chance: random.Random) -> list[Lesson]:
    rows = task_rows(data, head, "dev")
    drawn = chance.sample(rows, min(count, len(rows)))
    return [Lesson(row.text, {head.task: row.label}, None, row.lang, row.source) for row in drawn]


def _windows(read: Sequence[Example]) -> list[list[int]]:
    order = sorted(range(len(read)), key=lambda at: len(read[at].tokens))
    return [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]


@torch.no_grad()
def answers_of(model: Encoder, tokenizer: Tokenizer, read: Sequence[Example], task: str) -> np.ndarray:
    """Logits of a head on the first window of each, [n, answers]."""
    found = np.zeros((len(read), model.heads[task].out_features), dtype=np.float32)
    for places in _windows(read):
        batch = batch_of([(read[at], range(min(WINDOW, len(read[at].tokens)))) for at in places], tokenizer)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vector, _ = model(batch.input_ids, batch.attention_mask, batch.shape)
        found[places] = model.heads[task](vector.float()).numpy()
    return found


@torch.no_grad()
def entity_f1(model: Encoder, tokenizer: Tokenizer, read: Sequence[Example], wanted: Sequence[Sequence[Span]]) -> float:
    """Micro F1 of entities: right is what has the same characters and the same type."""
    right = said = 0
    for places in _windows(read):
        batch = batch_of([(read[at], range(min(WINDOW, len(read[at].tokens)))) for at in places], tokenizer)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            _, logits = model(batch.input_ids, batch.attention_mask, batch.shape)
        for row, at in enumerate(places):
            tokens = read[at].tokens[:WINDOW]
            found = {one[:3] for one in entities(tokens, logits[row, 1 : len(tokens) + 1].float().numpy())}
            right, said = right + len(found & set(wanted[at])), said + len(found)
    return 2 * right / max(1, said + sum(map(len, wanted)))
