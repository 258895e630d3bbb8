"""Play: how far each tick goes, and which of its moments become pictures."""

from collections.abc import Callable
from time import perf_counter

from explorer.gate import GATE
from explorer.network_builder.settings import TURBO
from explorer.network_builder.side import Side

TURBO_S, PATIENCE_S = 0.085, 0.1
FRAME_S = 0.015
MOST_FRAMES = 4
LONGEST_S = 0.5


class Pace:
    """Turns time into epochs, batches or examples, and remembers what is left over.

    Args:
        clock: Says what time it is, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.due = 0.0
        self.clock = clock

    def tick(
        self, sides: list[Side], mode: str, speed: str, seconds: float, take: Callable[[], None]
    ) -> None:
        """Go on for the time that has passed in the browser.

        Args:
            sides: The networks that learn, in step with each other.
            mode: What is counted: "epoch", "batch" or "example".
            speed: How many of them a second, or "turbo" for as many as there is time for.
            seconds: The time that has passed; more than half a second counts as half.
            take: Called at moments worth a picture, the last one included.
        """
        if speed == TURBO:
            self._run(sides, mode, 10**9, GATE.share(TURBO_S), take)
            return
        if not seconds >= 0:
            raise ValueError("time goes forward")
        self.due += float(speed) * min(seconds, LONGEST_S)
        count = int(self.due)
        self.due -= count
        if count:
            self._run(sides, mode, count, GATE.share(PATIENCE_S), take)

    def _run(
        self, sides: list[Side], mode: str, count: int, budget_s: float, take: Callable[[], None]
    ) -> None:
        """Make `count` advances or as many as fit into the budget."""
        began = last = self.clock()
        every = -(-count // MOST_FRAMES)
        for done in range(1, count + 1):
            advance_together(sides, mode, budget_s)
            now = self.clock()
            over = now - began >= budget_s or all(one.training.diverged for one in sides)
            if done == count or over:
                break
            if done % every == 0 or now - last >= FRAME_S:
                last = now
                take()
        take()


def advance_together(sides: list[Side], mode: str, budget_s: float | None = None) -> None:
    """Let every side go on by one; one that is behind an epoch catches up first.

    One that has diverged is waited for no longer.
    """
    running = [side for side in sides if not side.training.diverged]
    behind = min((side.training.epoch for side in running), default=0)
    for side in running:
        if mode != "epoch" or side.training.epoch == behind or side.training.place.cursor:
            side.advance(mode, budget_s)
