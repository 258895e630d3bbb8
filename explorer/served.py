"""Files that are made on a page and fetched from a route, not sent inside of messages.

A message to the browser is held and parsed as a whole, again at each rerun. So a file of more
than 100 kB stays here, in memory, under a name that nobody can guess; the page sends only that
address. Whoever asks has to come from the page itself (`Origin`, `Sec-Fetch-Site`) under the
name of the server by which the page was opened (`Host`). Nothing in an address is a path.
"""

from __future__ import annotations

import secrets
import threading
import time
import weakref
from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

PATH = "/explorer-files/{session}/{name}"
SMALL = 100_000  # bytes: a smaller file goes along inside of the message
LIVES_S = 900.0  # seconds after which a file that nobody fetched is let go
MOST = 256_000_000  # bytes of all sessions together; the oldest file goes first
CHUNK = 1 << 16
GONE = "This file is not kept any more. Make it again on the page."
STRANGER = "This file can only be fetched from the page that made it."


@dataclass(frozen=True, eq=False)
class Kept:
    """A file in memory.

    Attributes:
        data: Its bytes.
        filename: What it is called when it is saved.
        mime: Its kind, such as "application/octet-stream".
        host: The `Host` under which its page was opened; None where that is not known.
        until: When it is let go, on the clock of `time.monotonic`.
    """

    data: bytes
    filename: str
    mime: str
    host: str | None
    until: float


class Shelf:
    """The files of all sessions, shared by the pages and the route.

    Args:
        most: How many bytes are kept at the same time.
        lives_s: For how many seconds a file is kept.
    """

    def __init__(self, most: int = MOST, lives_s: float = LIVES_S) -> None:
        self._most, self._lives_s = most, lives_s
        self._kept: dict[tuple[str, str], Kept] = {}  # (session, name), the oldest first
        self._gone: deque[str] = deque()
        self._lock = threading.Lock()

    def put(self, session: str, data: bytes, filename: str, mime: str, host: str | None) -> str:
        """Keep a file for a while; returns the name that only its page knows."""
        name = secrets.token_urlsafe(24)
        kept = Kept(data, filename, mime, host, time.monotonic() + self._lives_s)
        with self._lock:
            self._kept[session, name] = kept
            self._tidy()
        return name

    def find(self, session: str, name: str) -> Kept | None:
        """Return a file, or None if it was let go or never there."""
        with self._lock:
            self._tidy()
            return self._kept.get((session, name))

    def drop(self, session: str, name: str) -> None:
        """Let a file go."""
        with self._lock:
            self._kept.pop((session, name), None)

    def forget(self, session: str) -> None:
        """Take note that nobody can ask for the files of a session any more.

        The garbage collector calls this, at any moment: nothing is locked or changed here.
        """
        self._gone.append(session)

    def tidy(self) -> None:
        """Let go what nobody fetches any more."""
        with self._lock:
            self._tidy()

    def _tidy(self) -> None:
        now = time.monotonic()
        gone = {self._gone.popleft() for _ in range(len(self._gone))}
        late = [key for key, kept in self._kept.items() if kept.until <= now or key[0] in gone]
        for key in late:
            del self._kept[key]
        total = sum(len(kept.data) for kept in self._kept.values())
        while total > self._most and len(self._kept) > 1:
            total -= len(self._kept.pop(next(iter(self._kept))).data)


SHELF = Shelf()


@dataclass(frozen=True)
class Offer:
    """A file that a page offers.

    Attributes:
        filename: What it is called when it is saved.
        mime: Its kind.
        size: Its bytes.
        version: Tells it from others of the same name.
        base64: The file itself, if it is small, else None.
        name: Its name on the shelf, if it is not.
    """

    filename: str
    mime: str
    size: int
    version: int
    base64: str | None
    name: str | None


class ServedFiles:
    """What one session may fetch; a lesson keeps one of these.

    Args:
        shelf: Where the files lie.
    """

    def __init__(self, shelf: Shelf = SHELF) -> None:
        self._shelf = shelf
        self._session = secrets.token_urlsafe(24)
        self._host = st.context.headers.get("Host")
        self._version = 0
        weakref.finalize(self, shelf.forget, self._session)

    def offer(self, data: bytes, filename: str, mime: str = "application/octet-stream") -> Offer:
        """Keep a file for the browser and say how it gets there.

        Args:
            data: Its bytes.
            filename: What it is called when it is saved.
            mime: Its kind.
        """
        self._version += 1
        if len(data) <= SMALL:
            letters = b64encode(data).decode()
            return Offer(filename, mime, len(data), self._version, letters, None)
        name = self._shelf.put(self._session, data, filename, mime, self._host)
        return Offer(filename, mime, len(data), self._version, None, name)

    def message(self, offer: Offer) -> dict[str, Any] | None:
        """Return what the browser needs to save a file; None once it was let go."""
        made: dict[str, Any] = {"filename": offer.filename, "mime": offer.mime}
        made |= {"size": offer.size, "version": offer.version}
        if offer.name is None:
            return made | {"base64": offer.base64}
        if self._shelf.find(self._session, offer.name) is None:
            return None
        return made | {"address": PATH.format(session=self._session, name=offer.name)}

    def withdraw(self, offer: Offer) -> None:
        """Let a file go that is not offered any more."""
        if offer.name is not None:
            self._shelf.drop(self._session, offer.name)


def serve(request: Request) -> Response:
    """Answer a request for a file: the file piece by piece, or a sentence why not."""
    found = SHELF.find(request.path_params["session"], request.path_params["name"])
    if found is None:
        return PlainTextResponse(GONE, 404, headers={"Cache-Control": "no-store"})
    if not own(request, found.host):
        return PlainTextResponse(STRANGER, 403, headers={"Cache-Control": "no-store"})
    headers = {
        "Content-Length": str(len(found.data)),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.filename, safe='')}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_pieces(found.data), media_type=found.mime, headers=headers)


def own(request: Request, host: str | None) -> bool:
    """Whether a request comes from the page that made the file.

    Args:
        request: What the browser asks.
        host: The `Host` under which the page was opened, or None.
    """
    asked = request.headers.get("host", "")
    origin = request.headers.get("origin")
    if host is not None and asked != host:
        return False
    if origin is not None and urlsplit(origin).netloc != asked:
        return False
    return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _pieces(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    return (bytes(view[at : at + CHUNK]) for at in range(0, len(data), CHUNK))


def home(_: Request) -> Response:
    """Lead to the home page by its name, too: Streamlit knows it at the root alone."""
    return RedirectResponse("./", 307)


def routes() -> list[Route]:
    """Return the routes that the server adds to Streamlit's own."""
    return [Route(PATH, serve, methods=["GET"]), Route("/home", home, methods=["GET"])]
