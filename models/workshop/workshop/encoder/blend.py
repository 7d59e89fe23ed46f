"""The mean of two fits' weights, of which the later went on from the earlier: it keeps more of what both could do.

Wortsman et al., "Robust fine-tuning of zero-shot models" (2022).
"""

import torch

State = dict[str, torch.Tensor]


def blended(earlier: State, later: State) -> State:
    """Both of the same shape; what is no fraction (a count, a place) is the later's."""
    return {name: (earlier[name] + value) / 2 if value.is_floating_point() else value for name, value in later.items()}
