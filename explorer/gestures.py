"""How a page takes gestures and when it runs as a whole: shared by every lesson."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st

from explorer import state
from explorer.gate import Turn
from explorer.heads import kind_of

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

    def needs_page(self) -> bool:
        """Whether only the page as a whole can show what is outdated: a window, another page."""

    def head_drawn(self) -> None:
        """Take note that head and settings row are drawn for the state as it is now."""


L = TypeVar("L", bound=Touchable)
M = TypeVar("M")
MOST_TOKENS = 64  # of one component: a message comes late, if at all, but not that late
_TURNS: WeakKeyDictionary[Touchable, Turn] = WeakKeyDictionary()
_TOKENS: WeakKeyDictionary[Touchable, dict[str, deque[str]]] = WeakKeyDictionary()


def turn(lesson: Touchable) -> Turn:
    """Return the lock of a lesson: whoever holds it is the only one who changes or reads it.

    Streamlit answers a gesture in a new thread while that of the gesture before may still
    compute: without turns both would be inside of the lesson. Behind it stands the gate that
    all lessons share.
    """
    with _MAKING:
        return _TURNS.setdefault(lesson, Turn())


def fresh(lesson: Touchable, part: str, token: str | None) -> bool:
    """Return whether a message has not been carried out yet, and take note that it is now.

    Whoever gets no answer asks again, perhaps another way. The caller holds the turn.

    Args:
        lesson: The lesson of the page.
        part: The component that sent the message.
        token: The name of the message.
    """
    known = _TOKENS.setdefault(lesson, {}).setdefault(part, deque(maxlen=MOST_TOKENS))
    if token is None or token in known:
        return False
    known.append(token)
    return True


def told(lesson: L, make: Callable[[L, str | None], M], token: str | None) -> M:
    """Return a message about a lesson that nobody changes meanwhile.

    Args:
        lesson: The lesson of the page.
        make: Builds the message from the lesson and the token that is answered.
        token: Name of the gestures that this answers.
    """
    with turn(lesson).of_a_run():
        return make(lesson, token)


def carry_out(lesson: Touchable, events: Sequence[Mapping[str, Any]]) -> bool:
    """Carry out gestures; return whether there was one besides the wish to see what is there."""
    real = tuple(event for event in events if kind_of(event) != "refresh")
    if real:
        lesson.apply(real)
    return bool(real)


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
        new = [one.events for part, one in taken.items() if fresh(lesson, part, one.token)]
        carry_out(lesson, [event for events in new for event in events])
    if drawn is not None and any(one.events for part, one in taken.items() if part != drawn):
        st.rerun()
    return {part: one.token for part, one in taken.items()}


def settle(lesson: Touchable) -> None:
    """When the hand is empty, let settings row, address and charts at rest follow."""
    if lesson.rested and lesson.outdated():
        st.rerun()
