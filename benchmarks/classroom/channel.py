"""Gestures on their way: the same rules as in `explorer/static/channel.js`.

One message of a component is in flight, the newest move of a thing replaces the one before, a
message without an answer is sent again under its name.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]
FRAME_S = 0.02
PATIENCE_S = 1.0
REMINDERS = 5
TRIPS, LONGEST_WAIT_S = 3, 2.0
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass
class Gesture:
    """What a hand has done.

    Attributes:
        event: As the component sends it.
        name: Under which its time is kept, or None if nobody waits for it.
        born: When it was made, on the clock of `time.perf_counter`.
        answered: Becomes true when there is an answer to it; false if it was given up.
    """

    event: Event
    name: str | None
    born: float = field(default_factory=time.perf_counter)
    answered: asyncio.Future[bool] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def replaces(self, other: Gesture) -> bool:
        """Whether both are moves of one thing."""
        mine, theirs = self.event, other.event
        same = all(mine.get(name) == theirs.get(name) for name in ("type", "target"))
        return bool(same and mine.get("moving") and theirs.get("moving"))


def enqueue(queue: list[Gesture], gesture: Gesture) -> list[Gesture]:
    """Return the queue with a gesture behind it, or over its last one."""
    if queue and gesture.replaces(queue[-1]):
        replaced = queue[-1]
        gesture.answered.add_done_callback(lambda done: _follow(replaced, done))
        return [*queue[:-1], gesture]
    return [*queue, gesture]


def _follow(replaced: Gesture, done: asyncio.Future[bool]) -> None:
    """Let whoever waits for a gesture that was replaced hear of the one that replaced it."""
    if not replaced.answered.done():
        replaced.answered.set_result(not done.cancelled() and done.result())


def looks(gesture: Gesture) -> bool:
    """Whether a page only looks at what is there: a hand may overtake that."""
    event = gesture.event
    return event.get("type") in ("look", "refresh") and not event.get("page")


class Channel:
    """The channel of one component.

    Args:
        post: Sends a message.
        took: Called with a name and seconds when a gesture was answered.
        draws: Random numbers for its name.
        short: Sends a message the short way, if it may go there; whether it was answered.
    """

    def __init__(
        self,
        post: Callable[[Mapping[str, Any]], Awaitable[None]],
        took: Callable[[str, float], None],
        draws: random.Random,
        short: Callable[[Mapping[str, Any]], Awaitable[bool]] | None = None,
    ) -> None:
        self._post = post
        self._took = took
        self._short = short
        self._id = "".join(draws.choices(LETTERS, k=8))
        self._sequence = 0
        self._queue: list[Gesture] = []
        self._flying: list[Gesture] = []
        self._token: str | None = None
        self._later: asyncio.TimerHandle | None = None
        self._reminder: asyncio.Task[None] | None = None
        self.patience = PATIENCE_S
        self.reminders = self.given_up = 0
        self._sent_at = self._trip = 0.0

    @property
    def busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._token is not None

    def unhurried(self, usual_s: float) -> float:
        """Return how long a page waits before it asks for something by itself, in seconds."""
        return max(usual_s, min(LONGEST_WAIT_S, TRIPS * self._trip))

    def send(self, event: Event, name: str | None = None) -> Gesture:
        """Ask Python for something.

        Args:
            event: The gesture; moves of one thing may replace each other.
            name: Under which its time is kept; None keeps none.
        """
        gesture = Gesture(event, name)
        self._queue = enqueue(self._queue, gesture)
        if self.busy and not looks(gesture) and all(map(looks, self._flying)):
            self._land(True)
        if not self.busy:
            self._flush()
        return gesture

    def answered(self, token: str | None) -> None:
        """Take note that Python has answered the message of that name."""
        if token is not None and token == self._token:
            now = time.perf_counter()
            self._trip = now - self._sent_at
            for gesture in self._flying:
                if gesture.name is not None:
                    self._took(gesture.name, now - gesture.born)
            self._land(True)
        if not self._queue or self.busy:
            return
        first = self._queue[0]
        if first.event.get("moving") and all(one.replaces(first) for one in self._queue):
            self._cancel_later()
            self._later = asyncio.get_running_loop().call_later(FRAME_S, self._flush_if_free)
        else:
            self._flush()

    def close(self) -> None:
        """Give up what is on its way: the page was left."""
        self._cancel_later()
        self._land(False)
        for gesture in self._queue:
            if not gesture.answered.done():
                gesture.answered.set_result(False)
        self._queue = []

    def _land(self, well: bool) -> None:
        self._token = None
        if self._reminder is not None:
            self._reminder.cancel()
        for gesture in self._flying:
            if not gesture.answered.done():
                gesture.answered.set_result(well)
        self._flying = []

    def _cancel_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _flush_if_free(self) -> None:
        if self._queue and not self.busy:
            self._flush()

    def _flush(self) -> None:
        self._cancel_later()
        self._sequence += 1
        self._sent_at = time.perf_counter()
        self._token = f"{self._id}:{self._sequence}"
        self._flying, self._queue = self._queue, []
        events = [dict(gesture.event) for gesture in self._flying]
        message = {"token": self._token, "events": events}
        self._reminder = asyncio.create_task(self._keep_sending(message))

    async def _keep_sending(self, message: Mapping[str, Any]) -> None:
        """Send a message, and again while there is no answer."""
        if self._short is not None and await self._short(message):
            return
        await self._post(message)
        for _ in range(REMINDERS):
            await asyncio.sleep(self.unhurried(self.patience))
            self.reminders += 1
            await self._post(message)
        self.given_up += 1
        self._reminder = None
        self._land(False)
