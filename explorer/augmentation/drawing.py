"""The sixteen draws on screen: as many anew in each answer as there is time for."""

from __future__ import annotations

import os
import time
from collections.abc import Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from core.augmentation.draws import Drawing
from core.cores import roam
from explorer.augmentation.files import Print, printed
from explorer.augmentation.settings import COUNT
from explorer.gate import GATE

if TYPE_CHECKING:
    from explorer.augmentation.looking import Looking

BUDGET_S = 0.12  # for the draws of one answer, while something is in the hand
EVERY = frozenset(range(COUNT))
# Shared by all sessions while they are few.
_DRAWING = ThreadPoolExecutor(min(2, os.cpu_count() or 1), initializer=roam)


class Draws:
    """Keeps the draws of a page.

    Args:
        looking: What is looked at.

    Attributes:
        took_s: How long the transforms took for the last draw; None before the first.
    """

    def __init__(self, looking: Looking) -> None:
        self.looking = looking
        self._pictures: dict[int, Print] = {}
        self._state: Hashable = None
        self._done: frozenset[int] = frozenset()
        self.took_s: float | None = None

    def complete(self, state: Hashable) -> bool:
        """Return whether every draw is one of this state."""
        return state == self._state and self._done == EVERY

    def pictures(self, state: Hashable) -> list[Print]:
        """Return the draws, those that were missing made anew.

        While something is in the hand, or many people are here, those that do not fit into an
        eighth of a second stay as they were; the draw that is looked into comes first.

        Args:
            state: What they depend on.
        """
        if state != self._state:
            self._state, self._done = state, frozenset()
        if self._done != EVERY:
            made = self._drawn(EVERY - self._done)
            self._pictures |= made
            self._done |= made.keys()
        return [self._pictures[k] for k in range(COUNT)]

    def _drawn(self, missing: frozenset[int]) -> dict[int, Print]:
        """As many of the missing draws as there is time for, by number."""
        lesson = self.looking.lesson
        chosen, seed = lesson.settings.draw, lesson.settings.seed
        hurry = bool(self._pictures) and (GATE.crowded or not lesson.rested)
        drawing = Drawing(self.looking.picture(), self.looking.able)
        way = self.looking.chain() if chosen in missing else []
        numbers = sorted(missing, key=lambda k: (k != chosen, k))
        limit = time.perf_counter() + GATE.share(BUDGET_S)

        def draw(k: int) -> Print | None:
            if k == chosen and way:
                return printed(way[-1].picture)
            late = hurry and k != numbers[0] and time.perf_counter() > limit
            if late:
                return None
            picture, self.took_s = drawing.timed(seed, k)
            return printed(picture)

        # In a crowd other threads would only take the lock of Python from each other.
        made = zip(numbers, (map if GATE.crowded else _DRAWING.map)(draw, numbers), strict=True)
        return {k: picture for k, picture in made if picture is not None}
