"""A run that waits or goes on, as the local runner sees it, and what becomes of it."""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.errors import InputError
from core.runs.directory import RunDirectory, all_runs, clear_rubbish
from core.runs.failures import ending, kept
from core.runs.pool import Child
from core.runs.spec import RunSpec, write_spec
from core.runs.status import RunStatus, write_status
from core.training.config import TrainingConfig

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
    """

    run: RunDirectory
    session: str
    config: TrainingConfig
    child: Child | None = None
    paused: str = ""
    paused_at: float = 0.0
    watched: float = field(default_factory=time.monotonic)
    stopping: bool = False

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
        self.stopping = True
        self.child.send("stop", self.run.path, message=message, state=state)


def new_run(root: Path, config: TrainingConfig, session: str, name: str) -> RunDirectory:
    """Make the directory of a run, in state "queued".

    Raises:
        InputError: A name that does not fit, or a disk that is full.
    """
    created = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(created))
    path = root / f"{stamp}-{secrets.token_hex(3)}"
    usual = f"{config.model if len(config.model) < 20 else 'Own network'} on {config.dataset}"
    spec = RunSpec(name.strip() or usual[:80], session, created, config)
    try:
        path.mkdir(parents=True)
        write_spec(path, spec)
    except OSError as error:
        raise InputError(FULL) from error
    run = RunDirectory(path)
    set_status(run, RunStatus("queued", epochs=config.epochs))
    return run


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
    epoch = max(run.epochs(), default=0)
    message = f"{ending(code)} {kept(epoch)}"
    with contextlib.suppress(InputError):
        set_status(run, replace(status, state="failed", message=message, epoch=epoch, pid=0))


def recover(root: Path) -> None:
    """After a start of the server: what was going on when the last one ended is interrupted."""
    clear_rubbish(root)
    for run in all_runs(root):
        status = run.status()
        parked = status.state == "paused" and not status.pid
        if status.ended or parked or run.busy:
            continue
        epoch = max(run.epochs(), default=0)
        message = f"The server ended before this run did. {kept(epoch)}"
        with contextlib.suppress(InputError):
            set_status(
                run, replace(status, state="interrupted", message=message, epoch=epoch, pid=0)
            )
