"""Pictures to try a pipeline on: samples that are always there, and one's own."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from PIL import Image

from core.augmentation import drawings
from core.augmentation.draws import Bytes
from core.errors import InputError
from core.images.digits import read_digits
from core.reader.upload import read_picture

_GAP = 2.0  # at least twice the size is left for the filter itself
LONGEST = 512  # pixels of the longer side of an own picture, twice as many as pages show
_PHOTO = 384
_WHITE = 255


@dataclass(frozen=True)
class Sample:
    """A picture that comes with the explorer.

    Attributes:
        name: Its key in `SAMPLES` and in the address.
        label: What a person reads in the list of choices.
        data: The kind of data that it stands for, a key of `spec.DATA_KINDS`.
        make: Makes or reads it; `sample` keeps what comes of it.
        licence: Where it is from.
    """

    name: str
    label: str
    data: str
    make: Callable[[], Bytes]
    licence: str = "drawn by this project"


def _photo(name: str) -> Bytes:
    # Imported on request: scikit-learn costs half a second.
    bunch = importlib.import_module("sklearn.datasets")
    return reduced(np.asarray(bunch.load_sample_image(f"{name}.jpg")), _PHOTO)


def _digit(label: int) -> Bytes:
    digits = read_digits()
    first = int((digits.labels == label).nonzero()[0])
    return np.array(digits.images[first, 0].numpy())


_PHOTOS = "from scikit-learn, CC BY"
_DIGITS = "from scikit-learn, CC BY 4.0"
SAMPLES: dict[str, Sample] = {
    one.name: one
    for one in (
        Sample("cat", "A cat", "photos", drawings.cat),
        Sample("landscape", "A landscape", "photos", drawings.landscape),
        Sample("flower", "A flower (photo)", "photos", partial(_photo, "flower"), _PHOTOS),
        Sample("china", "A temple (photo)", "photos", partial(_photo, "china"), _PHOTOS),
        Sample("sign", "A stop sign", "text", drawings.sign),
        Sample("arrow", "Turn left", "text", drawings.arrow),
        Sample("fresh", "A fresh apple", "ripeness", drawings.fresh_apple),
        Sample("rotten", "A rotten apple", "ripeness", drawings.rotten_apple),
        Sample("letters", "b, d, p and q", "letters", drawings.letters),
        Sample("six", "A handwritten 6", "digits", partial(_digit, 6), _DIGITS),
        Sample("two", "A handwritten 2", "digits", partial(_digit, 2), _DIGITS),
        Sample("seven", "A handwritten 7", "digits", partial(_digit, 7), _DIGITS),
    )
}


def sample(name: str) -> Bytes:
    """The sample of that name; the array is shared, so that it cannot be written to.

    Returns:
        uint8 of shape (H, W, 3), or (28, 28) for a digit.

    Raises:
        InputError: There is none.
    """
    if name not in SAMPLES:
        known = ", ".join(SAMPLES)
        raise InputError(f'There is no picture "{str(name)[:20]}". There are: {known}.')
    return _kept(name)


@cache
def _kept(name: str) -> Bytes:
    picture = np.ascontiguousarray(SAMPLES[name].make())
    picture.flags.writeable = False
    return picture


def open_picture(data: bytes, longest: int = LONGEST, enough: int = LONGEST) -> Bytes:
    """Open the file of one's own picture, whatever kind it is.

    It is turned as the camera noted; CMYK, palettes and 16-bit values become eight-bit red,
    green and blue; transparent parts become white; of an animation the first picture counts.

    Args:
        data: The file, at most 30 MB with 120 million pixels.
        longest: Pixels of the longer side at most.
        enough: To how many pixels a large file may be reduced at once: fewer are faster.

    Returns:
        uint8 of shape (H, W, 3), the longer side at most 512 pixels if not told otherwise.

    Raises:
        InputError: No picture, a damaged or unknown one, or one that is too large.
    """
    array = read_picture(data, enough)
    if array.ndim == 2:
        array = np.repeat(array[:, :, None], 3, axis=2)
    if array.shape[2] == 4:
        colours, opacity = array[:, :, :3].astype(np.float32), array[:, :, 3:] / np.float32(_WHITE)
        array = np.round(colours * opacity + _WHITE * (1 - opacity)).astype(np.uint8)
    return reduced(array, longest)


def reduced(picture: Bytes, longest: int) -> Bytes:
    """The picture with a longer side of at most that many pixels, in its own proportions.

    Args:
        picture: uint8 of shape (H, W) or (H, W, 3).
        longest: 1 or more.
    """
    height, width = picture.shape[:2]
    if max(height, width) <= longest:
        return np.ascontiguousarray(picture)
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # What is to become less than half is averaged in squares first. Hamming is three times as fast
    # as Lanczos, and nobody sees the difference: both look at all pixels that become one.
    image = Image.fromarray(picture)
    return np.array(image.resize(size, Image.Resampling.HAMMING, reducing_gap=_GAP))
