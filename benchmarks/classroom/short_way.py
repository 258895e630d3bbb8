"""The short way of a move, as `explorer/static/express.js` takes it: one request, one answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 6.0


def quick(events: Sequence[Mapping[str, Any]], lane: Mapping[str, Any] | None) -> bool:
    """Return whether a message may go there: it does not leave and needs no whole page."""
    if lane is None or len(json.dumps(events)) > lane["largest"]:
        return False
    return not any(one.get("leaves") or one.get("page") for one in events)


class ShortWay:
    """A connection that stays open, as a browser keeps one.

    Args:
        url: The address of the server.
    """

    def __init__(self, url: str) -> None:
        self._origin, self._at = url, urlsplit(url)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._lock = asyncio.Lock()

    async def ride(self, address: str, message: Mapping[str, Any]) -> bytes:
        """Post a message; return the answer.

        Raises:
            OSError: There is none, or a refusal.
        """
        async with self._lock:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    body = json.dumps(message).encode()
                    try:
                        return await self._asked(address, body)
                    except (ConnectionError, asyncio.IncompleteReadError):
                        self.close()  # The server closes what is idle for some seconds.
                        return await self._asked(address, body)
            except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
                self.close()
                raise OSError("the short way gave no answer") from error
            except asyncio.CancelledError:
                self.close()
                raise

    def close(self) -> None:
        """Let the connection go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _asked(self, address: str, body: bytes) -> bytes:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._at.hostname, self._at.port)
        reader, writer = self._streams
        head = (
            f"POST {address} HTTP/1.1\r\nHost: {self._at.netloc}\r\nOrigin: {self._origin}\r\n"
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        answer = await reader.readexactly(int(headers["content-length"]))
        if lines[0].split()[1] != "200":
            raise OSError(answer.decode())
        return answer
