"""Heads that have learnt from the pictures of a set: every visitor may be shown the same."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from dataclasses import dataclass

from core.transfer.head import HeadStep
from explorer.transfer_learning.model import Model

MOST = 12


@dataclass(frozen=True, eq=False)
class Remembered:
    """A head that has learnt.

    Attributes:
        model: The judged model.
        steps: The way of the head.
        seconds: How long it took.
    """

    model: Model
    steps: tuple[HeadStep, ...]
    seconds: float


class Memory:
    """The newest of them, shared by all visitors of a server."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[Hashable, Remembered] = {}
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Remembered | None:
        """Return what was learnt from the very same pictures, if anything was."""
        with self._lock:
            return self._kept.get(key)

    def keep(self, key: Hashable, learnt: Remembered) -> None:
        """Keep it; the oldest goes."""
        with self._lock:
            self._kept.pop(key, None)
            while len(self._kept) >= self._most:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = learnt


memory = Memory()
