"""A run that waits or goes on, as the local runner sees it, and what becomes of it."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.errors import InputError
from core.room import check_runs
from core.runs.directory import RunDirectory, all_runs, clear_rubbish
from core.runs.failures import ending, kept
from core.runs.pool import Child
from core.runs.spec import RunSpec, write_spec
from core.runs.status import RunStatus, write_status
from core.training.config import TrainingConfig

_STAMP = "%Y%m%d-%H%M%S"
FULL = "The disk is full or cannot be written to. Delete some runs or other files first."


@dataclass(eq=False)
class Job:
    """A run that waits or goes on.

    Attributes:
        run: Its directory.
        session: Whose it is.
        config: What it trains.
        child: The process that has it, or None while it waits for its first turn.
        paused: Why it waits in its process: "asked", "unwatched", or empty if it does not.
        paused_at: Since when.
        watched: When somebody last looked at it.
        stopping: Whether it has been told to stop.
        stopped_at: When it was, on the clock of `time.monotonic`.
    """

    run: RunDirectory
    session: str
    config: TrainingConfig
    child: Child | None = None
    paused: str = ""
    paused_at: float = 0.0
    watched: float = field(default_factory=time.monotonic)
    stopping: bool = False
    stopped_at: float = 0.0

    def watch(self) -> None:
        """Note that somebody looks at it."""
        self.watched = time.monotonic()

    def pause(self, why: str, message: str = "") -> None:
        """Tell its process to wait."""
        assert self.child is not None
        self.paused, self.paused_at = why, time.monotonic()
        self.child.send("pause", self.run.path, message=message)

    def go_on(self) -> None:
        """Tell its process not to wait any more."""
        assert self.child is not None
        self.paused = ""
        self.child.send("resume", self.run.path)

    def stop(self, message: str = "", state: str = "stopped") -> None:
        """Tell its process to end the run."""
        assert self.child is not None
        if not self.stopping:
            self.stopping, self.stopped_at = True, time.monotonic()
        self.child.send("stop", self.run.path, message=message, state=state)


def new_run(root: Path, config: TrainingConfig, session: str, name: str) -> RunDirectory:
    """Make the directory of a run, in state "queued".

    Raises:
        InputError: A name that does not fit, a disk that is full, or as many runs as may be.
    """
    check_runs(root)
    created = time.time()
    path = root / f"{_stamp(root, created)}-{secrets.token_hex(3)}"
    usual = f"{config.model if len(config.model) < 20 else 'Own network'} on {config.dataset}"
    spec = RunSpec(name.strip() or usual[:80], session, created, config)
    try:
        path.mkdir(parents=True)
        write_spec(path, spec)
        write_status(path, RunStatus("queued", epochs=config.epochs))
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        raise InputError(FULL) from error
    return RunDirectory(path)


def _stamp(root: Path, created: float) -> str:
    """The time in a name: later than in all others, so that the newest is the last of them.

    A clock that was set back, or summer time that ends, would otherwise hide the newest run.
    """
    stamp = datetime.fromtimestamp(created)
    for run in reversed(all_runs(root)):
        with contextlib.suppress(ValueError, OverflowError):
            newest = datetime.strptime(run.id[:15], _STAMP)
            stamp = max(stamp, newest + timedelta(seconds=1))
            break
    return stamp.strftime(_STAMP)


def reopen(run: RunDirectory, status: RunStatus, epochs: int | None) -> RunSpec:
    """Make a run that has ended ready to go on, in state "queued".

    Args:
        run: Its directory.
        status: How it is doing.
        epochs: How many epochs there are to be in all, or None to leave the plan.

    Returns:
        Its spec as it is now.

    Raises:
        InputError: It has nothing more to do, or its spec is damaged.
    """
    spec = run.spec()
    config, done = spec.config, status.epoch
    if epochs is None and status.state == "finished":
        raise InputError("This run has finished. To train on, give it more epochs.")
    if epochs is not None:
        if epochs <= done:
            raise InputError(f"{done} epochs are done already: choose a larger number.")
        early = status.state == "finished" and done < config.epochs
        patience = None if early else config.patience
        spec = replace(spec, config=replace(config, epochs=epochs, patience=patience))
        try:
            write_spec(run.path, spec)
        except OSError as error:
            raise InputError(FULL) from error
    set_status(run, replace(status, state="queued", message="", epochs=spec.config.epochs, pid=0))
    return spec


def set_status(run: RunDirectory, status: RunStatus) -> None:
    """Write the status of a run that no process has.

    Raises:
        InputError: The disk is full, or the run has been deleted.
    """
    try:
        write_status(run.path, status)
    except OSError as error:
        raise InputError(FULL) from error


def bury(run: RunDirectory, code: int) -> None:
    """Say of a run why its process is gone, unless the process has said something itself."""
    status = run.status()
    if status.ended or (status.state == "paused" and not status.pid):
        return
    give_up(run, "failed", ending(code))


def give_up(run: RunDirectory, state: str, why: str) -> None:
    """Say of a run that no process will go on with it, and what is kept of it."""
    epoch = max(run.epochs(), default=0)
    status = replace(run.status(), state=state, message=f"{why} {kept(epoch)}", epoch=epoch, pid=0)
    with contextlib.suppress(InputError):
        set_status(run, status)


def recover(root: Path) -> None:
    """After a start of the server: what was going on when the last one ended is interrupted."""
    clear_rubbish(root)
    for run in all_runs(root):
        status = run.status()
        parked = status.state == "paused" and not status.pid
        if status.ended or parked or run.busy:
            continue
        give_up(run, "interrupted", "The server ended before this run did.")
