"""When the cards under the stage have something new to show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from explorer.heads import kind_of

QUIET = frozenset({"look", "ink"})  # Gestures that no card depends on.


class Following:
    """The number of the newest picture of the stage that the cards have to follow.

    A run that is watched changes the stage once or twice a second and the cards once an epoch.

    Attributes:
        frame: That number; the cards are drawn again when it changes.
    """

    def __init__(self) -> None:
        self.frame = 0
        self._run: tuple[object, ...] = ()

    def gestures(self, events: Iterable[Mapping[str, Any]], frame: int) -> None:
        """Take note of gestures; most of them change what cards show."""
        if any(kind_of(event) not in QUIET for event in events):
            self.frame = frame

    def run(self, about: tuple[object, ...], frame: int) -> None:
        """Take note of how the shown run is doing."""
        if about != self._run:
            self._run, self.frame = about, frame
