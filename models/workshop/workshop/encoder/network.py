"""The encoder as torch trains it: one trunk, a head over its tokens, and heads over the mean of its last layer."""

from collections.abc import Mapping

import torch
from transformers import PreTrainedModel

from workshop.encoder.pii import LABELS
from workshop.encoder.reading import SHAPES

_SHAPE_WIDTH = 16


class Encoder(torch.nn.Module):
    """Any BERT-type trunk, read once.

    `heads` names the questions to a whole text and how many answers each has. The pieces are lower-cased, so the token
    head alone is also told the shape of what stood there.
    """

    def __init__(self, trunk: PreTrainedModel, heads: Mapping[str, int]) -> None:
        """With fresh heads."""
        super().__init__()
        self.trunk = trunk
        self.width: int = trunk.config.hidden_size
        self.shapes = torch.nn.Embedding(SHAPES, _SHAPE_WIDTH)
        self.entities = torch.nn.Linear(self.width + _SHAPE_WIDTH, len(LABELS))
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(self.width, size) for task, size in heads.items()})

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, shape: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Of [n, t] each: mean-pooled vectors [n, width], and logits of the token labels [n, t, 35]."""
        hidden = self.trunk(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
        vector = (hidden * weight).sum(1) / weight.sum(1)
        return vector, self.entities(torch.cat([hidden, self.shapes(shape).to(hidden.dtype)], -1))

    def answers(self, vector: torch.Tensor) -> dict[str, torch.Tensor]:
        """Logits of each question, [n, answers]."""
        return {task: head(vector) for task, head in self.heads.items()}
