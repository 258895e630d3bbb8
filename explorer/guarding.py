"""What every answer of the server says to browsers, and how much uploads may take in all.

Streamlit sends none of these headers. They are the defaults that are safe for a class: no other
site may frame the pages, guess at types, or learn an address with somebody's points in it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime

UPLOADS = "/_stcore/upload_file/"
MOST = 1_000_000_000  # bytes of all files that the upload fields of all sessions hold
FULL = "The server holds as many uploaded files as it can. Try again in a minute."
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'; object-src 'none'; base-uri 'self'",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def held() -> int:
    """Return how many bytes of uploaded files Streamlit holds for all sessions."""
    if not runtime.exists():
        return 0
    uploads: Any = runtime.get_instance().uploaded_file_mgr
    families = uploads.get_stats(None).values()
    return sum(int(one.byte_length) for family in families for one in family)


class Guarded:
    """Wraps the server: headers on every answer, and no upload beyond what memory is there for.

    Args:
        app: The server.
        most: How many bytes the upload fields of all sessions may hold together.
        holds: Says how many they hold.
    """

    def __init__(self, app: ASGIApp, most: int = MOST, holds: Callable[[], int] = held) -> None:
        self._app, self._most, self._holds = app, most, holds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["method"] == "PUT" and UPLOADS in scope["path"] and self._holds() >= self._most:
            await PlainTextResponse(FULL, 413)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)
