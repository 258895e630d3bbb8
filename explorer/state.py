"""What outlives a rerun: the lesson on each page and the gestures that reach it.

This is the only module that names ``st.session_state``. Each page keeps one object
there; components put their gestures there before the fragment runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Gestures:
    """What a component sent since the last run.

    Attributes:
        events: The gestures in the order in which they were made; empty when this
            message was seen before.
        token: Name of the message, to be sent back so that the next one may come.
    """

    events: tuple[Mapping[str, Any], ...] = field(default=())
    token: str | None = None


def lesson(slug: str, make: Callable[[], T]) -> T:
    """Return the one object that a page keeps, made on the first visit.

    Args:
        slug: The page's slug.
        make: Called once for each session, when the page is first opened.
    """
    key = f"{slug}_lesson"
    if key not in st.session_state:
        st.session_state[key] = make()
    kept: T = st.session_state[key]
    return kept


def session() -> str:
    """Return a name of this session; a server that was started again gives another one."""
    name: str = st.session_state.setdefault("explorer_session", token_hex(8))
    return name


def visited(slug: str) -> object | None:
    """Return what another page of this session keeps, or None if it was not opened yet.

    Args:
        slug: The other page's slug.
    """
    kept: object | None = st.session_state.get(f"{slug}_lesson")
    return kept


def take_gestures(key: str) -> Gestures:
    """Return the gestures of a component, each message once.

    Args:
        key: The key with which the component is mounted. Call this before the mount:
            then the answer is in the same run.
    """
    message = _mapping(_mapping(st.session_state.get(key)).get("gestures"))
    token = message.get("token")
    seen = f"{key}_seen"
    if token is None:  # A page switch forgets what components sent; the answer is still due.
        return Gestures(token=st.session_state.get(seen))
    if st.session_state.get(seen) == token:
        return Gestures(token=token)
    st.session_state[seen] = token
    events = message.get("events")
    listed = events if isinstance(events, list | tuple) else ()
    return Gestures(tuple(event for event in listed if isinstance(event, Mapping)), token)


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return what a browser sent, or nothing if it is not what a component sends."""
    return value if isinstance(value, Mapping) else {}
