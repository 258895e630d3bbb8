"""Grey values of more than eight bits as bytes, with no more memory than the picture itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SIXTEEN_BITS = 257  # 65,535 / 255
_BAND = 64  # rows at a time


def is_deep(image: Image.Image) -> bool:
    """Whether a picture has 16-bit, 32-bit or floating values."""
    return image.mode.startswith("I") or image.mode == "F"


def eight_bits(image: Image.Image) -> Image.Image:
    """Return the picture in grey with values from 0 to 255.

    Values up to 255 stay; beyond they are taken for 16 bits. Floating ones up to 1 are taken for
    shares of white. What is no number becomes black.

    Args:
        image: A picture for which `is_deep` holds.
    """
    values = np.asarray(image)
    bands = range(0, len(values), _BAND)
    largest = max((float(_plain(values[at : at + _BAND]).max()) for at in bands), default=0.0)
    factor = 1 / _SIXTEEN_BITS if largest > 255 else 1.0
    if image.mode == "F" and largest <= 1:
        factor = 255.0
    result = np.empty(values.shape, dtype=np.uint8)
    for at in bands:
        band = np.round(_plain(values[at : at + _BAND]) * factor)
        result[at : at + _BAND] = np.clip(band, 0, 255)
    return Image.fromarray(result)


def _plain(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64))
