"""What may be asked of a run while it goes on, from any thread."""

from __future__ import annotations

import math
import threading

from core.errors import InputError


class Commands:
    """A letter box: the loop looks into it before every update.

    There is no pause in it. Who pulls the events pauses by not asking for the next one.

    Attributes:
        stopping: True once the run has been asked to stop.
    """

    def __init__(self) -> None:
        self.stopping = False
        self._rate: float | None = None
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End before the next update, with reason "stopped"."""
        self.stopping = True

    def set_rate(self, rate: float) -> None:
        """Change the learning rate from the next update on; a schedule goes on from there.

        Raises:
            InputError: A rate that is not a positive number.
        """
        if not (math.isfinite(rate) and 0 < rate <= 1e6):
            raise InputError("A learning rate is a number above 0 and at most 1,000,000.")
        with self._lock:
            self._rate = rate

    def take_rate(self) -> float | None:
        """The rate that was asked for since the last call, or None."""
        if self._rate is None:
            return None
        with self._lock:
            rate, self._rate = self._rate, None
        return rate
