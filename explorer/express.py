"""The short way of a move: a stage is answered by a route of our own, without a rerun.

A rerun of a fragment costs Streamlit some milliseconds on the server and some tens in the
browser, which draws its whole page again. While something is in the hand, while a network plays
and while a run is watched, nothing of the page changes but the stage. So a message that holds
nothing but moves is posted here: the lesson carries it out and answers with the message that the
fragment would have sent. Everything else, and every move that gets no answer here, goes through
Streamlit as before.

Whoever asks knows a name that nobody can guess, and comes from the page itself (`Host`, `Origin`,
`Sec-Fetch-Site`). Only events are read, never a path.
"""

from __future__ import annotations

import json
import secrets
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import anyio
import numpy as np
import streamlit as st
from numpy.typing import NDArray
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from explorer import state
from explorer.components.packing import packed
from explorer.gestures import Touchable, turn
from explorer.served import own

PATH = "/explorer-moves/{name}"
LARGEST = 1_000_000  # bytes of one message; the largest that a stage sends is a drawn picture
MOST_WAITING = 64  # threads that wait; which lesson computes is the gate's decision
GONE = "This page is not known any more."
STRANGER = "This can only be asked by the page itself."
WRONG = "This is no message of a stage."
L = TypeVar("L", bound=Touchable)
Made = tuple[Mapping[str, Any], NDArray[np.float32]]


class Lane:
    """The short way to one stage of one session.

    Args:
        lesson: Whose stage it is; it is not kept alive.
        make: Builds the stage's message from the lesson and the token that is answered.
        types: Gestures that are moves by their nature, besides those that say so.
    """

    def __init__(
        self, lesson: L, make: Callable[[L, str | None], Made], types: Sequence[str]
    ) -> None:
        self.name = secrets.token_urlsafe(24)
        self.types = tuple(types)
        self.host = st.context.headers.get("Host")
        self._session = state.session()
        self._lesson = weakref.ref(lesson)
        self._make: Callable[[Any, str | None], Made] = make

    def message(self) -> dict[str, Any]:
        """Return what the browser needs to take this way."""
        return {"address": PATH.format(name=self.name), "types": list(self.types)}

    def takes(self, events: object) -> bool:
        """Whether these are moves and nothing else."""
        if not isinstance(events, list) or not events:
            return False
        return all(isinstance(one, Mapping) and self._moves(one) for one in events)

    def _moves(self, event: Mapping[str, Any]) -> bool:
        return event.get("moving") is True or event.get("type") in self.types

    def answer(self, events: Sequence[Mapping[str, Any]], token: str) -> bytes | None:
        """Carry out moves and return the stage as it is then; None if the lesson has gone."""
        lesson = self._lesson()
        if lesson is None:
            return None
        with turn(lesson):
            lesson.apply(tuple(events))
            header, values = self._make(lesson, token)
            settle = lesson.rested and lesson.outdated()
        return packed({**header, "session": self._session, "settle": settle}, values)


_LANES: weakref.WeakKeyDictionary[Touchable, Lane] = weakref.WeakKeyDictionary()
_NAMED: weakref.WeakValueDictionary[str, Lane] = weakref.WeakValueDictionary()
_ADDING = threading.Lock()


def lane(lesson: L, make: Callable[[L, str | None], Made], types: Sequence[str] = ()) -> Lane:
    """Return the short way to the stage of a lesson, the same one at every call.

    Args:
        lesson: The lesson of the page.
        make: Builds the stage's message from the lesson and the token that is answered.
        types: Gestures that are moves by their nature, besides those that say so.
    """
    with _ADDING:
        found = _LANES.get(lesson)
        if found is None:
            found = _LANES[lesson] = Lane(lesson, make, types)
            _NAMED[found.name] = found
        return found


async def answer(request: Request) -> Response:
    """Answer the moves of a page with its stage, or say in a sentence why not."""
    found = _NAMED.get(request.path_params["name"])
    if found is None:
        return _refused(GONE, 404)
    if not own(request, found.host):
        return _refused(STRANGER, 403)
    try:
        told = json.loads(await _body(request))
        events, token = told["events"], told["token"]
    except (ClientDisconnect, ValueError, KeyError, TypeError, RecursionError):
        return _refused(WRONG, 400)
    if not isinstance(token, str) or not found.takes(events):
        return _refused(WRONG, 400)
    made = await anyio.to_thread.run_sync(found.answer, events, token, limiter=_limiter())
    if made is None:
        return _refused(GONE, 404)
    return Response(made, media_type="application/octet-stream", headers=_HEADERS)


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_LIMITERS: dict[str, anyio.CapacityLimiter] = {}


def _limiter() -> anyio.CapacityLimiter:
    """Return the line in which lessons wait; made inside of the event loop that it serves."""
    return _LIMITERS.setdefault("moves", anyio.CapacityLimiter(MOST_WAITING))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise ValueError(WRONG)
    return bytes(body)


def _refused(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, headers=_HEADERS)


def routes() -> list[Route]:
    """Return the routes that the server adds to Streamlit's own."""
    return [Route(PATH, answer, methods=["POST"])]
