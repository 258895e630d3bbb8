"""Pictures for the browser: tensors as PNG inside of an address."""

import io
from base64 import b64encode
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SMALL = 4096  # bytes of a picture that is kept as an address


def source(pixels: NDArray[np.uint8]) -> str:
    """Return a picture as an address that holds it.

    Args:
        pixels: uint8 of shape (H, W), (1, H, W), (3, H, W) or (H, W, 3).
    """
    if pixels.ndim == 3 and pixels.shape[0] in (1, 3):
        pixels = pixels.transpose(1, 2, 0)
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[..., 0]
    make = _address if pixels.size <= SMALL else _address.__wrapped__
    return str(make(pixels.tobytes(), pixels.shape))


@lru_cache(maxsize=1024)  # Filters and mistakes come again with every answer.
def _address(data: bytes, shape: tuple[int, ...]) -> str:
    file = io.BytesIO()
    picture = Image.fromarray(np.frombuffer(data, np.uint8).reshape(shape))
    picture.save(file, format="PNG", compress_level=1)
    return "data:image/png;base64," + b64encode(file.getvalue()).decode()


def stretched(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return numbers as grey values: the smallest black, the largest white."""
    low, high = float(values.min()), float(values.max())
    if not high > low:
        return np.full(values.shape, 128, dtype=np.uint8)
    return np.asarray(np.round(255 * (values - low) / (high - low)), dtype=np.uint8)


def signed(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return numbers as grey values: 0 is the middle, the largest in size black or white."""
    largest = max(float(np.abs(values).max()), 1e-12)
    return np.asarray(np.round(127.5 + 127.5 * values / largest), dtype=np.uint8)
