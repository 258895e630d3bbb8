"""What the server tells a worker: one JSON object a line on its standard input."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import InputError
from core.training.commands import Commands

GRACE_S = 20.0  # how long an orphan may take to write what is left
POLL_S = 0.5


@dataclass(frozen=True)
class Order:
    """One line from the server.

    Attributes:
        do: "run", "pause", "resume", "stop" or "rate"; "orphan" when the server has ended.
        run: The run directory that is meant.
        values: Everything else in the line.
    """

    do: str
    run: str
    values: dict[str, Any]


@dataclass
class Ending:
    """How a stop that was asked for is to be written down.

    Attributes:
        state: "stopped", "paused" (its process is needed for others) or "interrupted".
        message: The reason, in a sentence; what is kept is added.
    """

    state: str = "stopped"
    message: str = ""


class Inbox:
    """Reads orders in a thread of its own; the end of the input means that the server is gone.

    Attributes:
        busy: Whether a run is being done; without one, the process ends with its input at once.
    """

    def __init__(self) -> None:
        self._orders: queue.Queue[Order] = queue.Queue()
        self.busy = False
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def next_run(self) -> Order | None:
        """Wait for a run to do; None if there will be none any more."""
        while True:
            order = self._orders.get()
            if order.do == "orphan":
                return None
            if order.do == "run":
                return order

    def obey(
        self, run: Path, commands: Commands, ending: Ending, paused: Callable[[str | None], None]
    ) -> None:
        """Pass on what has come for a run; comes back when it is to go on.

        Args:
            run: Its directory; orders for others are left out.
            commands: Where a new rate or a stop goes.
            ending: Gets how a stop is to be written down.
            paused: Called with a message when a pause begins, with None when it ends.
        """
        waiting = False
        while waiting or not self._orders.empty():
            try:
                order = self._orders.get(timeout=POLL_S)
            except queue.Empty:
                continue
            if order.do == "orphan":
                self._orders.put(order)  # for `next_run`, too
                ending.state, ending.message = "interrupted", "The server has ended."
                commands.stop()
                return
            if order.run != str(run):
                continue
            if order.do == "pause" and not waiting:
                waiting = True
                paused(str(order.values.get("message", "")))
            elif order.do in ("resume", "stop"):
                if order.do == "stop":
                    ending.state = str(order.values.get("state", "stopped"))
                    ending.message = str(order.values.get("message", ""))
                    commands.stop()
                if waiting:
                    paused(None)
                waiting = False
            elif order.do == "rate":
                _set_rate(commands, order.values.get("rate"))

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            try:
                values = json.loads(line)
                self._orders.put(Order(str(values["do"]), str(values["run"]), values))
            except (ValueError, KeyError, TypeError):
                continue
        if not self.busy:
            os._exit(0)
        self._orders.put(Order("orphan", "", {}))
        time.sleep(GRACE_S)
        os._exit(3)  # something hangs; the server that starts next finds an interrupted run


def _set_rate(commands: Commands, rate: object) -> None:
    if isinstance(rate, int | float):
        try:
            commands.set_rate(rate)
        except InputError:
            return
