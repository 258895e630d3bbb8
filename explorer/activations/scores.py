"""The softmax view: scores in the hand, and what softmax makes of them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.activations.softmax import softmax, softmax_jacobian
from core.errors import InputError
from explorer.activations.rules import FEWEST_SCORES, LARGEST_SCORE, MOST_SCORES
from explorer.activations.settings import Settings
from explorer.numbers import significant

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Vector:
    """What softmax makes of the scores.

    Attributes:
        scores: One for each class.
        temperature: What they are divided by.
        selected: Which one was touched last, from 0.
        probabilities: Shape (N,), with a sum of 1.
        row: ∂p/∂z of the selected probability, by every score, shape (N,).
    """

    scores: tuple[float, ...]
    temperature: float
    selected: int
    probabilities: Floats
    row: Floats

    @property
    def powers(self) -> tuple[Floats, bool]:
        """exp(z/T), and whether the largest score had to be subtracted first."""
        z = np.array(self.scores) / self.temperature
        with np.errstate(over="ignore"):
            powers = np.exp(z)
        plain = bool(np.isfinite(powers.sum()) and powers.sum() > 0)
        return (powers, False) if plain else (np.exp(z - z.max()), True)


def vector(settings: Settings) -> Vector:
    """Return the scores of the settings with their probabilities and derivatives."""
    scores, temperature = settings.scores, settings.temperature
    selected = min(int(settings.selected), len(scores)) - 1
    row = softmax_jacobian(scores, temperature)[selected]
    return Vector(scores, temperature, selected, softmax(scores, temperature), row)


def moved(settings: Settings, index: int, z: float) -> Settings:
    """Put one score; it is the selected one from then on.

    Raises:
        InputError: There is no such score, or it is no number.
    """
    if not 0 <= index < len(settings.scores) or z != z:
        raise InputError("There is no such score.")
    scores = list(settings.scores)
    scores[index] = round(min(LARGEST_SCORE, max(-LARGEST_SCORE, z)), 2)
    return replace(settings, scores=tuple(scores), selected=index + 1)


def shifted(settings: Settings, amount: float) -> tuple[Settings, str]:
    """Add a number to all scores; return also by how much the probabilities changed.

    Raises:
        InputError: A score would leave its limits.
    """
    scores = tuple(round(score + amount, 2) for score in settings.scores)
    if not all(abs(score) <= LARGEST_SCORE for score in scores):
        raise InputError(f"Scores go from −{LARGEST_SCORE} to {LARGEST_SCORE}: choose a preset.")
    after = softmax(scores, settings.temperature)
    change = float(np.abs(after - softmax(settings.scores, settings.temperature)).max())
    said = "not one digit" if change == 0 else f"by {significant(change)} at most, by rounding"
    return replace(settings, scores=scores), (
        f"All scores grew by {amount:g}. The probabilities changed {said}: only differences count."
    )


def resized(settings: Settings, count: int) -> Settings:
    """Add scores of 0 at the end, or drop the last ones.

    Raises:
        InputError: Fewer than 3 or more than 6.
    """
    if not FEWEST_SCORES <= count <= MOST_SCORES:
        raise InputError(f"Choose {FEWEST_SCORES} to {MOST_SCORES} scores.")
    scores = (*settings.scores, *[0.0] * count)[:count]
    return replace(settings, scores=scores, selected=min(int(settings.selected), count))
