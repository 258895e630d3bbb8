"""Fetching the weights of a backbone: checked, and in place only when they are whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import IO

from core.errors import NO_ROOM, InputError
from core.images.download import (
    PART,
    MirrorError,
    Pace,
    Progress,
    StoppedError,
    opened,
    received,
    report,
    sweep,
)
from core.transfer.availability import own_folder, verified
from core.transfer.backbone_info import BackboneInfo, backbone_named

_TOLERANCE = 1.5  # how many times as large as announced a file may be


def download_backbone(
    name: str, progress: Progress, *, folder: Path | None = None, url: str | None = None
) -> Path:
    """Download the weights of a backbone, unless they are there already.

    The file is written beside its place, checked against the digits of SHA-256 in its name, and
    moved there at once, so that no half file is ever found.

    Args:
        name: A key of `BACKBONES`, not "built_in".
        progress: Called after every piece with the bytes so far and the bytes in all. What it
            raises ends the download; an `InputError` is passed on as it is.
        folder: Where it goes; None takes the explorer's own folder.
        url: Where it comes from instead of its usual place.

    Returns:
        Where the file is.

    Raises:
        InputError: No network, no room, another file or a stop; nothing half is left behind.
    """
    info = backbone_named(name)
    if not info.url:
        raise InputError(f"{info.label} comes with the explorer; there is nothing to download.")
    target = (folder or own_folder()) / info.file_name
    try:
        with suppress(InputError, FileNotFoundError):
            return verified(target, info)
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent)
        _fetch(url or info.url, info, target, progress)
    except OSError as error:
        reason = (
            "there is not enough room on the disk"
            if error.errno in NO_ROOM
            else f"{target.parent} cannot be written to ({error.strerror or error})"
        )
        raise _failed(info, reason) from error
    except MirrorError as error:
        raise _failed(info, str(error)) from error
    except StoppedError as error:
        raise InputError(f"The download of {info.label} was stopped.") from error
    return target


def _failed(info: BackboneInfo, reason: str) -> InputError:
    return InputError(
        f"{info.label} could not be downloaded: {reason}. Try again later, give its file "
        f"({info.file_name}), or go on with the built-in backbone, which is always there."
    )


def _fetch(url: str, info: BackboneInfo, target: Path, progress: Progress) -> None:
    handle, name = tempfile.mkstemp(suffix=PART, prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _copied(url, info, file, progress)
        if not digest.startswith(info.sha256_prefix):
            raise MirrorError(f"{target.name} came damaged (its checksum is wrong)")
        os.replace(name, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _copied(url: str, info: BackboneInfo, file: IO[bytes], progress: Progress) -> str:
    """Write what comes into the file; gives the SHA-256 of it."""
    digest, done, host = hashlib.sha256(), 0, url.split("/")[2]
    most, pace = round(info.megabytes * 1e6 * _TOLERANCE), Pace(host)
    with opened(url, host) as response:
        size = _announced(response)
        total = size or round(info.megabytes * 1e6)
        if size > most:
            raise MirrorError(f"{host} sends another file than the one that was asked for")
        while chunk := received(response, host):
            done += len(chunk)
            pace.check(done)
            if done > most:
                raise MirrorError(f"{host} sends another file than the one that was asked for")
            file.write(chunk)
            digest.update(chunk)
            report(progress, min(done, total), total)
    if done < size:
        raise MirrorError(f"{host} stopped after {done:,} of {size:,} bytes")
    return digest.hexdigest()


def _announced(response: HTTPResponse) -> int:
    """How many bytes the server says will come; 0 if it does not."""
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
