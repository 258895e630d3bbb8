"""A picture file that a stranger sends, opened with care."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from core.errors import InputError

MAX_BYTES = 30_000_000
MAX_PIXELS = 120_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
ENOUGH = 1600
_SIXTEEN_BITS = 257  # 65,535 / 255


def read_picture(data: bytes, enough: int = ENOUGH) -> NDArray[np.uint8]:
    """Open a picture as its camera or program meant it to be seen.

    It is turned as the camera noted, CMYK and palettes become red, green, blue, 16-bit values
    8-bit ones; of an animation the first picture counts. One that is many times larger than
    needed is reduced by a whole number.

    Args:
        data: The file.
        enough: Pixels of the longer side that are kept at least, if there are so many.

    Returns:
        Shape (H, W), (H, W, 3) or, where parts are transparent, (H, W, 4).

    Raises:
        InputError: No picture, a damaged or unknown one, or one that is too large.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(f"has {len(data) / 1e6:,.0f} MB, and {MAX_BYTES / 1e6:.0f} MB")
    try:
        with _opened(data) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(
                    f"has {image.width:,}×{image.height:,} pixels, and {MAX_PIXELS / 1e6:.0f} "
                    "million"
                )
            image.draft(None, (enough, enough))  # a JPEG is decoded no larger than needed
            plain = _eight_bits(image)
            step = max(plain.size) // enough
            reduced = plain.reduce(step) if step > 1 else plain
            reduced.info = dict(image.info)
            return np.array(ImageOps.exif_transpose(reduced))
    except InputError:
        raise
    except Image.DecompressionBombError:
        raise _too_large(f"has more pixels than {MAX_PIXELS / 1e6:.0f} million, which") from None
    except Exception:  # a broken file makes Pillow raise almost anything
        raise InputError(
            "This file cannot be read as a picture. Choose a PNG or JPEG, or save it as one again."
        ) from None


def _opened(data: bytes) -> Image.Image:
    """The file with its header read, but none of its pixels."""
    with warnings.catch_warnings():
        # Pillow warns from 89 million pixels on; the limit here is checked right after.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=FORMATS)


def _eight_bits(image: Image.Image) -> Image.Image:
    """In grey, in red, green, blue, or with opacity, eight bits each."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.nan_to_num(np.asarray(image, dtype=np.float64))
        if image.mode == "F" and values.max(initial=0.0) <= 1:
            values = values * 255
        elif values.max(initial=0.0) > 255:
            values = values / _SIXTEEN_BITS
        return Image.fromarray(np.clip(np.round(values), 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image.convert("RGB")


def _too_large(what: str) -> InputError:
    return InputError(f"This picture {what} is the limit. Make it smaller and choose it again.")
