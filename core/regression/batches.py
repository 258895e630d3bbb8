"""Which points each update of the descent looks at."""

from __future__ import annotations

import torch

from core.errors import InputError


class BatchSchedule:
    """The deck of cards: shuffle all points, deal them batch by batch, shuffle again.

    Every epoch deals every point exactly once; the last batch of an epoch may be smaller.
    The same seed deals the same batches. Any update can be asked for, in any order.

    Args:
        n: How many points there are, at least 1.
        batch_size: Points in a batch, at least 1; None, or at least `n`, deals all in order.
        seed: Where the chance comes from.

    Raises:
        InputError: No points, a batch of less than one, or a negative seed.
    """

    def __init__(self, n: int, batch_size: int | None, seed: int) -> None:
        if n < 1:
            raise InputError("There are no points to deal.")
        if batch_size is not None and batch_size < 1:
            raise InputError("A batch needs at least one point.")
        if not 0 <= seed < 2**63:
            raise InputError("The seed must be a whole number from 0 upwards.")
        self.n = n
        self.batch_size = n if batch_size is None else min(batch_size, n)
        self.seed = seed
        self._generator = torch.Generator().manual_seed(seed)
        self._epochs: list[list[tuple[int, ...]]] = []

    @property
    def full(self) -> bool:
        """True if every batch holds all points."""
        return self.batch_size == self.n

    @property
    def batches_per_epoch(self) -> int:
        """How many updates it takes to see every point once: n / batch size, rounded up."""
        return -(-self.n // self.batch_size)

    def epoch(self, step: int) -> int:
        """The epoch, from 0, that update number `step`, from 0, belongs to."""
        return step // self.batches_per_epoch

    def batch(self, step: int) -> tuple[int, ...]:
        """The points, from 0, that update number `step`, from 0, looks at.

        Raises:
            IndexError: A negative step.
        """
        if step < 0:
            raise IndexError(f"updates are counted from 0, not {step}")
        if self.full:
            return tuple(range(self.n))
        while len(self._epochs) <= self.epoch(step):
            order = torch.randperm(self.n, generator=self._generator).tolist()
            cuts = range(0, self.n, self.batch_size)
            self._epochs.append([tuple(order[at : at + self.batch_size]) for at in cuts])
        return self._epochs[self.epoch(step)][step % self.batches_per_epoch]
