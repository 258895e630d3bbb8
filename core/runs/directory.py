"""A run as a page sees it: everything is read from its directory."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from core.errors import InputError
from core.images.finding import own_root
from core.runs import checkpoints, insights, lock, weights
from core.runs.log import History, read_events
from core.runs.spec import RunSpec, read_spec, spec_mark, write_spec
from core.runs.status import RunStatus, read_status
from core.training.events import EpochEnded, Event, Insight, Progress, RateChanged, Started
from core.training.state import best_of

RUBBISH = ".deleted-"
_LAST_WORDS_S = 1.0  # a run that has ended keeps its lock for a moment


def runs_root() -> Path:
    """The usual folder of all run directories; it may not exist yet."""
    return own_root().parent / "runs"


class RunDirectory:
    """Reads a run, from any thread; cheap to ask again, because only new lines are read.

    Nothing in it raises for a damaged file but `spec`, `checkpoint` and `insight`, and those
    raise InputError.

    Args:
        path: The directory.

    Attributes:
        path: The directory.
        id: Its name, which is the name of the run for the runner.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self._history = History(path)
        self._lock = threading.Lock()
        self._spec: tuple[tuple[int, int, int], RunSpec] | None = None

    @property
    def exists(self) -> bool:
        """False after `delete`."""
        return self.path.is_dir()

    def spec(self) -> RunSpec:
        """What the run is to do.

        Raises:
            InputError: The file is missing or damaged.
        """
        mark, kept = spec_mark(self.path), self._spec
        if kept is None or kept[0] != mark:
            kept = self._spec = mark, read_spec(self.path)
        return kept[1]

    def status(self) -> RunStatus:
        """How it is doing, as last written; `Runner.status` knows the queue as well."""
        return read_status(self.path)

    def events_since(self, offset: int) -> tuple[list[Event], int]:
        """The events behind a place in the file and the place to go on from; start with 0.

        A Started among them says that the run goes on from its epoch: what came before with a
        later epoch or step counts no more.
        """
        events, offset, _ = read_events(self.path, offset)
        return events, offset

    def rows(self) -> list[EpochEnded]:
        """One row for each finished epoch, in order."""
        with self._lock:
            self._history.update()
            rows = {row.epoch: row for row in self._history.rows}
        kept = checkpoints.kept_epochs(self.path)
        reached = max([*rows, *kept], default=0)
        if len(rows) < reached:  # lines are lost: the checkpoint knows its rows too
            known = {row.epoch: row for row in checkpoints.newest_rows(self.path)}
            rows = known | rows
        return [rows[epoch] for epoch in sorted(rows)]

    def progress(self) -> list[Progress]:
        """What was reported within the epochs, in order."""
        with self._lock:
            self._history.update()
            return list(self._history.progress)

    def changes(self) -> list[RateChanged]:
        """The changes of the learning rate by hand, in order."""
        with self._lock:
            self._history.update()
            return list(self._history.changes)

    def started(self) -> Started | None:
        """Sizes, device and plan, as they were when it last started; None before."""
        with self._lock:
            self._history.update()
            return self._history.started

    def epochs(self) -> list[int]:
        """The epochs with a checkpoint, in order: the newest and the best one."""
        return checkpoints.kept_epochs(self.path)

    def best_epoch(self) -> int | None:
        """The epoch with the smallest validation loss; None where there is none."""
        return best_of(self.rows())

    def checkpoint(self, epoch: int | None = None) -> checkpoints.Checkpoint:
        """A finished epoch; None takes the newest one that is whole (see its `note`).

        Raises:
            InputError: That epoch is not kept or damaged, or there is none.
        """
        return checkpoints.load_checkpoint(self.path, epoch)

    def insight_epochs(self) -> list[int]:
        """The epochs that can be looked at, in order; of a very long run every second and so on."""
        return insights.insight_epochs(self.path)

    def insight(self, epoch: int) -> Insight:
        """Filters, predictions and confusion after an epoch.

        Raises:
            InputError: The epoch is not kept, or its file is damaged.
        """
        return insights.load_insight(self.path, epoch)

    def weight_epochs(self) -> list[int]:
        """The epochs whose layers can be looked into, in order."""
        return weights.weight_epochs(self.path)

    def weights(self, epoch: int) -> dict[str, Tensor]:
        """The weights of an epoch, of half precision; for looking, not for going on.

        Raises:
            InputError: The epoch is not kept, or its file is damaged.
        """
        return weights.load_weights(self.path, epoch)

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        total = 0
        for folder, _, files in os.walk(self.path):
            for name in files:
                path = Path(folder, name)
                total += path.lstat().st_size if path.exists() else 0
        return total

    @property
    def busy(self) -> bool:
        """Whether a process is at work on it."""
        return lock.held(self.path)

    def rename(self, name: str) -> None:
        """Give it another name, 1 to 80 characters.

        Raises:
            InputError: A name that does not fit, a damaged spec, or a disk that is full.
        """
        named = replace(self.spec(), name=name.strip())
        try:
            write_spec(self.path, named)
        except OSError as error:
            raise InputError(
                "The disk is full or cannot be written to; the old name stays. Delete some runs "
                "or other files first."
            ) from error

    def delete(self) -> None:
        """Delete it with all its files.

        Raises:
            InputError: A process is at work on it.
        """
        if not self.exists:
            return
        try:
            held = lock.RunLock.take(self.path, _LAST_WORDS_S)
        except OSError:  # the disk is so full that nobody can have made a lock
            pass
        else:
            if held is None:
                raise InputError("This run is going on. Stop it before you delete it.")
            held.release()
        rubbish = self.path.with_name(RUBBISH + self.id)
        shutil.rmtree(rubbish, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):  # somebody else was faster
            self.path.replace(rubbish)
        shutil.rmtree(rubbish, ignore_errors=True)


def all_runs(root: Path) -> list[RunDirectory]:
    """Every run in a folder, in the order of their names: the oldest first."""
    return [RunDirectory(root / name) for name in run_names(root)]


def run_names(root: Path) -> list[str]:
    """The names of all runs in a folder, the oldest first."""
    try:
        with os.scandir(root) as entries:
            names = [entry.name for entry in entries if entry.is_dir()]
    except OSError:
        return []
    return sorted(name for name in names if not name.startswith("."))


def clear_rubbish(root: Path) -> None:
    """Remove what is left of runs whose deletion was interrupted."""
    for path in root.glob(f"{RUBBISH}*"):
        shutil.rmtree(path, ignore_errors=True)
