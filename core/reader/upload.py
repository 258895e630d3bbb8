"""A picture file that a stranger sends, opened with care."""

from __future__ import annotations

import io
import threading
import warnings
from contextlib import nullcontext

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from core.errors import InputError
from core.images.depth import eight_bits, is_deep

MAX_BYTES = 30_000_000
MAX_PIXELS = 120_000_000
MAX_DEEP = 40_000_000  # pixels of 16 bits and more
LARGE = 12_000_000  # pixels from which on one picture is open at a time in the whole server
# Pillow knows many more; some of them, such as PostScript, start other programs.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
ENOUGH = 1600
_ONE_AT_A_TIME = threading.Lock()


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
            _check_size(image)
            image.draft(None, (enough, enough))  # a JPEG is decoded no larger than needed
            large = image.width * image.height > LARGE
            with _ONE_AT_A_TIME if large else nullcontext():
                return _pixels(image, enough)
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


def _check_size(image: Image.Image) -> None:
    most = MAX_DEEP if is_deep(image) else MAX_PIXELS
    if image.width * image.height > most:
        raise _too_large(
            f"has {image.width:,}×{image.height:,} pixels, and {most / 1e6:.0f} million"
        )


def _pixels(image: Image.Image, enough: int) -> NDArray[np.uint8]:
    plain = _eight_bits(image)
    step = max(plain.size) // enough
    reduced = plain.reduce(step) if step > 1 else plain
    reduced.info = dict(image.info)
    ImageOps.exif_transpose(reduced, in_place=True)  # else a copy is made, turned or not
    return np.array(reduced)


def _eight_bits(image: Image.Image) -> Image.Image:
    """In grey, in red, green, blue, or with opacity, eight bits each."""
    if is_deep(image):
        return eight_bits(image)
    grey = "L" if image.mode in ("1", "L") else "RGB"
    mode = "RGBA" if image.has_transparency_data else grey
    return image if image.mode == mode else image.convert(mode)  # a copy would double the memory


def _too_large(what: str) -> InputError:
    return InputError(f"This picture {what} is the limit. Make it smaller and choose it again.")
