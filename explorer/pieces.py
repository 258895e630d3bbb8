"""A large file that arrives from the browser in pieces, one after the other."""

from __future__ import annotations

import threading
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from core.errors import InputError

Event = Mapping[str, Any]
NOT_WHOLE = "The file did not arrive whole. Choose it once more."
FULL = "Many large files are on their way to this server just now. Try again in a minute."
MOST = 1_500_000_000  # bytes of the unfinished files of all visitors together
FORGOTTEN_S = 120.0  # an unfinished file of which nothing more came for so long is let go


class Arriving:
    """The books of all files that are still on their way.

    Args:
        most: Bytes of all of them together.
        forgotten_s: After how many seconds without a piece a file is let go.
    """

    def __init__(self, most: int = MOST, forgotten_s: float = FORGOTTEN_S) -> None:
        self._most, self._forgotten_s = most, forgotten_s
        self._touched: WeakKeyDictionary[Pieces, float] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def make_room(self, pieces: Pieces, size: int) -> None:
        """See that a file may grow by a piece.

        Raises:
            InputError: The server holds as much as it may.
        """
        now = time.monotonic()
        with self._lock:
            self._touched[pieces] = now
            for one, touched in list(self._touched.items()):
                if now - touched > self._forgotten_s:
                    one.forget()
                    del self._touched[one]
            if sum(one.held for one in self._touched) + size > self._most:
                raise InputError(FULL)


ARRIVING = Arriving()


class Pieces:
    """Puts the pieces of one file together; another file takes the place of an unfinished one.

    Args:
        most: How many bytes a file may have.
        arriving: The books of all files that are on their way.
    """

    def __init__(self, most: int, arriving: Arriving = ARRIVING) -> None:
        self._most, self._arriving = most, arriving
        self._upload: str | None = None
        self._data = bytearray()

    @property
    def held(self) -> int:
        """How many bytes of an unfinished file are here."""
        return len(self._data)

    def take(self, event: Event) -> tuple[str, bytes] | None:
        """Take a piece.

        Args:
            event: `upload` names the file, `name` is what it is called, `size` its bytes, `at`
                where the piece begins, `data` the piece in base64, `last` whether it is the end.

        Returns:
            Name and bytes of the file when it is whole, else None.

        Raises:
            InputError: Too large a file, or a piece that does not join.
        """
        size, at = int(event["size"]), int(event["at"])
        if not 0 <= size <= self._most:
            self.forget()
            raise InputError(
                f"This file has {size / 1e6:,.1f} MB, and {self._most / 1e6:,.0f} MB is the most."
            )
        if at == 0:
            self._upload, self._data = str(event["upload"]), bytearray()
        if str(event["upload"]) != self._upload or at != len(self._data):
            self.forget()
            raise InputError(NOT_WHOLE)
        try:
            piece = decoded(str(event["data"]))
            if len(self._data) + len(piece) > size:
                raise InputError(NOT_WHOLE)
            self._arriving.make_room(self, len(piece))
        except InputError:
            self.forget()
            raise
        self._data += piece
        if not event.get("last"):
            return None
        data = bytes(self._data)
        self.forget()
        if len(data) != size:
            raise InputError(NOT_WHOLE)
        return str(event.get("name", "")), data

    def forget(self) -> None:
        """Let an unfinished file go."""
        self._upload, self._data = None, bytearray()


def decoded(letters: str) -> bytes:
    """Return the bytes of base64 letters.

    Raises:
        InputError: They are none.
    """
    try:
        return b64decode(letters, validate=True)
    except (NotBase64, ValueError):
        raise InputError(NOT_WHOLE) from None
