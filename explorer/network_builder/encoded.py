"""Points and weights as short text for an address."""

import base64
import binascii
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.networks.plane import LIMIT, MAX_CLASSES, MAX_POINTS

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
PLACE = {digit: value for value, digit in enumerate(DIGITS)}
STEPS = 100  # Points lie on hundredths.
MOST_VALUES = 4000

Point = tuple[float, float, int]


def points_to_text(points: Sequence[Point]) -> str:
    """Return points as five characters each: two for x₁, two for x₂, one for the class."""
    return "".join(_pair(x1) + _pair(x2) + DIGITS[kind] for x1, x2, kind in points)


def _pair(value: float) -> str:
    high, low = divmod(round((value + LIMIT) * STEPS), 64)
    return DIGITS[high] + DIGITS[low]


def points_from_text(text: str) -> tuple[Point, ...]:
    """Return the points that a text holds.

    Raises:
        ValueError: It was not made by `points_to_text`.
    """
    if len(text) % 5 or len(text) > 5 * MAX_POINTS:
        raise ValueError(f"points have five characters each, at most {MAX_POINTS} of them")
    try:
        numbers = [PLACE[digit] for digit in text]
    except KeyError as error:
        raise ValueError("points are made of letters, digits, - and _") from error
    found = []
    for at in range(0, len(numbers), 5):
        a, b, c, d, kind = numbers[at : at + 5]
        x1, x2 = (64 * a + b) / STEPS - LIMIT, (64 * c + d) / STEPS - LIMIT
        if max(x1, x2) > LIMIT or kind >= MAX_CLASSES:
            raise ValueError("a point lies outside of the plane")
        found.append((round(x1, 2), round(x2, 2), kind))
    return tuple(found)


def values_to_text(values: NDArray[np.float32]) -> str:
    """Return numbers to the last bit, as URL-safe base64."""
    return base64.urlsafe_b64encode(values.astype("<f4").tobytes()).decode().rstrip("=")


def values_from_text(text: str) -> NDArray[np.float32]:
    """Return the numbers of a text.

    Raises:
        ValueError: It was not made by `values_to_text`, or holds what is no finite number.
    """
    if len(text) > 6 * MOST_VALUES:
        raise ValueError("these are too many weights")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("weights are written in base64") from error
    if len(raw) % 4:
        raise ValueError("the weights were cut off")
    values = np.frombuffer(raw, dtype="<f4").astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("weights are finite numbers")
    return values
