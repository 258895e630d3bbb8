"""How a page takes gestures and when it runs as a whole: shared by every lesson."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import streamlit as st

from explorer import state


class Touchable(Protocol):
    """A lesson that gestures change."""

    @property
    def rested(self) -> bool:
        """Whether nothing is in the hand."""

    def apply(self, events: tuple[Mapping[str, Any], ...], /) -> None:
        """Carry out gestures in their order."""

    def outdated(self) -> bool:
        """Whether head or settings row show something that is no longer so."""


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
    taken = {part: state.take_gestures(f"{slug}_{part}") for part in parts}
    events = tuple(e for one in taken.values() for e in one.events if e.get("type") != "refresh")
    if events:
        lesson.apply(events)
    if drawn is not None and any(one.events for part, one in taken.items() if part != drawn):
        st.rerun()
    return {part: one.token for part, one in taken.items()}


def settle(lesson: Touchable) -> None:
    """When the hand is empty, let settings row, address and charts at rest follow."""
    if lesson.rested and lesson.outdated():
        st.rerun()
