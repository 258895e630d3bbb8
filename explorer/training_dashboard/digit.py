"""A digit of one's own: drawn or photographed, as the network sees it, and what it says."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.reader.prepare import Prepared, as_mnist, from_strokes
from core.reader.reader import Reader
from explorer.numbers import fixed

LARGEST = 512
NOT_A_PICTURE = "This file could not be opened as a picture. Choose a PNG or a JPEG."


@cache
def shipped_reader() -> Reader:
    """Return the reader that comes with the explorer."""
    return Reader.load()


def pixels_of(event: Mapping[str, Any], width: int, height: int) -> NDArray[np.uint8]:
    """Return the pixels that a browser sent as base64.

    Raises:
        InputError: They are not what a pad or a photograph sends.
    """
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise InputError(NOT_A_PICTURE)
    try:
        raw = b64decode(str(event["pixels"]), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(NOT_A_PICTURE) from error
    if len(raw) != width * height:
        raise InputError(NOT_A_PICTURE)
    return np.frombuffer(raw, dtype=np.uint8).reshape(height, width)


class Digit:
    """What lies on the pad, and what was read.

    Attributes:
        seen: The picture as the network sees it, or None before anything was drawn.
        probabilities: How sure the network is of each class, or None.
        sample: Whether it is a picture of a data set and not one's own.
    """

    def __init__(self) -> None:
        self.seen: Prepared | None = None
        self.probabilities: NDArray[np.float64] | None = None
        self.sample = False

    def show(self, pixels: NDArray[np.uint8], reader: Reader) -> None:
        """Read a picture that somebody else has written, until there is one of one's own."""
        self._read(Prepared(pixels, (4, 4, 20, 20), False, False), reader)
        self.sample = True

    def draw(self, event: Mapping[str, Any], reader: Reader) -> None:
        """Read what is on the pad."""
        size = int(event["size"])
        self._read(from_strokes(pixels_of(event, size, size)), reader)

    def photograph(self, event: Mapping[str, Any], reader: Reader) -> None:
        """Read a picture from a file."""
        width, height = int(event["width"]), int(event["height"])
        self._read(as_mnist(pixels_of(event, width, height)), reader)

    def again(self, reader: Reader) -> None:
        """Let another network read the same picture."""
        if self.seen is not None:
            self._read(self.seen, reader)

    def _read(self, seen: Prepared, reader: Reader) -> None:
        self.seen, self.sample = seen, False
        self.probabilities = None if seen.empty else reader.read(seen.pixels)

    def message(self, classes: tuple[str, ...], name: str) -> dict[str, Any]:
        """Return the pane as JSON.

        Args:
            classes: What the network tells apart.
            name: Which network reads.
        """
        found = self.probabilities
        if self.seen is None or found is None or len(found) != len(classes):
            return {
                "classes": classes,
                "probabilities": None,
                "winner": None,
                "pixels": None,
                "words": "Draw a digit, large and in one go.",
                "detail": f"Read by {name}.",
            }
        order = np.argsort(-found)
        first, second = int(order[0]), int(order[1])
        turned = " Light and dark were turned." if self.seen.turned else ""
        return {
            "classes": classes,
            "probabilities": found.round(4).tolist(),
            "winner": first,
            "pixels": self.seen.pixels.ravel().tolist(),
            "words": f"Reads **{classes[first]}** with {fixed(100 * found[first], 1)} %",
            "detail": f"{_about(self.sample)} as {name} sees it.{turned} "
            f"Second guess {classes[second]}.",
        }


def _about(sample: bool) -> str:
    if sample:
        return "A picture that the example run was checked on; draw one of your own. Left:"
    return "Left: 28 × 28, centred by mass,"
