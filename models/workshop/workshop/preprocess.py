"""From pixels to a network's input, exactly as the extension does it for every network.

RGB bytes -> tf.image.resizeBilinear(alignCorners=true, no antialiasing), as nsfwjs does -> value * scale - mean in
the network's order of channels -> NCHW. Sample positions are computed in float64, as JavaScript does; pixel values
and their interpolation are float32.
"""

import numpy as np
from numpy.typing import NDArray

from workshop.described import INPUT_SIZE, Input

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def _positions(side: int, size: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """For each of `size` samples along an axis of `side` pixels: the pixel before, the one after, the fraction."""
    position = np.arange(size) * ((side - 1) / (size - 1) if size > 1 else 0.0)
    before = np.floor(position).astype(np.intp)
    after = np.minimum(before + 1, side - 1)
    return before, after, (position - before).astype(np.float32)


def resize(picture: Floats, wide: int = INPUT_SIZE, high: int | None = None) -> Floats:
    """float32 [H,W,C] to [high,wide,C], a square where no height is told, corner pixels on corner pixels.

    An equal size is the identity.
    """
    height, width, _ = picture.shape
    high = wide if high is None else high
    if (height, width) == (high, wide):
        return picture
    top, bottom, down = _positions(height, high)
    left, right, along = _positions(width, wide)
    down, along = down[:, None, None], along[None, :, None]
    upper = picture[top][:, left] + (picture[top][:, right] - picture[top][:, left]) * along
    lower = picture[bottom][:, left] + (picture[bottom][:, right] - picture[bottom][:, left]) * along
    resized: Floats = upper + (lower - upper) * down
    return resized


def network_input(rgb: Bytes, how: Input) -> Floats:
    """uint8 RGB [H,W,3] to float32 [1,3,224,224], prepared as the network asks."""
    resized = resize(rgb.astype(np.float32)).astype(np.float64) * how.scale
    planes = (resized if how.channels == "RGB" else resized[:, :, ::-1]) - np.array(how.mean)
    return np.ascontiguousarray(planes.transpose(2, 0, 1)[None], np.float32)
