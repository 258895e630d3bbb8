"""The head of every page: title, aim, the true address, and what was wrong with a link."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from explorer.lessons import BY_SLUG

BY_ITSELF = frozenset({"look", "look_race", "hello", "thumbs"})  # what pages ask by themselves


def kind_of(event: Mapping[str, Any]) -> str:
    """Return the name of a gesture, whatever a page has sent in its place."""
    return str(event.get("type"))


class Headed(Protocol):
    """A lesson as its head shows it."""

    problems: list[str]

    @property
    def rested(self) -> bool:
        """Whether nothing is in the hand."""

    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""


class Faced(ABC):
    """What a lesson knows about its face: head, address and settings row, as they were drawn."""

    rested: bool
    _drawn: tuple[object, ...] | None = None

    @abstractmethod
    def address(self) -> str:
        """Return the query that shows the same picture in another browser."""

    @abstractmethod
    def needs_page(self) -> bool:
        """Return whether only the page as a whole can show what is outdated."""

    def touched(self, events: Sequence[Mapping[str, Any]], moves: Collection[str] = ()) -> None:
        """Take note of what a hand has done: it holds something, or has let go.

        What a page asks by itself (`BY_ITSELF`) is no hand and leaves that as it is.

        Args:
            events: Gestures in their order.
            moves: Their types that are moves although they do not say so.
        """
        hands = [event for event in events if kind_of(event) not in BY_ITSELF]
        if hands:
            held = (event.get("moving") or kind_of(event) in moves for event in hands)
            self.rested = not all(held)

    def face(self) -> tuple[object, ...]:
        """Return what head and settings row depend on."""
        return self.address(), self.rested

    def head_drawn(self) -> None:
        """Take note that head and settings row are drawn for the state as it is now."""
        self._drawn = self.face()

    def outdated(self) -> bool:
        """Return whether head or settings row show something that is no longer so."""
        return self.needs_page() or self._drawn != self.face()


def head_message(
    slug: str, lesson: Headed, token: str | None = None, buttons: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Return title, aim, the true address, and what was wrong with the one that was opened.

    Args:
        slug: The lesson's slug.
        lesson: The lesson.
        token: Name of the gestures that this answers; None where the head sends none.
        buttons: Further buttons, each with ``label``, ``glyph`` and the ``type`` of its gesture.
    """
    about = BY_SLUG[slug]
    return {
        "ack": token,
        "title": about.title,
        "aim": about.aim,
        "query": lesson.address(),
        "settled": lesson.rested,
        "problems": lesson.problems,
        "actions": True,
        "buttons": list(buttons),
    }
