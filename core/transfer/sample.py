"""One example of a class: a picture, where it is from and what its file was called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import InputError

Picture = NDArray[np.uint8]
Origin = Literal["upload", "webcam", "drawing", "set", "shared"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)
SHORTER, LONGER = 256, 1024  # pixels of the two sides of a sample at most
LONGEST_NAME = 80
ID = re.compile(r"[0-9a-f]{16}(-[0-9]{1,4})?")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, marks that turn the text round, no characters


@dataclass(frozen=True, eq=False)
class Sample:
    """A picture that a class is learnt from. `sample_of` makes one.

    Attributes:
        id: Its name within a collection: the digest of its pixels, and a number behind it where
            the same picture was collected more than once.
        picture: uint8 of shape (H, W, 3) in red, green, blue, not to be written to; the shorter
            side has at most 256 pixels, the longer one 1,024.
        origin: How it came: "upload", "webcam", "drawing", "set" or "shared".
        name: What its file was called, in at most 80 harmless characters; may be empty.
    """

    id: str
    picture: Picture
    origin: Origin
    name: str = ""

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that are the same for the same pixels."""
        return self.id[:16]

    def renumbered(self, number: int) -> Sample:
        """The same picture under another name, for the second and later copies of it."""
        return replace(self, id=self.digest if number < 2 else f"{self.digest}-{number}")


def sample_of(picture: NDArray[np.uint8], origin: Origin, name: str = "") -> Sample:
    """Make a sample of a picture of any size.

    Args:
        picture: uint8 of shape (H, W), (H, W, 1) or (H, W, 3).
        origin: How it came, one of `ORIGINS`.
        name: What its file is called.

    Returns:
        The sample, reduced in its own proportions where it was larger.

    Raises:
        InputError: No picture of that form.
    """
    array = np.asarray(picture)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] not in (1, 3) or not array.size:
        raise InputError(
            "A picture comes as bytes of shape (height, width, 3); "
            f"got {array.dtype} of shape {array.shape}."
        )
    if array.shape[2] == 1:
        array = np.repeat(array, 3, axis=2)
    small = fitted(array)
    small.flags.writeable = False
    return Sample(digest_of(small), small, origin, cleaned(name, LONGEST_NAME))


def fitted(picture: Picture) -> Picture:
    """A copy of the picture, no larger than samples may be, in its own proportions."""
    height, width = picture.shape[:2]
    scale = min(1.0, SHORTER / min(height, width), LONGER / max(height, width))
    if scale == 1.0:
        return np.array(picture, order="C")
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def digest_of(picture: Picture) -> str:
    """Sixteen hexadecimal digits of the pixels and the shape of a picture (BLAKE2b)."""
    digest = hashlib.blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=8)
    digest.update(repr(picture.shape).encode())
    return digest.hexdigest()


def cleaned(text: str, longest: int) -> str:
    """A text as it can be shown anywhere: in one line, without unseen characters, not too long.

    Args:
        text: What a person or a file says.
        longest: Characters of the result at most.
    """
    composed = unicodedata.normalize("NFC", text[: 20 * longest])
    spaced = " ".join(composed.split())
    seen = "".join(one for one in spaced if unicodedata.category(one) not in _UNSEEN)
    return " ".join(seen.split())[:longest].strip()
