"""What an encoder bears: bent attacks, long texts, texts unlike those it was fitted on, steps along its gradient."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from workshop.augment import KINDS
from workshop.encoder.examples import Example, batch_of, examples, window_of
from workshop.encoder.judge import Floats, Judge
from workshop.encoder.lessons import Lesson
from workshop.encoder.network import Encoder
from workshop.heads import head_of
from workshop.linear_metrics import auc, short
from workshop.text_data import Row, page_rows, task_rows

_TASK = "injection"
STEPS = (0.0, 0.02, 0.05, 0.1)
"""Length of an attacker's step, as a share of the length of a token's embedding."""
_PGD_STEPS = 5
_FEWEST = 150
_LONG_CHARS = 3000
_RANDOM = 200
_LONG_TEXTS = 100


def hardness(judge: Judge, model: Encoder, tokenizer: Tokenizer, data: Path) -> dict[str, Any]:
    """All of it, for the head of injections; out of distribution for the head of topics."""
    rows = task_rows(data, head_of(_TASK), "dev")
    attacks = [row for row in rows if row.label == 1]
    clean = [row for row in rows if row.label == 0]
    return {
        "bent": bent(judge, attacks, clean),
        "long": long_texts(judge, attacks, page_rows(data), clean),
        "gradient": gradient(model, tokenizer, [*attacks[:_FEWEST], *clean[:_FEWEST]]),
        "outOfDistribution": out_of_distribution(judge, data),
    }


def _scores(judge: Judge, texts: Sequence[str], windows: int = 40) -> Floats:
    return judge.says(texts, windows).logits[_TASK][:, 0]


def bent(judge: Judge, attacks: Sequence[Row], clean: Sequence[Row]) -> dict[str, float]:
    """Recall where 1 % of the harmless rows are flagged, of the attacks as they are and after each way of bending."""
    limit = np.quantile(_scores(judge, [row.text for row in clean]), 0.99)
    found = {"none": short((_scores(judge, [row.text for row in attacks]) > limit).mean())}
    for way in KINDS:
        chance = random.Random(7)
        texts = [way(row.text, chance) for row in attacks]
        found[way.__name__] = short((_scores(judge, texts) > limit).mean())
    return found


def long_texts(judge: Judge, attacks: Sequence[Row], pages: Sequence[Row], clean: Sequence[Row]) -> dict[str, Any]:
    """Attacks inside some 3,000 characters of page text: found by windows over all of it, and by its first window."""
    chance = random.Random(8)
    texts = [row.text for row in pages if row.lang == "en"]

    def filler(length: int) -> str:
        found = ""
        while len(found) < length:
            found += chance.choice(texts) + " "
        return found

    short_ones = [row.text for row in attacks if len(row.text) < 600][:_LONG_TEXTS]
    limit = float(np.quantile(_scores(judge, [filler(_LONG_CHARS) for _ in clean[:_RANDOM]]), 0.99))
    found: dict[str, Any] = {"texts": len(short_ones)}
    for place, before in (("start", 0.0), ("middle", 0.5), ("end", 1.0)):
        ahead = int(_LONG_CHARS * before)
        long_ones = [
            f"{filler(ahead) if ahead else ''}{text} {filler(_LONG_CHARS - ahead) if ahead < _LONG_CHARS else ''}"
            for text in short_ones
        ]
        found[place] = {
            "windows": short((_scores(judge, long_ones) > limit).mean()),
            "truncated": short((_scores(judge, long_ones, 1) > limit).mean()),
        }
    return found


def gradient(model: Encoder, tokenizer: Tokenizer, rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Area under the curve after one step of a length along the sign of the gradient, and after several small ones.

    An attacker moves each token's embedding so that an attack looks harmless (FGSM, Goodfellow et al. 2015; PGD, Madry
    et al. 2018): more than anyone can do who has only words.
    """
    labels = np.array([row.label for row in rows])
    read = examples([Lesson(row.text, {_TASK: row.label}, None, row.lang, row.source) for row in rows], tokenizer)
    found: dict[str, dict[str, float]] = {"fgsm": {}, "pgd": {}}
    for length in STEPS:
        for name, steps in (("fgsm", 1), ("pgd", _PGD_STEPS)):
            scores = np.concatenate(
                [
                    _moved(model, tokenizer, read[at : at + 32], labels[at : at + 32], length, steps)
                    for at in range(0, len(read), 32)
                ]
            )
            found[name][f"{length:g}"] = short(auc(scores, labels))
    return found


