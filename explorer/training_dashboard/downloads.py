"""Public data sets on their way to this machine: one download of each, for everybody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from core.errors import InputError
from core.images.download import Progress, download
from core.images.finding import own_root
from core.images.registry import image_set_named

Fetch = Callable[[str, Path, Progress], None]


@dataclass(frozen=True)
class Download:
    """How far a download is.

    Attributes:
        state: "working", "done", "failed" or "stopped".
        done: Bytes so far.
        total: Bytes in all.
        message: A sentence once it has failed or was stopped, else empty.
        wanted_by: Who waits for it.
        attempt: Which one it is; one that was stopped may still wait for its last piece.
    """

    state: str
    done: int
    total: int
    message: str = ""
    wanted_by: frozenset[str] = field(default_factory=frozenset)
    attempt: int = 0


class Downloads:
    """Downloads in threads of this server; whoever asks for the same set joins in.

    Args:
        fetch: What downloads a set into a folder.
        root: The folder; None takes the explorer's own data folder.
    """

    def __init__(self, fetch: Fetch = download, root: Path | None = None) -> None:
        self._fetch, self._root = fetch, root
        self._known: dict[str, Download] = {}
        self._lock = threading.Lock()

    def state(self, name: str) -> Download | None:
        """Return how far the download of a set is, or None if nobody asked for one."""
        return self._known.get(name)

    def start(self, name: str, who: str) -> None:
        """Begin to download a set, or wait with the others for it.

        Raises:
            InputError: There is no such set.
        """
        total = sum(one.size for one in image_set_named(name).resources)
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.state == "working":
                self._known[name] = replace(known, wanted_by=known.wanted_by | {who})
                return
            attempt = 0 if known is None else known.attempt + 1
            self._known[name] = Download("working", 0, total, "", frozenset({who}), attempt)
        work = threading.Thread(target=self._work, args=(name, attempt), name="download")
        work.daemon = True
        work.start()

    def cancel(self, name: str, who: str) -> None:
        """Wait for a set no longer; when nobody does, its download is stopped at once."""
        with self._lock:
            known = self._known.get(name)
            if known is None or known.state != "working":
                return
            rest = replace(known, wanted_by=known.wanted_by - {who})
            if not rest.wanted_by:
                rest = replace(rest, state="stopped", message=_stopped(name))
            self._known[name] = rest

    def _work(self, name: str, attempt: int) -> None:
        try:
            self._fetch(name, self._root or own_root(), lambda *at: self._moved(name, attempt, *at))
        except InputError as error:
            self._end(name, attempt, "failed", str(error))
        except Exception as error:
            self._end(name, attempt, "failed", f"The download ended with an error: {error!s:.200}")
        else:
            self._end(name, attempt, "done", "")

    def _moved(self, name: str, attempt: int, done: int, total: int) -> None:
        with self._lock:
            known = self._known[name]
            if known.attempt != attempt or known.state != "working":
                raise InputError(_stopped(name))
            self._known[name] = replace(known, done=done, total=total)

    def _end(self, name: str, attempt: int, state: str, message: str) -> None:
        with self._lock:
            known = self._known[name]
            if known.attempt == attempt and known.state == "working":
                self._known[name] = replace(known, state=state, message=message)


def _stopped(name: str) -> str:
    return f"The download of {image_set_named(name).label} was stopped."


@cache
def downloads() -> Downloads:
    """Return the downloads of this server."""
    return Downloads()
