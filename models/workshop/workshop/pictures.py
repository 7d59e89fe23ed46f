"""Test pictures by formula, in integer arithmetic that any language reproduces exactly: no files, no rights."""

import numpy as np

from workshop.preprocess import Bytes

RECIPE = (
    "RGBA8, alpha 255. Pixel (x, y), channel c of 0, 1, 2, picture w wide and h high; every value is a "
    "non-negative integer below 2^31, / is floored, >> and & are bitwise. "
    "q = ((x*x*(3+c) + y*y*(5+c) + x*y*(7+c) + seed*97) >> (6 + seed%5)) & 511; wave = min(q, 511-q); "
    "block = ((x>>5)*73 + (y>>5)*151 + seed*199) & 255; "
    "tone = (seed*(61 + c*26) + c*40) & 255; "
    "ramp = x*(255 - c*60)/w + y*(c*60)/h. "
    "By seed%4: 0 -> (wave+tone)>>1; 1 -> (wave+3*block)>>2; 2 -> (block+3*tone)>>2; 3 -> (ramp+tone)>>1."
)


def picture(width: int, height: int, seed: int) -> Bytes:
    """The picture of RECIPE as uint8 [height,width,4]; sides up to 4096 pixels, seed up to 10,000."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    q = ((x * x * (3 + c) + y * y * (5 + c) + x * y * (7 + c) + seed * 97) >> (6 + seed % 5)) & 511
    wave = np.minimum(q, 511 - q)
    block = ((x >> 5) * 73 + (y >> 5) * 151 + seed * 199) & 255
    tone = (seed * (61 + c * 26) + c * 40) & 255
    ramp = x * (255 - c * 60) // width + y * (c * 60) // height
    mixed = ((wave + tone) >> 1, (wave + 3 * block) >> 2, (block + 3 * tone) >> 2, (ramp + tone) >> 1)[seed % 4]
    return np.pad(mixed.astype(np.uint8), ((0, 0), (0, 0), (0, 1)), constant_values=255)
