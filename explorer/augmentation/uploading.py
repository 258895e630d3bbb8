"""One's own picture, as it comes from the browser."""

from __future__ import annotations

import binascii
from base64 import b64decode

from core.augmentation.draws import Bytes
from core.augmentation.pictures import open_picture
from core.errors import InputError

MAX_UPLOAD = 12_000_000  # bytes of a file


def opened(letters: str) -> Bytes:
    """Return the picture of a file that was sent as letters.

    Args:
        letters: The file in base64.

    Returns:
        uint8 of shape (H, W, 3), the longer side at most 512 pixels.

    Raises:
        InputError: A file that is too large, did not arrive whole, or is no picture.
    """
    if len(letters) * 3 // 4 > MAX_UPLOAD + 3:
        raise too_large(len(letters) * 3 / 4)
    try:
        data = b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("The file did not arrive whole. Choose it once more.") from None
    return open_picture(data)


def too_large(size: float) -> InputError:
    """Return what is said about a file of that many bytes."""
    return InputError(
        f"This file has {size / 1e6:,.0f} MB, and {MAX_UPLOAD / 1e6:.0f} MB is the most. "
        "Save it smaller, or as a JPEG."
    )
