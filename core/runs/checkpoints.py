"""The epochs of a run that it can go on from: weights, optimizer and chance, without pickle."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save

from core.errors import InputError
from core.runs.sealed import read_bytes, read_sealed, sealed, write_whole
from core.training.events import EpochEnded
from core.training.state import Snapshot, best_of, rows_of

FOLDER = "checkpoints"
NEWEST = 2  # how many of the newest are kept, besides the best one
_FACTS = re.compile(r"epoch_([0-9]{5,9})\.json")


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A finished epoch of a run.

    Attributes:
        epoch: Its number, from 1.
        snapshot: Weights, memory of the optimizer, states of chance, and facts: "rows",
            "config", "input_shape" and "classes" among them.
        damaged: The numbers of later epochs whose files are damaged.
    """

    epoch: int
    snapshot: Snapshot
    damaged: tuple[int, ...] = ()

    @property
    def note(self) -> str:
        """A sentence on what was damaged; empty if nothing was."""
        if not self.damaged:
            return ""
        which = ", ".join(map(str, self.damaged))
        epochs = "epoch" if len(self.damaged) == 1 else "epochs"
        return f"The file of {epochs} {which} is damaged; epoch {self.epoch} is used instead."


def kept_epochs(run: Path) -> list[int]:
    """The epochs with a checkpoint in a run directory, in order, damaged ones included."""
    try:
        names = [path.name for path in (run / FOLDER).iterdir()]
    except OSError:
        return []
    return sorted(int(found[1]) for name in names if (found := _FACTS.fullmatch(name)))


def save_checkpoint(run: Path, snapshot: Snapshot) -> None:
    """Write a finished epoch, so that it outlives a kill or power cut at any moment.

    The facts come last and name the checksum of the tensors: without them there is no
    checkpoint. After that, all but the newest two and the best one are deleted.

    Raises:
        OSError: The disk is full, for instance; the earlier checkpoints stay.
    """
    (run / FOLDER).mkdir(exist_ok=True)
    epoch = int(snapshot.facts["epoch"])
    tensors, facts = _paths(run, epoch)
    data = save(snapshot.tensors)
    facts.unlink(missing_ok=True)
    write_whole(tensors, data, durable=True)
    mark = {"bytes": len(data), "crc32": zlib.crc32(data)}
    write_whole(facts, sealed({**snapshot.facts, "tensors": mark}), durable=True)
    _tidy(run, epoch, best_of(rows_of(snapshot.facts)))


def load_checkpoint(run: Path, epoch: int | None = None) -> Checkpoint:
    """Read an epoch of a run back.

    Args:
        run: The run directory.
        epoch: Which one; None takes the newest that is whole.

    Raises:
        InputError: That epoch is not kept or damaged, or no epoch is left.
    """
    if epoch is not None:
        return Checkpoint(epoch, _read(run, epoch))
    damaged: list[int] = []
    for newest in reversed(kept_epochs(run)):
        try:
            return Checkpoint(newest, _read(run, newest), tuple(damaged))
        except InputError:
            damaged.append(newest)
    raise InputError("This run has no finished epoch that could be used.")


def newest_rows(run: Path) -> list[EpochEnded]:
    """The rows in the newest checkpoint whose facts are whole; none without a checkpoint."""
    for epoch in reversed(kept_epochs(run)):
        try:
            return rows_of(read_sealed(_paths(run, epoch)[1]))
        except InputError:
            continue
    return []


def _read(run: Path, epoch: int) -> Snapshot:
    tensors, facts = _paths(run, epoch)
    values, data = read_sealed(facts), read_bytes(tensors)
    mark = values.pop("tensors", None)
    if mark != {"bytes": len(data), "crc32": zlib.crc32(data)}:
        raise InputError(f"The file of epoch {epoch} is damaged.")
    try:
        return Snapshot(load(data), values)
    except (SafetensorError, KeyError, ValueError) as error:
        raise InputError(f"The file of epoch {epoch} is damaged.") from error


def _tidy(run: Path, newest: int, best: int | None) -> None:
    """Delete what is not among the newest or the best, later epochs of an earlier run too."""
    kept = [epoch for epoch in kept_epochs(run) if epoch <= newest][-NEWEST:]
    for path in (run / FOLDER).iterdir():
        if int((re.findall(r"[0-9]+", path.name) or ["0"])[0]) not in (*kept, best):
            path.unlink(missing_ok=True)


def _paths(run: Path, epoch: int) -> tuple[Path, Path]:
    stem = run / FOLDER / f"epoch_{epoch:05d}"
    return stem.with_suffix(".safetensors"), stem.with_suffix(".json")
