"""Fetching a data set from its mirrors: checked, and in place only when it is whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from core.errors import NO_ROOM, InputError
from core.images.registry import Resource, image_set_named

Progress = Callable[[int, int], None]
PART = ".part"
TIMEOUT = 20.0  # seconds without a single byte
WINDOW, SLOWEST = 60.0, 1000.0  # a transfer with fewer bytes a second in so many seconds is ended
CHUNK = 1 << 16
_INSTEAD = "go on with the small digits, which are always there."
_STALE = 3600.0  # seconds after which a half file must be one of a killed process


class MirrorError(Exception):
    """One mirror could not give the file; the next may."""


class StoppedError(Exception):
    """`progress` raised: the person does not want the file any more."""


def download(
    name: str, root: Path, progress: Progress, resources: Sequence[Resource] | None = None
) -> None:
    """Download a data set into a folder, in the layout of torchvision.

    Files that are already there and whole are not fetched again. Every file is written beside
    its place, checked, and moved there at once, so that no half file is ever found.

    Args:
        name: A key of `IMAGE_SETS`.
        root: The data folder; it is made if necessary.
        progress: Called after every piece with the bytes so far and the bytes in all. What it
            raises ends the download; an `InputError` is passed on as it is.
        resources: What to fetch instead of the data set's own files.

    Raises:
        InputError: No network, no room, a wrong file or a stop; nothing half is left behind.
    """
    source = image_set_named(name)
    wanted = source.resources if resources is None else tuple(resources)
    download_files(source.label, wanted, root, progress)


def download_files(
    label: str, wanted: Sequence[Resource], root: Path, progress: Progress, instead: str = _INSTEAD
) -> None:
    """Download files into a folder; `download` says how.

    Args:
        label: What a person calls that to which they belong.
        wanted: The files.
        root: The folder under which they go.
        progress: Called with the bytes so far and the bytes in all.
        instead: What to do when it fails, to follow "Try again later, or".

    Raises:
        InputError: No network, no room, a wrong file or a stop; nothing half is left behind.
    """
    total, done = sum(resource.size for resource in wanted), 0
    try:
        for resource in wanted:
            _fetch(resource, root / resource.path, _moved(progress, done, total))
            done += resource.size
            report(progress, done, total)
    except OSError as error:
        reason = (
            "there is not enough room on the disk"
            if error.errno in NO_ROOM
            else f"{root} cannot be written to ({error.strerror or error})"
        )
        raise _failed(label, reason, instead) from error
    except MirrorError as error:
        raise _failed(label, str(error), instead) from error
    except StoppedError as error:
        raise InputError(f"The download of {label} was stopped.") from error


def _failed(label: str, reason: str, instead: str) -> InputError:
    return InputError(f"{label} could not be downloaded: {reason}. Try again later, or {instead}")


def _moved(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda done: report(progress, min(before + done, total), total)


def report(progress: Progress, done: int, total: int) -> None:
    """Tell `progress`; what it raises becomes a `StoppedError`, an `InputError` stays one."""
    try:
        progress(done, total)
    except InputError:
        raise
    except Exception as error:
        raise StoppedError from error


def _fetch(resource: Resource, target: Path, progress: Callable[[int], None]) -> None:
    """Have one file in its place, from the first mirror that gives it."""
    if target.is_file() and _md5(target) == resource.md5:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    sweep(target.parent)
    reasons = []
    for url in resource.urls:
        try:
            _from_mirror(url, resource, target, progress)
            return
        except MirrorError as error:
            reasons.append(str(error))
    raise MirrorError(reasons[-1] if reasons else f"nobody offers {target.name}")


def _from_mirror(
    url: str, resource: Resource, target: Path, progress: Callable[[int], None]
) -> None:
    handle, name = tempfile.mkstemp(suffix=PART, prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _copied(url, resource.size, file, progress)
        if digest != resource.md5:
            raise MirrorError(f"{target.name} came damaged (its checksum is wrong)")
        os.replace(name, target)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


def _copied(url: str, size: int, file: IO[bytes], progress: Callable[[int], None]) -> str:
    """Write what the mirror sends into the file; gives the MD5 of it."""
    digest, done, host = hashlib.md5(usedforsecurity=False), 0, url.split("/")[2]
    response, pace = opened(url, host), Pace(host)
    with response:
        while chunk := received(response, host):
            done += len(chunk)
            pace.check(done)
            if done > size:
                raise MirrorError(f"{host} sends another file than the one that was asked for")
            file.write(chunk)
            digest.update(chunk)
            progress(done)
    if done < size:
        raise MirrorError(f"{host} stopped after {done:,} of {size:,} bytes")
    return digest.hexdigest()


class Pace:
    """Ends a transfer that creeps: each piece comes in time, and the file still never does.

    Args:
        host: Who sends.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._since, self._then = time.monotonic(), 0

    def check(self, done: int) -> None:
        """Take note of how many bytes have come in all.

        Raises:
            MirrorError: In the last minute there were too few.
        """
        now = time.monotonic()
        if now - self._since < WINDOW:
            return
        if done - self._then < SLOWEST * (now - self._since):
            raise MirrorError(f"{self._host} sends too slowly")
        self._since, self._then = now, done


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a mirror to another place of the web, but never from https to something weaker."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        kind = urlsplit(newurl).scheme.lower()
        if kind != "https" and (kind != "http" or req.type == "https"):
            raise MirrorError(f"{req.host} sends to a place that is not safe")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def opened(url: str, host: str) -> HTTPResponse:
    """Ask a mirror for a file.

    Raises:
        MirrorError: It does not answer, or with an error.
    """
    request = urllib.request.Request(url, headers={"User-Agent": "deep-learning-explorer"})
    try:
        opener = urllib.request.build_opener(_Redirects)
        response: HTTPResponse = opener.open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        error.close()
        raise MirrorError(f"{host} answers with error {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:  # the last: an address that is none
        raise MirrorError(f"{host} cannot be reached") from error
    return response


def received(response: HTTPResponse, host: str) -> bytes:
    """The next piece of a file as soon as there is one, empty at its end.

    Raises:
        MirrorError: The connection broke off.
    """
    try:
        return response.read1(CHUNK)  # `read` would wait for all of it, deaf to a stop
    except (OSError, HTTPException, ValueError) as error:
        raise MirrorError(f"the connection to {host} broke off") from error


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def sweep(folder: Path) -> None:
    """Remove what a download left behind that was killed long ago."""
    for path in folder.glob(f".*{PART}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink()
