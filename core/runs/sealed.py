"""Small files that show whether they are whole: JSON with a checksum, replaced in one go."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import zlib
from pathlib import Path
from typing import Any

from core.errors import InputError

_SEAL = re.compile(rb'(.*), "check": "([0-9a-f]{8})"\}', re.DOTALL)


def sealed(values: dict[str, Any]) -> bytes:
    """A JSON object in one line whose last entry, "check", is the CRC-32 of all before it."""
    body = json.dumps(values, ensure_ascii=True, allow_nan=False).encode()[:-1]
    return b'%s, "check": "%08x"}\n' % (body, zlib.crc32(body))


def unsealed(data: bytes) -> dict[str, Any]:
    """The values that `sealed` wrote.

    Raises:
        InputError: Data that were changed or cut off.
    """
    found = _SEAL.fullmatch(data.strip())
    if not found or zlib.crc32(found[1]) != int(found[2], 16):
        raise InputError("This file of the run is damaged.")
    values = json.loads(found[1] + b"}")
    assert isinstance(values, dict)
    return values


def read_sealed(path: Path) -> dict[str, Any]:
    """The values in a file that was written with `sealed`.

    Raises:
        InputError: The file is missing or damaged.
    """
    return unsealed(read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """What is in a file.

    Raises:
        InputError: It is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise missing(path.name) from error


def missing(name: str) -> InputError:
    """What is said where a file of a run cannot be read."""
    return InputError(f"{name} of this run is missing.")


def write_whole(path: Path, data: bytes, durable: bool = False) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    Args:
        path: The file.
        data: All that it holds.
        durable: Wait until it would outlive a power cut, too.

    Raises:
        OSError: The disk is full, for instance; the old file stays and no part is left.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a power cut; Windows does so by itself."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
