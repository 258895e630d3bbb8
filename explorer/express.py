"""The short way of a gesture: a route of our own answers it, without a rerun of Streamlit.

A rerun of a fragment costs Streamlit some milliseconds on the server and some tens in the
browser, which draws its whole page again. So a component posts its gestures here: the lesson
carries them out and answers with the message that the fragment would have sent. When that has
made head, settings row or the other parts outdated, the answer says so, and each of them asks
here too. Only what needs Streamlit goes through it: opening a page, leaving it, a window. So does
every gesture that gets no answer here; none is carried out twice.

Whoever asks knows a name that nobody can guess, and comes from the page itself (`Host`, `Origin`,
`Sec-Fetch-Site`). Only events are read, never a path.
"""

from __future__ import annotations

import json
import secrets
import threading
import weakref
from asyncio import get_running_loop
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer import state
from explorer.components.packing import packed
from explorer.gate import CLICK, MOVE
from explorer.gestures import Touchable, carry_out, fresh, turn
from explorer.guarding import HEADERS
from explorer.heads import BY_ITSELF, kind_of
from explorer.served import own

PATH = "/explorer-moves/"
LARGEST = 1_000_000  # bytes of one message; larger ones go through Streamlit, in pieces
MOST_WAITING = 64  # threads that wait; which lesson computes is the gate's decision
UNASKED = BY_ITSELF | {"refresh", "tick"}
GONE = "This page is not known any more."
STRANGER = "This can only be asked by the page itself."
WRONG = "This is no message of a page."
L = TypeVar("L", bound=Touchable)
Made = Mapping[str, Any] | tuple[Mapping[str, Any], NDArray[np.float32]]


class Lane:
    """The short way to one component of one session.

    Args:
        lesson: Whose component it is; it is not kept alive.
        part: Which one.
        make: Builds the component's message from the lesson and the token that is answered.
        whole: Whether all other parts are outdated by its gestures, as by those of settings.
    """

    def __init__(
        self, lesson: L, part: str, make: Callable[[L, str | None], Made], whole: bool
    ) -> None:
        self.name = secrets.token_urlsafe(24)
        self.host = st.context.headers.get("Host")
        self._session = state.session()
        self._lesson = weakref.ref(lesson)
        self._part, self._whole = part, whole
        self._make: Callable[[Any, str | None], Made] = make

    def message(self) -> dict[str, Any]:
        """Return what the browser needs to take this way."""
        return {"address": PATH + self.name, "largest": LARGEST}

    def answer(self, events: Sequence[Mapping[str, Any]], token: str) -> bytes | None:
        """Carry out gestures; return the component as it is then, None if the lesson has gone."""
        lesson = self._lesson()
        if lesson is None:
            return None
        with turn(lesson).asked(max(map(_ahead, events))):
            new = fresh(lesson, self._part, token) and carry_out(lesson, events)
            made = self._make(lesson, token)
            header, values = made if isinstance(made, tuple) else (made, None)
            settle = (new and self._whole) or (lesson.rested and lesson.outdated())
            page = settle and lesson.needs_page()
            if settle and not page:
                lesson.head_drawn()  # They are asked for when the answer is there.
        after = {"session": self._session, "settle": settle, "page": page}
        return packed({**header, **after}, values)


_LANES: weakref.WeakKeyDictionary[Touchable, dict[str, Lane]] = weakref.WeakKeyDictionary()
_NAMED: weakref.WeakValueDictionary[str, Lane] = weakref.WeakValueDictionary()
_ADDING = threading.Lock()


def lane(lesson: L, part: str, make: Callable[[L, str | None], Made], whole: bool = False) -> Lane:
    """Return the short way to a component of a lesson, the same one at every call.

    Args:
        lesson: The lesson of the page.
        part: The component.
        make: Builds its message from the lesson and the token that is answered.
        whole: Whether all other parts are outdated by its gestures, as by those of settings.
    """
    with _ADDING:
        of_lesson = _LANES.setdefault(lesson, {})
        if part not in of_lesson:
            of_lesson[part] = Lane(lesson, part, make, whole)
            _NAMED[of_lesson[part].name] = of_lesson[part]
        return of_lesson[part]


def _ahead(event: Mapping[str, Any]) -> float:
    """Return by how much a gesture comes before what pages ask by themselves."""
    if kind_of(event) in UNASKED:
        return 0.0
    return MOVE if event.get("moving") is True else CLICK


def _gestures(events: object) -> bool:
    """Return whether this is what a component sends."""
    return isinstance(events, list) and bool(events) and all(isinstance(e, Mapping) for e in events)


class Front:
    """Stands before the server and answers the short way itself.

    A class sends a hundred moves a second. The layers that Streamlit puts around every request
    (sessions, compression, routing) would cost more processor time than most of the moves do.

    Args:
        app: Answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["path"].startswith(PATH):
            response = await answered(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def answered(request: Request) -> Response:
    """Answer the gestures of a component, or say in a sentence why not."""
    if request.method != "POST":
        return _refused(WRONG, 405)
    found = _NAMED.get(request.scope["path"].removeprefix(PATH))
    if found is None:
        return _refused(GONE, 404)
    if not own(request, found.host):
        return _refused(STRANGER, 403)
    try:
        told = json.loads(await _body(request))
        events, token = told["events"], told["token"]
    except (ClientDisconnect, ValueError, KeyError, TypeError, RecursionError):
        return _refused(WRONG, 400)
    if not isinstance(token, str) or not _gestures(events):
        return _refused(WRONG, 400)
    made = await get_running_loop().run_in_executor(_THREADS, found.answer, events, token)
    if made is None:
        return _refused(GONE, 404)
    return Response(made, media_type="application/octet-stream", headers=_HEADERS)


_HEADERS = {**HEADERS, "Cache-Control": "no-store"}
_THREADS = ThreadPoolExecutor(MOST_WAITING, thread_name_prefix="move")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise ValueError(WRONG)
    return bytes(body)


def _refused(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, headers=_HEADERS)
