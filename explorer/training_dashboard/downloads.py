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
    """

    state: str
    done: int
    total: int
    message: str = ""
    wanted_by: frozenset[str] = field(default_factory=frozenset)


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
            self._known[name] = Download("working", 0, total, wanted_by=frozenset({who}))
        threading.Thread(target=self._work, args=(name,), name="download", daemon=True).start()

    def cancel(self, name: str, who: str) -> None:
        """Wait for a set no longer; when nobody does, its download ends."""
        with self._lock:
            known = self._known.get(name)
            if known is not None:
                self._known[name] = replace(known, wanted_by=known.wanted_by - {who})

    def _work(self, name: str) -> None:
        try:
            self._fetch(name, self._root or own_root(), lambda *at: self._moved(name, *at))
        except InputError as error:
            stopped = not self._known[name].wanted_by
            self._end(name, "stopped" if stopped else "failed", str(error))
        except Exception as error:
            self._end(name, "failed", f"The download ended with an error: {error!s:.200}")
        else:
            self._end(name, "done", "")

    def _moved(self, name: str, done: int, total: int) -> None:
        with self._lock:
            known = self._known[name]
            self._known[name] = replace(known, done=done, total=total)
        if not known.wanted_by:
            raise InputError(f"The download of {image_set_named(name).label} was stopped.")

    def _end(self, name: str, state: str, message: str) -> None:
        with self._lock:
            self._known[name] = replace(self._known[name], state=state, message=message)


@cache
def downloads() -> Downloads:
    """Return the downloads of this server."""
    return Downloads()
