"""From the token head's logits to personal data with its places; `src/core/text/entities.ts` does the same."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workshop.encoder.pii import TYPES
from workshop.encoder.reading import OVERLAP, Token


class Entity(NamedTuple):
    """Characters from `start` until `end`, and the mean probability that its words are of the type."""

    start: int
    end: int
    type: str
    score: float


def owned(spans: Sequence[range]) -> list[range]:
    """Of each window the places that it answers for: neighbours part in the middle of what they share."""
    edges = [0, *(span.start + OVERLAP // 2 for span in spans[1:]), spans[-1].stop] if spans else [0]
    return [range(start, stop) for start, stop in zip(edges, edges[1:], strict=False)]


def entities(tokens: Sequence[Token], logits: NDArray[np.float32]) -> list[Entity]:
    """Whole words, whose pieces are asked together; `logits` is [tokens, 35].

    A word goes on with the entity before it where its first piece is rather inside than at a beginning.
    """
    raised = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    shares = raised / raised.sum(1, keepdims=True)
    found: list[Entity] = []
    lengths: list[int] = []
    before = 0
    for _, group in groupby(range(len(tokens)), lambda place: tokens[place].word):
        places = list(group)
        mass = shares[places].mean(0)
        by_type = np.array([mass[0], *(mass[1::2] + mass[2::2])])
        best = int(by_type.argmax())
        first = shares[places[0]]
        if best:
            start, end, score = tokens[places[0]].start, tokens[places[-1]].end, float(by_type[best])
            if best == before and first[2 * best] > first[2 * best - 1]:
                old, count = found.pop(), lengths.pop()
                start, score = old.start, (old.score * count + score) / (count + 1)
                lengths.append(count + 1)
            else:
                lengths.append(1)
            found.append(Entity(start, end, TYPES[best - 1], score))
        before = best
    return found
