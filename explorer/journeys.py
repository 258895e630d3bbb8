"""Going to another page with something in one's hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from explorer.lessons import BY_SLUG


@dataclass(frozen=True, eq=False)
class Journey:
    """Where a visitor goes, and with what.

    Attributes:
        slug: The page.
        text: A pipeline or a function for it, as text; None without one.
        picture: A picture for it, uint8 of shape (H, W, 3); None without one.
        parameters: What its address says if it was not open yet.
    """

    slug: str
    text: str | None = None
    picture: NDArray[np.uint8] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


class Leaving:
    """The journey that the visitor of a page has asked for, until the page lets go."""

    def __init__(self) -> None:
        self._journey: Journey | None = None

    @property
    def wanted(self) -> bool:
        """Whether somebody wants to leave."""
        return self._journey is not None

    def ask(self, journey: Journey) -> None:
        """Leave as soon as the page runs as a whole.

        Raises:
            InputError: There is no such page.
        """
        if journey.slug not in BY_SLUG or not BY_SLUG[journey.slug].built:
            raise InputError("That page is not there yet.")
        self._journey = journey

    def take(self) -> Journey | None:
        """Return the journey, once."""
        asked, self._journey = self._journey, None
        return asked
