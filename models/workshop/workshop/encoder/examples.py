"""Lessons as the encoder reads them: one window of tokens, and the answers as numbers."""

import random
from collections.abc import Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer

from workshop.encoder.lessons import Lesson
from workshop.encoder.pii import LABELS, Span
from workshop.encoder.reading import WINDOW, Token, framed, tokens_of
from workshop.heads import HEADS

UNKNOWN = -100
"""No answer is known: the loss passes over it."""
NO_NAME = -101
"""Of a token is known only that it belongs to no name: see `Lesson.has_names_alone`."""
MAX_CHARS = 8000
_TASKS = tuple(head.task for head in HEADS)
_THREATS = tuple(head.task for head in HEADS if head.category)


class Example(NamedTuple):
    """A lesson with its tokens, read once."""

    tokens: Sequence[Token]
    answers: tuple[int, ...]
    """One a head, in the order of `HEADS`."""
    labels: tuple[int, ...] | None
    """One a token, a place in `LABELS` or `NO_NAME`."""


class Batch(NamedTuple):
    """Tensors of one step: [n, t] each, and `answers` [n, heads]."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    shape: torch.Tensor
    labels: torch.Tensor
    answers: torch.Tensor


def examples(lessons: Sequence[Lesson], tokenizer: Tokenizer) -> list[Example]:
    """Each lesson that has a token."""
    read = [(lesson, tokens_of(tokenizer, lesson.text[:MAX_CHARS])) for lesson in lessons]
    return [
        Example(
            tokens,
            tuple(lesson.answers.get(task, UNKNOWN) for task in _TASKS),
            None if lesson.spans is None else labels_of(tokens, lesson.spans, NO_NAME if lesson.has_names_alone else 0),
        )
        for lesson, tokens in read
        if tokens
    ]


def labels_of(tokens: Sequence[Token], spans: Sequence[Span], outside: int = 0) -> tuple[int, ...]:
    """BIO of every token: B for the first token of a span, I for the others that touch it, else `outside`."""
    found = []
    last: Span | None = None
    for token in tokens:
        span = next((one for one in spans if token.start < one.end and one.start < token.end), None)
        found.append(LABELS.index(f"{'I' if span == last else 'B'}-{span.type}") if span else outside)
        last = span
    return tuple(found)


def window_of(example: Example, chance: random.Random) -> range:
    """Where to read a text that is longer than one window.

    The start and the end say the most of an attack; of anything else every place may be read.
    """
    count = len(example.tokens)
    if count <= WINDOW:
        return range(count)
    dice, last = chance.random(), count - WINDOW
    is_threat = any(example.answers[_TASKS.index(task)] == 1 for task in _THREATS)
    at_start, at_end = (0.65, 0.9) if is_threat else (0.5, 0.5)
    start = 0 if dice < at_start else last if dice < at_end else chance.randint(0, last)
    return range(start, start + WINDOW)


def batch_of(chosen: Sequence[tuple[Example, range]], tokenizer: Tokenizer) -> Batch:
    """Windows side by side, padded to the longest."""
    longest = max(len(window) for _, window in chosen) + 2
    ids, shapes, mask = (torch.zeros(len(chosen), longest, dtype=torch.long) for _ in range(3))
    labels = torch.full((len(chosen), longest), UNKNOWN)
    for row, (example, window) in enumerate(chosen):
        read, shape = framed(tokenizer, [example.tokens[place] for place in window])
        ids[row, : len(read)], shapes[row, : len(read)] = torch.tensor(read), torch.tensor(shape)
        mask[row, : len(read)] = 1
        if example.labels is not None:
            labels[row, 1 : len(read) - 1] = torch.tensor([example.labels[place] for place in window])
    return Batch(ids, mask, shapes, labels, torch.tensor([example.answers for example, _ in chosen]))


def grouped(found: Sequence[Example], size: int, seed: int) -> list[list[tuple[Example, range]]]:
    """All examples once with the window to read, `size` of like length together; each seed has another order."""
    chance = random.Random(seed)
    drawn = [(example, window_of(example, chance)) for example in found]
    chance.shuffle(drawn)
    groups = []
    for at in range(0, len(drawn), size * 50):
        bucket = sorted(drawn[at : at + size * 50], key=lambda pair: len(pair[1]))
        groups += [bucket[place : place + size] for place in range(0, len(bucket), size)]
    chance.shuffle(groups)
    return groups
