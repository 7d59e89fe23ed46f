"""The drawn parts of the test card and what must hold of it; needs no torch.

The words lie in a white band near the lower edge. The control shows the very pixels of the card's pattern in another
order, so that only their arrangement, and no colour, can set off a network.
"""

import io
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from workshop.preprocess import Bytes

SIDE, BLOCK = 448, 16
WORDS = "Wardlight test card"
CONTROL_WORDS = "Wardlight control"
INK = (12, 20, 70)
# What the committed card must reach with every shipped network, and what the control must stay below.
AS_IS, DEGRADED, CONTROL_LIMIT = 0.95, 0.8, 0.1

Mask = NDArray[np.float32]


def banner(words: str) -> tuple[Mask, Mask]:
    """Opacity of the white band and of the words on it, float32 [SIDE,SIDE] in [0,1]."""
    band, text = (Image.new("L", (SIDE, SIDE), 0) for _ in range(2))
    font = ImageFont.load_default(34)
    half = ImageDraw.Draw(text).textlength(words, font=font) / 2 + 16
    frame = (SIDE / 2 - half, SIDE - 64, SIDE / 2 + half, SIDE - 14)
    ImageDraw.Draw(band).rounded_rectangle(frame, 12, fill=255)
    ImageDraw.Draw(text).text((SIDE / 2, SIDE - 39), words, font=font, fill=255, anchor="mm")
    return _mask(band), _mask(text)


def _mask(image: Image.Image) -> Mask:
    return np.asarray(image, np.float32) / np.float32(255)


def printed(pattern: Bytes, words: str) -> Bytes:
    """uint8 [SIDE,SIDE,3] with the band and the words over it."""
    band, text = (mask[:, :, None] for mask in banner(words))
    lit = pattern * (1 - band) + 255 * band
    return np.rint(lit * (1 - text) + np.array(INK) * text).astype(np.uint8)


def control(pattern: Bytes) -> Bytes:
    """The pattern's own pixels as shuffled blocks of BLOCK x BLOCK, with a band and words of its own."""
    count = SIDE // BLOCK
    blocks = pattern.reshape(count, BLOCK, count, BLOCK, 3).swapaxes(1, 2).reshape(-1, BLOCK, BLOCK, 3)
    shuffled = blocks[np.random.default_rng(0).permutation(len(blocks))]
    picture = shuffled.reshape(count, count, BLOCK, BLOCK, 3).swapaxes(1, 2).reshape(SIDE, SIDE, 3)
    return printed(picture, CONTROL_WORDS)


def jpeg(rgb: Bytes, quality: int) -> Bytes:
    """The picture after a JPEG round trip."""
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(io.BytesIO(stream.getvalue())))


def resized(rgb: Bytes, factor: float) -> Bytes:
    """The picture as an image editor scales it: antialiased, bilinear."""
    image = Image.fromarray(rgb)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR))


def degraded(rgb: Bytes) -> Iterator[Bytes]:
    """JPEG quality 50 and halving, in both orders."""
    yield resized(jpeg(rgb, 50), 0.5)
    yield jpeg(resized(rgb, 0.5), 50)


def variants(rgb: Bytes, count: int, seed: int) -> Iterator[Bytes]:
    """Crops of 75 to 100 % of the sides, scaled by .5 to 1.5, as JPEG of quality 40 to 95; the same for a seed."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        side = round(SIDE * rng.uniform(0.75, 1))
        top, left = rng.integers(0, SIDE - side + 1, 2)
        crop = rgb[top : top + side, left : left + side]
        yield jpeg(resized(crop, rng.uniform(0.5, 1.5)), int(rng.integers(40, 96)))
