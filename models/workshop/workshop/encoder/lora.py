"""Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): a frozen matrix and a small one that is learnt beside it."""

import torch

ALPHA_PER_RANK = 2
DROPOUT = 0.1


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, plus B·A of rank `rank`, scaled by alpha / rank."""

    def __init__(self, linear: torch.nn.Linear, rank: int) -> None:
        """Begins as the layer itself, since B is zero."""
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.dropout = torch.nn.Dropout(DROPOUT)
        self.a = torch.nn.Parameter(torch.randn(rank, linear.in_features) / rank**0.5 / 10)
        self.b = torch.nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """Both paths."""
        return self.linear(given) + ALPHA_PER_RANK * (self.dropout(given) @ self.a.T @ self.b.T)

    def merged(self) -> torch.nn.Linear:
        """One plain layer that does the same."""
        self.linear.weight.data += ALPHA_PER_RANK * (self.b @ self.a).data
        return self.linear.requires_grad_(True)


def adapt(trunk: torch.nn.Module, rank: int) -> None:
    """Freeze a trunk and put a low-rank path beside every linear layer (query, key, value and the dense ones)."""
    trunk.requires_grad_(False)
    for parent, name, layer in _linears(trunk, torch.nn.Linear):
        setattr(parent, name, LowRank(layer, rank))


def merge(trunk: torch.nn.Module) -> None:
    """Undo `adapt`, keeping what was learnt."""
    for parent, name, layer in _linears(trunk, LowRank):
        setattr(parent, name, layer.merged())
    trunk.requires_grad_(True)


def _linears(trunk: torch.nn.Module, kind: type) -> list[tuple[torch.nn.Module, str, torch.nn.Module]]:
    return [
        (parent, name, layer)
        for parent in trunk.modules()
        if not isinstance(parent, LowRank)
        for name, layer in parent.named_children()
        if isinstance(layer, kind)
    ]
