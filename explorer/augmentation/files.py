"""Pictures on their way to the browser: small files, one behind the other in one payload."""

import io
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.augmentation.draws import Bytes
from core.augmentation.pictures import SAMPLES, sample

LARGEST = 256  # pixels of the longer side that are sent
PIXELS = 64  # up to here pixels stay pixels
THUMB = 72
_QUALITY = 90


def file_of(picture: Bytes, largest: int = LARGEST) -> bytes:
    """Return a picture as a file: PNG if it is small, JPEG otherwise.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        largest: What its longer side is brought down to, in pixels.
    """
    image = Image.fromarray(np.ascontiguousarray(picture))
    if max(image.size) > largest:
        scale = largest / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BILINEAR)
    file = io.BytesIO()
    if max(image.size) <= PIXELS:
        image.save(file, format="PNG", compress_level=1)
    else:
        image.save(file, format="JPEG", quality=_QUALITY)
    return file.getvalue()


@dataclass(frozen=True, eq=False)
class Print:
    """A picture of which only the file is kept: a fifth of the memory, or less.

    Attributes:
        file: PNG or JPEG, as `file_of` makes it.
        shape: Height, width and channels of the picture.
    """

    file: bytes
    shape: tuple[int, ...]


def printed(picture: Bytes) -> Print:
    """Return a picture as its file."""
    return Print(file_of(picture), picture.shape)


class Files:
    """The files of the pictures on screen; of those that stay none is made again."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[Bytes, bytes]] = {}

    def of(self, pictures: Sequence[Bytes]) -> list[bytes]:
        """Return each picture as a file; what is not among them is forgotten."""
        kept: dict[int, tuple[Bytes, bytes]] = {}
        for one in pictures:
            if id(one) not in kept:
                kept[id(one)] = self._kept.get(id(one)) or (one, file_of(one))
        self._kept = kept  # It holds the pictures, so that their numbers stay theirs.
        return [kept[id(one)][1] for one in pictures]


def payload(files: Sequence[bytes]) -> NDArray[np.float32]:
    """Return files behind each other as a message carries them, filled up to whole numbers."""
    joined = b"".join(files)
    return np.frombuffer(joined + b"\0" * (-len(joined) % 4), dtype="<f4")


def source(picture: Bytes, largest: int = LARGEST) -> str:
    """Return a picture as an address that holds it."""
    file = file_of(picture, largest)
    kind = "png" if file.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{b64encode(file).decode()}"


@cache
def thumbnails() -> tuple[tuple[str, str, str], ...]:
    """Return name, label and small picture of every sample."""
    return tuple((name, one.label, source(sample(name), THUMB)) for name, one in SAMPLES.items())
