"""How a page takes gestures and when it runs as a whole: shared by every lesson."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from explorer import state
from explorer.gate import Turn

_MAKING = threading.Lock()


class Touchable(Protocol):
    """A lesson that gestures change."""

    @property
    def rested(self) -> bool:
        """Whether nothing is in the hand."""

    def apply(self, events: tuple[Mapping[str, Any], ...], /) -> None:
        """Carry out gestures in their order."""

    def outdated(self) -> bool:
        """Whether head or settings row show something that is no longer so."""


L = TypeVar("L", bound=Touchable)
M = TypeVar("M")
_TURNS: WeakKeyDictionary[Touchable, Turn] = WeakKeyDictionary()


def turn(lesson: Touchable) -> Turn:
    """Return the lock of a lesson: whoever holds it is the only one who changes or reads it.

    Streamlit answers a gesture in a new thread while that of the gesture before may still
    compute: without turns both would be inside of the lesson. Behind it stands the gate that
    all lessons share.
    """
    with _MAKING:
        return _TURNS.setdefault(lesson, Turn())


def told(lesson: L, make: Callable[[L, str | None], M], token: str | None) -> M:
    """Return a message about a lesson that nobody changes meanwhile.

    Args:
        lesson: The lesson of the page.
        make: Builds the message from the lesson and the token that is answered.
        token: Name of the gestures that this answers.
    """
    with turn(lesson).of_a_run():
        return make(lesson, token)


def gathered(
    lesson: Touchable, slug: str, parts: Sequence[str], drawn: str | None = None
) -> dict[str, str | None]:
    """Carry out the gestures that have arrived; return the tokens to answer with.

    Two fragments may be asked for at once and only one of them run. So when a fragment,
    which draws only the part `drawn`, takes the gestures of another part, the whole page is
    run, and every part gets its answer.

    Args:
        lesson: The lesson of the page.
        slug: Its slug; the parts are mounted as ``slug_part``.
        parts: The components of the page that send gestures.
        drawn: The part that the calling fragment draws, or None for the whole page.
    """
    with turn(lesson).of_a_run():
        taken = {part: state.take_gestures(f"{slug}_{part}") for part in parts}
        every = (event for one in taken.values() for event in one.events)
        events = tuple(event for event in every if event.get("type") != "refresh")
        if events:
            lesson.apply(events)
    if drawn is not None and any(one.events for part, one in taken.items() if part != drawn):
        st.rerun()
    return {part: one.token for part, one in taken.items()}


def settle(lesson: Touchable) -> None:
    """When the hand is empty, let settings row, address and charts at rest follow."""
    if lesson.rested and lesson.outdated():
        st.rerun()
