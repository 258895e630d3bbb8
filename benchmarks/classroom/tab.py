"""A browser tab without a browser: it speaks Streamlit's own protocol over a real WebSocket.

It keeps what a tab keeps: which components are on the page and in which fragment, what each of
them said last, which messages lie in the cache, and the address. Every rerun carries all of
that, as Streamlit's front end sends it. Nothing is drawn.
"""

from __future__ import annotations

import asyncio
import json
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

KEY = re.compile(r"^\$\$ID-[0-9a-f]+-(.*)$")
ACK = re.compile(rb'"ack": "([^"]*)"')
HEAD = 400  # bytes of a header in which the name of the answered message stands
TAIL = 120  # bytes at its end in which it says what is to follow
AGE, LEFT = 8, 40  # runs after which a message is named no more, and after which it is let go
LARGEST = 200_000_000


@dataclass
class Part:
    """A component on the page.

    Attributes:
        id: How Streamlit calls it.
        fragment: The fragment that draws it, empty for the page itself.
        data: The newest message to it.
        run: The run that drew it last.
    """

    id: str
    fragment: str
    data: bytes
    run: int

    @property
    def ack(self) -> str | None:
        """The name of the gestures that its newest message answers."""
        found = ACK.search(self.data, 4, HEAD)
        return None if found is None else found[1].decode()

    def says(self, name: str) -> bool:
        """Whether the end of its newest message says that something is to follow."""
        (length,) = struct.unpack_from("<I", self.data)
        end = self.data[max(4, 4 + length - TAIL) : 4 + length]
        return f'"{name}": true'.encode() in end

    @property
    def header(self) -> dict[str, Any]:
        """The JSON part of its newest message."""
        (length,) = struct.unpack_from("<I", self.data)
        return cast("dict[str, Any]", json.loads(self.data[4 : 4 + length]))


class Tab:
    """One session of a server.

    Args:
        url: The address of the server.
        page: The slug of the page that is opened, empty for home.
        updated: Called with the key of a component for which there is a message.

    Attributes:
        parts: The components on the page, by their keys.
        query: What stands behind the question mark of the address.
        runs: How many runs of the page or of fragments have ended.
        bytes: How many bytes have come.
        problems: What went wrong, in a sentence each.
        page: The slug of the page that is shown.
    """

    def __init__(self, url: str, page: str, updated: Callable[[str, Part], None]) -> None:
        self.url = url
        self.page = page
        self.updated = updated
        self.parts: dict[str, Part] = {}
        self.query = ""
        self.runs = 0
        self.bytes = 0
        self.problems: list[str] = []
        self._states: dict[str, str] = {}
        self._script = ""
        self._run_fragments: tuple[str, ...] = ()
        self._cache: dict[str, tuple[ForwardMsg, int]] = {}
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closing = False

    async def open(self) -> None:
        """Connect, and ask for the page."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        protocols = cast("Any", ["streamlit", "PLACEHOLDER_AUTH_TOKEN"])
        self._socket = await connect(
            address,
            origin=cast("Any", self.url),
            subprotocols=protocols,
            compression=None,
            max_size=LARGEST,
            open_timeout=60,
            ping_interval=None,
        )
        self._reading = asyncio.create_task(self._read())
        await self._rerun("")

    async def close(self) -> None:
        """Leave, as a browser does whose tab is closed."""
        self._closing = True
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def post(self, key: str, message: Mapping[str, Any]) -> None:
        """Set the gestures of a component, which asks for a run of its fragment."""
        part = self.parts.get(key)
        if part is None:  # It is gone, as the page is that it was on.
            return
        self._states[part.id] = json.dumps({"gestures": message}, ensure_ascii=False)
        await self._rerun(part.fragment)

    async def _rerun(self, fragment: str) -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self._script
        asked.fragment_id = fragment
        asked.page_name = "" if self._script else self.page
        asked.cached_message_hashes.extend(
            name for name, (_, run) in self._cache.items() if self.runs - run <= AGE
        )
        asked.context_info.url = f"{self.url}/{self.page}"
        for name, text in self._states.items():
            asked.widget_states.widgets.add(id=name, json_value=text)
        if self._socket is not None:
            try:
                await self._socket.send(message.SerializeToString())
            except ConnectionClosed:
                self._lost()

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for data in self._socket:
                if isinstance(data, bytes):
                    self.bytes += len(data)
                    message = ForwardMsg()
                    message.ParseFromString(data)
                    self._take(message)
        except ConnectionClosed:
            pass
        if not self._closing:
            self._lost()

    def _lost(self) -> None:
        if not self._closing:
            self.problems.append("The server has closed the connection.")

    # -- messages --------------------------------------------------------------------------

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            found = self._cache.get(message.ref_hash)
            if found is None:
                self.problems.append("A message was named that is not in the cache.")
                return
            self._cache[message.ref_hash] = (found[0], self.runs)
            message, kind = found[0], "delta"
        elif message.metadata.cacheable:
            self._cache[message.hash] = (message, self.runs)
        if kind == "delta":
            self._draw(message)
        elif kind == "new_session":
            self._run_fragments = tuple(message.metadata.run.fragment_ids)
            self._script = message.new_session.page_script_hash
        elif kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "script_finished":
            self._finished(message)

    def _draw(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.problems.append(f"{element.exception.type}: {element.exception.message[:200]}")
        if kind != "bidi_component":
            return
        drawn = element.bidi_component
        named = KEY.match(drawn.id)
        key = drawn.id if named is None else named[1]
        before = self.parts.get(key)
        part = Part(drawn.id, message.delta.fragment_id, drawn.bytes, self.runs)
        self.parts[key] = part
        # As the front end: a component hears only what is new to it.
        if before is None or before.id != part.id or before.data != part.data:
            self.updated(key, part)

    def _finished(self, message: ForwardMsg) -> None:
        whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.problems.append("A page could not be compiled.")
        if whole:
            self._sweep()
        self.runs += 1
        old = [name for name, (_, run) in self._cache.items() if self.runs - run > LEFT]
        for name in old:
            del self._cache[name]

    def _sweep(self) -> None:
        """After a run of the whole page, let go of what it has not drawn."""
        gone = [key for key, part in self.parts.items() if part.run < self.runs]
        for key in gone:
            self._states.pop(self.parts.pop(key).id, None)
