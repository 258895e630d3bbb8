"""Samples as files that lose nothing: a PNG for each picture, named by its pixels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from core.errors import InputError
from core.reader.upload import read_picture
from core.transfer.sample import LONGER, Picture, digest_of

MAX_FILE = 4_000_000  # bytes: more than the largest sample needs without any compression
_QUICK = 1  # zlib's fastest level


def to_png(picture: Picture) -> bytes:
    """The picture as a PNG; reading it gives the same pixels."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=_QUICK)
    return buffer.getvalue()


def from_png(data: bytes, digest: str) -> Picture:
    """The picture of a file that `to_png` made.

    Args:
        data: The file.
        digest: What `digest_of` said about the picture.

    Raises:
        InputError: It is no such file, or not that picture.
    """
    if len(data) > MAX_FILE:
        raise InputError("This picture is larger than samples are.")
    picture = read_picture(data, LONGER)
    same = picture.ndim == 3 and picture.shape[2] == 3 and digest_of(picture) == digest
    if not same:
        raise InputError("This picture is damaged: its pixels are not those that were kept.")
    whole = np.ascontiguousarray(picture)
    whole.flags.writeable = False
    return whole
