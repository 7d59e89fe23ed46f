"""What training does to a picture so that the network does not learn what a browser or an uploader changes.

Crop and scale, mirror, brightness, contrast and saturation, Gaussian blur of radius .5 to 2, JPEG from quality 40 up.
"""

import io

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

BLUR = (0.5, 2.0)
SMALLEST_CROP = 0.6
JITTER = 0.25
WORST_JPEG = 40


def _crop(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    share = rng.uniform(SMALLEST_CROP, 1) ** 0.5
    width, height = (max(1, round(side * share)) for side in image.size)
    left, top = (
        int(rng.integers(0, whole - part + 1)) for whole, part in zip(image.size, (width, height), strict=True)
    )
    return image.crop((left, top, left + width, top + height))


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream).convert("RGB")


def augmented(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """One random variant; the same generator gives the same variants."""
    image = _crop(image, rng)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(rng.uniform(1 - JITTER, 1 + JITTER))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(*BLUR)))
    if rng.random() < 0.3:
        image = _compressed(image, int(rng.integers(WORST_JPEG, 96)))
    return image
