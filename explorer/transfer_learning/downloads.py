"""Downloads of backbones: one for each, shared by all visitors, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.transfer.download import download_backbone

STOPPED = "The download was stopped."
Fetch = Callable[[str, Callable[[int, int], None]], Path]


@dataclass
class Download:
    """How far a download is.

    Attributes:
        done: Bytes so far.
        total: Bytes in all; 0 where that is not known yet.
        going_on: Whether it has not ended.
        problem: What went wrong; None if nothing did.
    """

    done: int = 0
    total: int = 0
    going_on: bool = True
    problem: str | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Let it go at once; its thread ends with the next piece, or when none comes."""
        if self.going_on:
            self._stop.set()
            self.going_on, self.problem = False, STOPPED

    def report(self, done: int, total: int) -> None:
        """Take note of a piece.

        Raises:
            InputError: It is to end.
        """
        self.done, self.total = done, total
        if self._stop.is_set():
            raise InputError(STOPPED)

    def fail(self, problem: str) -> None:
        """Take note of what went wrong; one that was stopped has nothing more to say."""
        if not self._stop.is_set():
            self.problem = problem


class Downloads:
    """All downloads of this server.

    Args:
        fetch: What fetches the weights of a backbone.
    """

    def __init__(self, fetch: Fetch = download_backbone) -> None:
        self._fetch = fetch
        self._known: dict[str, Download] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> Download | None:
        """Return the newest download of a backbone, or None if there was none."""
        return self._known.get(name)

    def going_on(self, name: str) -> bool:
        """Whether a download has not ended yet."""
        found = self._known.get(name)
        return found is not None and found.going_on

    def row(self, name: str, here: bool) -> dict[str, Any]:
        """Return how a download stands, as a card shows it.

        Args:
            name: What is fetched.
            here: Whether it is on this machine.
        """
        found = self._known.get(name)
        loading = found is not None and found.going_on
        share = found.done / max(found.total, 1) if found is not None and loading else None
        return {"state": _state(here, found), "loading": loading, "share": share}

    def start(self, name: str) -> Download:
        """Fetch a backbone, unless somebody has begun with it."""
        with self._lock:
            known = self._known.get(name)
            if known is not None and known.going_on:
                return known
            made = self._known[name] = Download()
        threading.Thread(target=self._run, args=(name, made), daemon=True).start()
        return made

    def _run(self, name: str, download: Download) -> None:
        try:
            self._fetch(name, download.report)
        except InputError as error:
            download.fail(str(error))
        except Exception as error:  # The thread has nobody else to tell.
            download.fail(f"The download failed: {error}.")
        finally:
            download.going_on = False


def _state(here: bool, download: Download | None) -> str:
    if here:
        return "here"
    if download is None:
        return "to download"
    if download.going_on:
        total = f" of {download.total / 1e6:.1f}" if download.total else ""
        return f"{download.done / 1e6:.1f}{total} MB"
    return download.problem or "to download"


downloads = Downloads()
