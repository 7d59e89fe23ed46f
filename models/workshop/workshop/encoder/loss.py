"""What fitting makes smaller: every head's loss where an answer is known, and the tokens'."""

from collections.abc import Sequence

import torch
from torch.nn import functional

from workshop.encoder.examples import NO_NAME, UNKNOWN, Batch, Example
from workshop.encoder.lessons import NAMES
from workshop.encoder.network import Encoder
from workshop.encoder.pii import LABELS
from workshop.heads import HEADS

SMOOTHING = 0.03


class Weights:
    """What a class counts: the rarer, the more, by the square root of its share; the mean over rows is 1."""

    def __init__(self, found: Sequence[Example]) -> None:
        """Counted over the fitting rows."""
        self._of = [
            _class_weights([one.answers[at] for one in found], max(2, len(h.classes))) for at, h in enumerate(HEADS)
        ]

    def loss(self, answers: dict[str, torch.Tensor], known: torch.Tensor) -> torch.Tensor:
        """Sum over the heads of their mean losses where an answer is known."""
        total = answers[HEADS[0].task].sum() * 0
        for at, head in enumerate(HEADS):
            rows = known[:, at] != UNKNOWN
            if not rows.any():
                continue
            logits, truth = answers[head.task][rows].float(), known[rows, at]
            weight = self._of[at].to(truth.device)[truth]
            total = total + (_loss_of(head.category is not None, logits, truth) * weight).sum() / max(4, len(truth))
        return total


def _loss_of(is_threat: bool, logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    if not is_threat:
        return functional.cross_entropy(logits, truth, label_smoothing=SMOOTHING, reduction="none")
    wanted = truth.float().unsqueeze(1) * (1 - 2 * SMOOTHING) + SMOOTHING
    return functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none").squeeze(1)


def _class_weights(answers: Sequence[int], classes: int) -> torch.Tensor:
    counts = torch.tensor([max(1, answers.count(at)) for at in range(classes)], dtype=torch.float)
    weights = counts.rsqrt()
    return weights * counts.sum() / (weights * counts).sum()


class Objective(torch.nn.Module):
    """The encoder with its loss inside, so that it can be spread over processes as one module."""

    def __init__(self, model: Encoder, found: Sequence[Example]) -> None:
        """Classes are weighted by the rows that will be fitted."""
        super().__init__()
        self.model = model
        self._weights = Weights(found)

    def forward(self, batch: Batch) -> torch.Tensor:
        """Of all heads and the tokens."""
        vector, entities = self.model(batch.input_ids, batch.attention_mask, batch.shape)
        total = self._weights.loss(self.model.answers(vector), batch.answers)
        return total + token_loss(entities.float().reshape(-1, len(LABELS)), batch.labels.reshape(-1))


_NAMELESS = [at for at, label in enumerate(LABELS) if label[2:] not in NAMES]


def token_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean over the tokens of which something is known: `logits` [tokens, 35], `truth` a place in `LABELS` or a mark.

    Where only names are marked, the other tokens are drawn towards all the labels that are none, whichever of them.
    """
    known, nameless = truth >= 0, truth == NO_NAME
    total = functional.cross_entropy(logits[known], truth[known], reduction="sum")
    rest = logits[nameless]
    total = total + (rest.logsumexp(1) - rest[:, _NAMELESS].logsumexp(1)).sum()
    return total / max(1, int(known.sum() + nameless.sum()))
