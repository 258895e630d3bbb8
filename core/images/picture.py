"""One picture file, of whatever kind, as a small square of bytes."""

from __future__ import annotations

import io

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from core.errors import InputError
from core.images.depth import eight_bits, is_deep
from core.reader.upload import FORMATS

MAX_PIXELS = 40_000_000
LARGEST = "is too large"


def read_picture(data: bytes, side: int, *, grey: bool) -> Tensor:
    """Read a JPEG, PNG or other picture and bring it to side × side pixels.

    It is turned as its camera noted, transparent parts become white, colours of any kind
    become red, green, blue (or grey), 16-bit values 8-bit ones, and the largest square in its
    middle is scaled. Of an animation the first picture counts.

    Args:
        data: The file.
        side: Height and width of the result.
        grey: True for one channel instead of three.

    Returns:
        uint8 of shape (1 or 3, side, side).

    Raises:
        InputError: What is wrong with it, to follow the word "picture": "is damaged", ….
    """
    mode = "L" if grey else "RGB"
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise InputError(LARGEST)
            opened.draft(mode, (2 * side, 2 * side))  # a JPEG is decoded no larger than needed
            turned = ImageOps.exif_transpose(opened)
            square = ImageOps.fit(_eight_bits(turned), (side, side), Image.Resampling.BILINEAR)
            array = np.array(square.convert(mode))
    except InputError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InputError(LARGEST) from None
    except Exception:  # a broken file makes Pillow raise almost anything
        raise InputError("is damaged") from None
    return torch.from_numpy(array.reshape(side, side, -1).transpose(2, 0, 1).copy())


def _eight_bits(image: Image.Image) -> Image.Image:
    """The picture in grey or in red, green, blue, without palette and transparency."""
    if is_deep(image):
        return eight_bits(image)
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        white = Image.new("RGBA", colours.size, "white")
        return Image.alpha_composite(white, colours).convert("RGB")
    return image if image.mode == "L" else image.convert("RGB")
