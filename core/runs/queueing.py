"""Whose turn it is: one run of each session, then the next of each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count


class FairQueue:
    """Runs that wait. First comes the session that was served longest ago, or never.

    Within a session the order is that of arrival. Nobody waits longer because somebody else
    has handed in twenty runs.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[int, str]]] = {}  # session: (arrival, run)
        self._served: dict[str, int] = {}
        self._clock = count(1)

    def put(self, session: str, run: str) -> None:
        """Put a run at the end of its session's line."""
        self._waiting.setdefault(session, []).append((next(self._clock), run))

    def take(self, ready: Callable[[str], bool] = lambda run: True) -> str | None:
        """Take out the first run that is ready; None if there is none."""
        for run in self.order():
            if ready(run):
                session = self.remove(run)
                assert session is not None
                self._served[session] = next(self._clock)
                return run
        return None

    def remove(self, run: str) -> str | None:
        """Take a run out; returns its session, or None if it was not in."""
        for session, line in self._waiting.items():
            for place, (_, other) in enumerate(line):
                if other == run:
                    del line[place]
                    if not line:
                        del self._waiting[session]
                    return session
        return None

    def order(self) -> list[str]:
        """All runs in the order of their turns, as it is now."""
        lines = {session: list(line) for session, line in self._waiting.items()}
        served = dict(self._served)
        now, found = max([0, *served.values()]), []
        while lines:
            session = min(lines, key=lambda one: (served.get(one, 0), lines[one][0]))
            found.append(lines[session].pop(0)[1])
            now += 1
            served[session] = now
            if not lines[session]:
                del lines[session]
        return found

    def ahead(self, run: str) -> int:
        """How many runs come before this one; 0 for the next one and for one that is not in."""
        order = self.order()
        return order.index(run) if run in order else 0

    def count(self, session: str) -> int:
        """How many runs of a session wait."""
        return len(self._waiting.get(session, ()))

    def __contains__(self, run: str) -> bool:
        return any(run == other for line in self._waiting.values() for _, other in line)
