"""The time machine: every loss of a run, and enough snapshots to go back to."""

from __future__ import annotations

import zlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from core.networks.loop import Place
from core.networks.packing import Packed, pack, shared, unpack

MOST_SNAPSHOTS = 500
_LARGE = slice(24, 24 + 624 * 8)  # bytes of a generator's state


@dataclass(frozen=True)
class EpochRow:
    """How well the network does, evaluated over whole sets; NaN where a set is empty.

    Attributes:
        epoch: How many epochs were complete.
        step: How many updates there had been.
        training_loss: Mean loss over the training points, without the penalty.
        validation_loss: The same over the validation points.
        training_accuracy: Share of right classes, 0 to 1; NaN in regression.
        validation_accuracy: The same over the validation points.
        learning_rate: That of the epoch that comes next.
    """

    epoch: int
    step: int
    training_loss: float
    validation_loss: float
    training_accuracy: float
    validation_accuracy: float
    learning_rate: float


@dataclass(frozen=True)
class Snapshot:
    """Everything that the next update depends on, copied and packed.

    Attributes:
        epoch: How many epochs were complete.
        step: How many updates there had been.
        cursor: How many examples of the epoch that had begun were used.
        chance: The state of the generator, in two parts (see `_parts`).
        order: The order of the examples; empty where no epoch had begun, for then it is drawn anew.
        values: Parameters and running statistics, in the order of the model.
        optimizer: Its name.
        memory: What the optimizer keeps for each parameter (momentum, squares, steps).
        names: What is what in `memory`, for each parameter.
    """

    epoch: int
    step: int
    cursor: int
    chance: tuple[bytes, bytes]
    order: Packed
    values: Packed
    optimizer: str
    memory: Packed
    names: tuple[tuple[str, ...], ...]


def capture(
    model: nn.Module, optimizer: torch.optim.Optimizer, name: str, place: Place
) -> Snapshot:
    """A copy of a run as it stands; `name` is that of the optimizer."""
    kept = [_tensors(optimizer.state.get(parameter, {})) for parameter in model.parameters()]
    return Snapshot(
        place.epoch,
        place.step,
        place.cursor,
        _parts(place.generator.get_state()),
        pack([place.order[: len(place.order) if place.cursor else 0]]),
        pack(_values(model)),
        name,
        pack(value for memory in kept for value in memory.values()),
        shared(tuple(tuple(memory) for memory in kept)),
    )


@torch.no_grad()
def restore(
    snapshot: Snapshot,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    name: str,
    place: Place,
) -> bool:
    """Put a run back to where it stood.

    Returns:
        True if the memory of the optimizer came back too. It does not where another
        optimizer was in use then; the one in use now starts with an empty memory.
    """
    for value, saved in zip(_values(model), unpack(snapshot.values), strict=True):
        value.copy_(saved)
    optimizer.state.clear()
    same = snapshot.optimizer == name
    if same:
        saved_memory = iter(unpack(snapshot.memory))
        for parameter, names in zip(model.parameters(), snapshot.names, strict=True):
            if names:
                optimizer.state[parameter] = {key: next(saved_memory) for key in names}
    place.step, place.epoch, place.cursor = snapshot.step, snapshot.epoch, snapshot.cursor
    (place.order,) = unpack(snapshot.order)
    place.generator.set_state(_state(snapshot.chance))
    return same


def _parts(state: Tensor) -> tuple[bytes, bytes]:
    """The state of a generator as what changes with every number, and its 624 large numbers.

    Those are drawn anew after 624 numbers only (Matsumoto & Nishimura 1998, "Mersenne Twister"), so
    snapshots that follow each other share them; and half of their bytes are zeros.
    """
    whole = state.numpy().tobytes()
    large = zlib.compress(whole[_LARGE], 1)
    return whole[: _LARGE.start] + whole[_LARGE.stop :], shared(large)


def _state(parts: tuple[bytes, bytes]) -> Tensor:
    small, large = parts
    whole = small[: _LARGE.start] + zlib.decompress(large) + small[_LARGE.start :]
    return torch.frombuffer(bytearray(whole), dtype=torch.uint8)


def _values(model: nn.Module) -> list[Tensor]:
    return [*model.parameters(), *model.buffers()]


def _tensors(memory: dict[str, Any]) -> dict[str, Tensor]:
    """What an optimizer has kept for a parameter; all of it is in tensors."""
    return {key: value for key, value in memory.items() if isinstance(value, Tensor)}


class History:
    """The rows of all epochs and at most 500 snapshots.

    At first every epoch is kept; when there are too many, only every second, then every
    fourth, and so on, and always the first. So any moment of a run of any length is near.

    Attributes:
        rows: One row per epoch since the start, in order.
        snapshots: Epoch to snapshot, in order.
        tip: Where the run stood when somebody went back in time, or None.
    """

    def __init__(self) -> None:
        self.rows: list[EpochRow] = []
        self.snapshots: dict[int, Snapshot] = {}
        self.tip: Snapshot | None = None
        self._every = 1

    def copy(self) -> History:
        """A history of its own with the same rows and snapshots (those never change)."""
        twin = History()
        twin.rows, twin.snapshots = list(self.rows), dict(self.snapshots)
        twin.tip, twin._every = self.tip, self._every
        return twin

    @property
    def epochs(self) -> list[int]:
        """The epochs that can be gone to, in order."""
        kept = list(self.snapshots)
        if self.tip is not None and self.tip.epoch > (kept[-1] if kept else -1):
            kept.append(self.tip.epoch)
        return kept

    def write(self, row: EpochRow) -> None:
        """Note how well an epoch did; what was noted of it or of later ones is dropped."""
        while self.rows and self.rows[-1].epoch >= row.epoch:
            self.rows.pop()
        self.rows.append(row)

    def wants(self, epoch: int) -> bool:
        """Whether a snapshot of this epoch would be kept."""
        return epoch % self._every == 0

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a snapshot, and thin the others out if they are too many."""
        self.snapshots[snapshot.epoch] = snapshot
        while len(self.snapshots) > MOST_SNAPSHOTS:
            self._every *= 2
            first = next(iter(self.snapshots))
            self.snapshots = {
                epoch: kept
                for epoch, kept in self.snapshots.items()
                if epoch == first or epoch % self._every == 0
            }

    def drop_after(self, epoch: int) -> None:
        """Forget what came after an epoch: the run goes another way now."""
        self.tip = None
        self.snapshots = {at: kept for at, kept in self.snapshots.items() if at <= epoch}
        while self.rows and self.rows[-1].epoch > epoch:
            self.rows.pop()

    def nearest(self, epoch: int) -> Snapshot:
        """The last snapshot up to an epoch, or the first there is."""
        if self.tip is not None and epoch >= self.tip.epoch:
            return self.tip
        kept = list(self.snapshots)
        return self.snapshots[kept[max(bisect_right(kept, epoch) - 1, 0)]]
