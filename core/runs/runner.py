"""What a page asks of whoever carries out the runs."""

from __future__ import annotations

from typing import Protocol

from core.runs.directory import RunDirectory
from core.runs.status import RunStatus
from core.training.config import TrainingConfig


class Runner(Protocol):
    """Carries out runs. Every method may be called from any thread and comes back at once.

    What a run has to say is read from its directory; a runner only says who runs when. Every
    method that takes a run raises InputError if there is none of that name, or if it is not in
    a state where that can be done.
    """

    def submit(self, config: TrainingConfig, session: str, name: str = "") -> str:
        """Hand in a run.

        Args:
            config: What to train.
            session: Whose it is; sessions take turns.
            name: What a person calls it; empty makes a name.

        Returns:
            The name of the run for all other methods, and of its directory.
        """

    def pause(self, run: str) -> None:
        """Let it wait where it stands, in the middle of an epoch if need be."""

    def resume(self, run: str, epochs: int | None = None) -> None:
        """Let it go on: from where it waits, or else from its last finished epoch.

        Args:
            run: The run.
            epochs: How many epochs there are to be in all from now on, for a run that has
                finished; None leaves the plan.
        """

    def stop(self, run: str) -> None:
        """End it; its last finished epoch is kept, and `resume` can go on from there."""

    def set_rate(self, run: str, rate: float) -> None:
        """Change its learning rate; a schedule goes on from there."""

    def watch(self, run: str) -> None:
        """Say that somebody looks at it; a run that nobody looks at is paused, later ended."""

    def status(self, run: str) -> RunStatus:
        """How it is doing, its place in the queue included."""

    def directory(self, run: str) -> RunDirectory:
        """Where everything else about it is read."""

    def runs(self) -> list[RunDirectory]:
        """All runs, the oldest first."""

    def delete(self, run: str) -> None:
        """Delete it; one that waits or goes on has to be stopped first."""

    def close(self) -> None:
        """End everything; runs that go on become interrupted and can be resumed."""
