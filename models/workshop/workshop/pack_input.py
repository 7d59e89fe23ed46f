"""From pixels to a pack's input, as its card asks; the extension does the same in src/core/image/resample.ts.

`bilinear-align-corners` is TensorFlow's, without antialiasing. `bilinear` and `bicubic` (a = -0.5) are Pillow's and
torchvision's: when a picture gets smaller the filter grows with it, so that no pixel is left out. Pillow rounds to
bytes after each of its two passes; here values are held within 0 to 255 there, and nothing is rounded.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workshop.preprocess import Bytes, Floats, resize

Doubles = NDArray[np.float64]


def _triangle(x: Doubles) -> Doubles:
    return np.maximum(0.0, 1 - np.abs(x))


def _cubic(x: Doubles) -> Doubles:
    """Keys' kernel (1981) with a = -0.5."""
    a, x = -0.5, np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * a
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


_FILTERS: dict[str, tuple[Callable[[Doubles], Doubles], float]] = {
    "bilinear": (_triangle, 1.0),
    "bicubic": (_cubic, 2.0),
}


def weights(side: int, size: int, kind: str) -> Doubles:
    """[size,side]: how much of each source pixel goes into each sample; rows sum to 1."""
    curve, reach = _FILTERS[kind]
    scale = side / size
    width = max(scale, 1.0)
    centre = (np.arange(size) + 0.5) * scale
    pixel = np.arange(side) + 0.5
    raw = curve((pixel[None, :] - centre[:, None]) / width)
    # Pillow's bounds: pixels whose middle lies within the filter's reach, rounded half up.
    low = np.maximum(0, np.floor(centre - reach * width + 0.5))
    high = np.minimum(side, np.floor(centre + reach * width + 0.5))
    at = np.arange(side)
    raw *= (at[None, :] >= low[:, None]) & (at[None, :] < high[:, None])
    total: Doubles = raw / raw.sum(axis=1, keepdims=True)
    return total


def resample(picture: Floats, width: int, height: int, kind: str) -> Floats:
    """float32 [H,W,C] to [height,width,C]: along the rows first, float32 in between."""
    if kind == "bilinear-align-corners":
        return resize(picture, width, height)
    along = np.einsum("xw,hwc->hxc", weights(picture.shape[1], width, kind), picture.astype(np.float64))
    along = np.clip(along, 0, 255).astype(np.float32).astype(np.float64)
    down = np.einsum("yh,hxc->yxc", weights(picture.shape[0], height, kind), along)
    return np.clip(down, 0, 255).astype(np.float32)


def _cropped(picture: Floats, width: int, height: int, kind: str) -> Floats:
    """The shorter side to its size, then the middle; sides round half up."""
    h, w, _ = picture.shape
    scale = max(width / w, height / h)
    wide, high = max(width, int(w * scale + 0.5)), max(height, int(h * scale + 0.5))
    whole = resample(picture, wide, high, kind)
    left, top = (wide - width) // 2, (high - height) // 2
    return whole[top : top + height, left : left + width]


def pack_input(rgb: Bytes, how: dict[str, Any]) -> Floats:
    """uint8 RGB [H,W,3] to float32 [1,3,h,w] or [1,h,w,3]: (byte * scale - mean) / std in the card's order."""
    fit = _cropped if how.get("fit", "stretch") == "crop" else resample
    small = fit(rgb.astype(np.float32), how["width"], how["height"], how["resize"]).astype(np.float64)
    ordered = small if how["channels"] == "RGB" else small[:, :, ::-1]
    values = (ordered * how["scale"] - np.array(how["mean"])) / np.array(how.get("std", [1, 1, 1]))
    planes = values if how["layout"] == "NHWC" else values.transpose(2, 0, 1)
    return np.ascontiguousarray(planes[None], np.float32)