def _moved(
    model: Encoder, tokenizer: Tokenizer, read: Sequence[Example], labels: np.ndarray, length: float, steps: int
) -> np.ndarray:
    batch = batch_of([(one, window_of(one, random.Random(0))) for one in read], tokenizer)
    start = model.trunk.get_input_embeddings()(batch.input_ids).detach()
    reach = length * start.norm(dim=-1, keepdim=True) / start.shape[-1] ** 0.5
    moved = start.clone()
    towards = torch.tensor(1 - 2 * labels, dtype=torch.float)
    for _ in range(steps if length else 0):
        moved.requires_grad_(True)
        (slope,) = torch.autograd.grad((_logits(model, moved, batch.attention_mask) * towards).sum(), moved)
        moved = moved.detach() + reach / max(1, steps / 2) * slope.sign()
        moved = torch.maximum(torch.minimum(moved, start + reach), start - reach)
    with torch.no_grad():
        return _logits(model, moved, batch.attention_mask).numpy()


def _logits(model: Encoder, embedded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    hidden = model.trunk(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
    weight = mask.unsqueeze(-1).to(hidden.dtype)
    vector = (hidden * weight).sum(1) / weight.sum(1)
    return model.heads[_TASK](vector).squeeze(1)


def out_of_distribution(judge: Judge, data: Path) -> dict[str, Any]:
    """How well texts of other kinds are told from the topic head's own rows, by energy and by Mahalanobis' distance.

    Energy: -log of the sum of exponentials of the logits (Liu et al. 2020); distance: to the nearest class mean under a
    shared covariance (Lee et al. 2018), fitted on rows of the training file.
    """
    head = head_of("topic")
    chance = random.Random(9)
    fitted = _some(task_rows(data, head, "train"), 1500)
    own = _some(task_rows(data, head, "dev"), 500)
    others: Mapping[str, list[str]] = {
        "commands to an assistant": [row.text for row in _some(task_rows(data, head_of("intent"), "dev"), 500)],
        "comments": [row.text for row in _some(task_rows(data, head_of("toxicity"), "dev"), 500)],
        "random letters": ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz      ", k=200)) for _ in range(_RANDOM)],
    }
    vectors = judge.says([row.text for row in fitted], 1).vectors.astype(np.float64)
    labels = np.array([row.label for row in fitted])
    means = np.stack([vectors[labels == at].mean(0) for at in sorted(set(labels.tolist()))])
    centred = vectors - means[np.searchsorted(sorted(set(labels.tolist())), labels)]
    inverse = np.linalg.pinv(np.cov(centred.T) + 1e-6 * np.eye(vectors.shape[1]))

    def measures(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        said = judge.says(texts, 1)
        logits = said.logits["topic"].astype(np.float64)
        energy = -np.log(np.exp(logits - logits.max(1, keepdims=True)).sum(1)) - logits.max(1)
        apart = said.vectors.astype(np.float64)[:, None] - means[None]
        return energy, np.einsum("nkd,de,nke->nk", apart, inverse, apart).min(1)

    inside = measures([row.text for row in own])
    found = {}
    for name, texts in others.items():
        outside = measures(texts)
        truth = np.concatenate([np.zeros(len(own)), np.ones(len(texts))])
        found[name] = {
            measure: short(auc(np.concatenate([inside[at], outside[at]]), truth))
            for at, measure in enumerate(("energy", "mahalanobis"))
        }
    return found


def _some(rows: Sequence[Row], count: int) -> list[Row]:
    return random.Random(9).sample(rows, min(count, len(rows)))
