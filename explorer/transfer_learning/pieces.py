"""A large file that arrives from the browser in pieces, one after the other."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any

from core.errors import InputError

Event = Mapping[str, Any]
NOT_WHOLE = "The file did not arrive whole. Choose it once more."


class Pieces:
    """Puts the pieces of one file together; another file takes the place of an unfinished one.

    Args:
        most: How many bytes a file may have.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._upload: str | None = None
        self._data = bytearray()

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
                f"The file has {size / 1e6:,.0f} MB; {self._most / 1e6:,.0f} MB are the most."
            )
        if at == 0:
            self._upload, self._data = str(event["upload"]), bytearray()
        if str(event["upload"]) != self._upload or at != len(self._data):
            self.forget()
            raise InputError(NOT_WHOLE)
        self._data += decoded(str(event["data"]))
        if len(self._data) > size:
            self.forget()
            raise InputError(NOT_WHOLE)
        if not event.get("last"):
            return None
        data = bytes(self._data)
        self.forget()
        if len(data) != size:
            raise InputError(NOT_WHOLE)
        return str(event["name"]), data

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
