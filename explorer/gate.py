"""Who computes now and who waits: a class shares one interpreter.

Thirty lessons that compute at once hold each other up: Python runs one thread at a time, and each
would be as slow as all of them together. So few compute side by side, and of those that wait the
one goes first that has used least in the last seconds. A hand that drags needs little and is
answered at once; a network that plays, which would take all there is, gets what is left. Frame
rates fall before anything else does, and nobody can starve the others.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SIDE_BY_SIDE = 1  # A second one only takes the lock of Python from the first, again and again.
HALF_LIFE_S = 1.5  # after which half of what was used is forgotten
OVERSTAYED_S = 0.1  # Whoever takes longer goes on beside those that are let in next.
PATIENCE_S = 0.05  # how often somebody who waits looks for that
CREDIT = 0.5  # seconds of use that a second of waiting makes good
# Seconds of use by which a hand comes before what pages ask by themselves.
CLICK, MOVE = 0.5, 0.35
RUN_S = 0.5  # A run of a page takes several turns; so long it waits for the first one only.
LEAST = 0.1  # of a budget, however many there are
CROWD = 3  # From here on what can follow in later answers follows there.


@dataclass(eq=False)
class Use:
    """What somebody has used, and whether they wait.

    Attributes:
        seconds: Processor time, what is long ago counting less.
        at: When that was brought up to date.
        since: When they began to wait, or were let in.
        admitted: Set when it is their turn.
        ahead: The head start of what is asked for: `CLICK`, `MOVE` or 0.
    """

    seconds: float = 0.0
    at: float = 0.0
    since: float = 0.0
    admitted: threading.Event = field(default_factory=threading.Event)
    ahead: float = 0.0

    def now(self, moment: float) -> float:
        """Return what counts at a moment, in seconds."""
        return self.seconds * math.exp2(-(moment - self.at) / HALF_LIFE_S)

    def weight(self, moment: float) -> float:
        """Return what decides whose turn it is: the least comes first."""
        return self.now(moment) - CREDIT * (moment - self.since) - self.ahead

    def add(self, seconds: float, moment: float) -> None:
        """Add what was used."""
        self.seconds, self.at = self.now(moment) + seconds, moment


class Gate:
    """Lets few in at the same time.

    Args:
        side_by_side: How many.
        clock: Says what time it is, in seconds.
        spent: Says how much processor time the thread that asks has used, in seconds.
    """

    def __init__(
        self,
        side_by_side: int = SIDE_BY_SIDE,
        clock: Callable[[], float] = time.monotonic,
        spent: Callable[[], float] = time.thread_time,
    ) -> None:
        self._side_by_side = side_by_side
        self._clock, self._spent = clock, spent
        self._lock = threading.Lock()
        self._waiting: list[Use] = []
        self._inside: dict[Use, float] = {}  # and what their threads had used before
        self._left = clock()

    @property
    def crowd(self) -> int:
        """How many compute or wait at this moment."""
        return len(self._inside) + len(self._waiting)

    @property
    def crowded(self) -> bool:
        """Whether so many want to compute that an answer should hold only what was asked for."""
        return self.crowd > CROWD

    @property
    def quiet_s(self) -> float:
        """For how many seconds nobody has computed anything."""
        return 0.0 if self.crowd else self._clock() - self._left

    def enter(self, use: Use, at_once: bool = False, ahead: float = 0.0) -> None:
        """Wait until it is the turn of somebody who does not wait already.

        Args:
            use: Who wants to compute.
            at_once: Whether they have waited before and only go on with what they began.
            ahead: The head start of what is asked for: `CLICK`, `MOVE` or 0.
        """
        with self._lock:
            use.since = self._clock()
            if at_once:
                self._inside[use] = self._spent()
                return
            use.admitted.clear()
            use.ahead = ahead
            self._waiting.append(use)
            self._admit()
        while not use.admitted.wait(PATIENCE_S):
            with self._lock:
                self._admit()
        self._inside[use] = self._spent()

    def leave(self, use: Use) -> None:
        """Let the next one in."""
        with self._lock:
            before = self._inside.pop(use)
            self._left = self._clock()
            use.add(self._spent() - before, self._left)
            self._admit()

    def share(self, budget_s: float) -> float:
        """Return what is left of a budget for somebody inside: the more there are, the less.

        Args:
            budget_s: The seconds that they would take if they were alone.
        """
        return budget_s * max(LEAST, 1 / max(1, self.crowd))

    def _admit(self) -> None:
        """Let in whoever has used least, those who have waited long a little earlier."""
        now = self._clock()
        busy = sum(now - one.since < OVERSTAYED_S for one in self._inside)
        while self._waiting and busy < self._side_by_side:
            first = min(self._waiting, key=lambda one: one.weight(now))
            self._waiting.remove(first)
            first.since = now
            self._inside[first] = 0.0
            first.admitted.set()
            busy += 1


GATE = Gate()


class Turn:
    """The turn of one lesson: a lock that its own thread may take again, and the gate behind it."""

    def __init__(self, gate: Gate = GATE, clock: Callable[[], float] = time.monotonic) -> None:
        self._gate, self._clock = gate, clock
        self._lock = threading.RLock()
        self._depth = 0
        self._wishes: list[float] = []
        self._counting = threading.Lock()
        self._use = Use()
        self._run: tuple[int, float] | None = None  # the thread that runs the page, since when

    def __enter__(self) -> None:
        self._take(at_once=False)

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._gate.leave(self._use)
        self._lock.release()

    @contextlib.contextmanager
    def asked(self, ahead: float) -> Iterator[None]:
        """Take the turn for gestures.

        Args:
            ahead: Their head start: `CLICK`, `MOVE` or 0 for what pages ask by themselves.
        """
        with self._counting:
            self._wishes.append(ahead)
            # Who holds the lesson may wait at the gate themselves: they are let in sooner, too.
            self._use.ahead = max(self._wishes)
        self._take(at_once=False)
        try:
            yield
        finally:
            with self._counting:
                self._wishes.remove(ahead)
            self.__exit__()

    @contextlib.contextmanager
    def of_a_run(self) -> Iterator[None]:
        """Take the turn as one of several times in a run of the page, which waits only once."""
        thread, now = threading.get_ident(), self._clock()
        began = self._run[1] if self._run is not None and self._run[0] == thread else -math.inf
        goes_on = now - began < RUN_S
        self._take(at_once=goes_on, ahead=CLICK)  # Somebody opens a page, as a rule.
        if not goes_on:
            self._run = thread, self._clock()
        try:
            yield
        finally:
            self.__exit__()

    def _take(self, at_once: bool, ahead: float = 0.0) -> None:
        self._lock.acquire()
        if self._depth == 0:
            self._gate.enter(self._use, at_once, max([ahead, *self._wishes]))
        self._depth += 1
