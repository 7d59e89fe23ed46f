"""Command `test-card`: a harmless picture that both image networks take for what they are there to find.

Gradient ascent on a wallpaper: one small latent tile, mirrored along both axes and the diagonal and repeated two by
two, whose pixels are mixtures of five fixed colours (navy, blue, teal, green, mint). So nothing but an ornament can
come out. Every step asks both networks, in float32, about the card as it is, halved at JPEG quality 50, and cropped,
scaled and compressed at random (expectation over transformation, Athalye et al. 2018). No photograph and no picture of
a body is used anywhere. Needs the extra `card` (torch); a few minutes.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F  # noqa: N812 - the name that torch's own documents use
from PIL import Image
from torch import Tensor

from workshop.card_picture import INK, SIDE, WORDS, banner, control, jpeg
from workshop.described import INPUT_SIZE, MOBILENET_V2, OPEN_NSFW, ImageModel
from workshop.interpreter import TorchNetwork
from workshop.network import shipped_bytes
from workshop.open_nsfw import open_nsfw
from workshop.paths import TEST_CARD, shown

PALETTE = ((10, 24, 80), (24, 92, 200), (0, 168, 168), (36, 150, 72), (226, 246, 240))
TILES, LATENT = 2, 28
SEED, STEPS, RATE, SMOOTHNESS = 0, 160, 0.08, 1.0
# Log-odds that each network should reach on each picture before more is worth little: p = .9997.
MARGIN = 8.0


def pattern(latent: Tensor) -> Tensor:
    """Latent [1,5,LATENT,LATENT] to the wallpaper [1,3,SIDE,SIDE] in [0,1]."""
    corner = F.interpolate(latent, (SIDE // TILES // 2,) * 2, mode="bicubic", align_corners=False)
    corner = (corner + corner.transpose(2, 3)) / 2**0.5
    colours = torch.einsum("nkhw,kc->nchw", corner.softmax(1), torch.tensor(PALETTE) / 255)
    half = torch.cat([colours, colours.flip(3)], 3)
    return torch.cat([half, half.flip(2)], 2).repeat(1, 1, TILES, TILES)


def _printed(x: Tensor) -> Tensor:
    band, text = (torch.from_numpy(mask) for mask in banner(WORDS))
    lit = x * (1 - band) + band
    return lit * (1 - text) + text * (torch.tensor(INK).view(1, 3, 1, 1) / 255)


def _bytes(x: Tensor) -> np.ndarray:
    image: np.ndarray = (x.detach()[0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    return image


def _compressed(x: Tensor, quality: int) -> Tensor:
    """JPEG with the gradient passed straight through."""
    after = torch.from_numpy(jpeg(_bytes(x), quality).copy()).permute(2, 0, 1)[None] / 255
    return x + (after - x).detach()


def _scaled(x: Tensor, factor: float) -> Tensor:
    side = round(x.shape[-1] * factor)
    return F.interpolate(x, (side, side), mode="bilinear", align_corners=False, antialias=True)


def _seen(card: Tensor, rng: np.random.Generator) -> Iterator[Tensor]:
    """The card as it may reach a network."""
    yield card
    yield _compressed(_scaled(card, 0.5), 50)
    for _ in range(2):
        side = int(SIDE * rng.uniform(0.7, 1))
        top, left = rng.integers(0, SIDE - side + 1, 2)
        crop = card[:, :, top : top + side, left : left + side]
        yield _compressed(_scaled(crop, rng.uniform(0.5, 1.5)), int(rng.integers(35, 96)))


def _judge(model: ImageModel, network: onnx.ModelProto) -> Callable[[Tensor], Tensor]:
    """From pictures [N,3,224,224] in [0,1] to the log-odds [N] of the positive classes."""
    run, how = TorchNetwork(network), model.input
    positive = torch.tensor([name in model.positive for name in model.classes])
    mean = torch.tensor(how.mean).view(1, 3, 1, 1)

    def log_odds(x: Tensor) -> Tensor:
        planes = x if how.channels == "RGB" else x.flip(1)
        logits = run(planes * 255 * how.scale - mean)
        return logits[:, positive].logsumexp(1) - logits[:, ~positive].logsumexp(1)

    return log_odds


def optimise(steps: int = STEPS) -> Tensor:
    """The latent after gradient ascent (Adam)."""
    # One thread, so that sums have one order.
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    mobilenet = onnx.load_from_string(shipped_bytes(MOBILENET_V2.files["webgpu"]))
    judges = [_judge(MOBILENET_V2, mobilenet), _judge(OPEN_NSFW, open_nsfw())]
    start = F.interpolate(torch.randn(1, len(PALETTE), 6, 6), (LATENT, LATENT), mode="bicubic") * 1.5
    latent = start.requires_grad_()
    ascent = torch.optim.Adam([latent], RATE)
    for step in range(steps):
        views = [
            F.interpolate(view, (INPUT_SIZE, INPUT_SIZE), mode="bilinear", align_corners=True)
            for view in _seen(_printed(pattern(latent)), rng)
        ]
        odds = torch.stack([judge(torch.cat(views)) for judge in judges])
        rough = sum(latent.diff(dim=axis).abs().mean() for axis in (2, 3))
        loss = F.softplus(MARGIN - odds).mean() + SMOOTHNESS * rough
        ascent.zero_grad()
        loss.backward()
        ascent.step()
        if step % 20 == 0:
            print(f"step {step}: loss {loss.item():.2f}, lowest log-odds {odds.min().item():.1f}", flush=True)
    return latent.detach()


def test_card(target: Path = TEST_CARD) -> None:
    """Write the card (PNG and JPEG of quality 90) and its control into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    wallpaper = pattern(optimise())
    card = Image.fromarray(_bytes(_printed(wallpaper)))
    card.save(target / "test-card.png", optimize=True)
    card.save(target / "test-card.jpg", quality=90)
    Image.fromarray(control(_bytes(wallpaper))).save(target / "control.png", optimize=True)
    for name in ("test-card.png", "test-card.jpg", "control.png"):
        print(f"{shown(target / name)}: {(target / name).stat().st_size} bytes")
