"""A run of the network builder: forward by example, batch or epoch, and back in time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import torch
from torch import Generator, Tensor

from core.errors import InputError
from core.networks.config import NetworkConfig
from core.networks.evaluation import Examples, evaluate
from core.networks.history import EpochRow, History, Snapshot, capture, restore
from core.networks.loop import Event, Place, train
from core.networks.losses import Objective
from core.networks.model import Network, build
from core.networks.optimizers import adjust, learning_rate_at, optimizer_for
from core.networks.plane import PlaneData

LIMIT = 1e6


class Run:
    """A network in training. Same data and config, same run, to the last digit on a CPU.

    One generator, seeded with `config.seed`, first draws the weights and then, epoch by
    epoch, the order of the examples and what dropout leaves out.

    Args:
        training: The points to learn from, at least one.
        validation: The points that are only looked at; may be empty.
        config: The network and how it is trained.

    Attributes:
        model: The network as it is now; another object after structure or seed changed.
        config: What is in force.
        objective: The loss together with the number of classes.
        history: Rows and snapshots of all epochs.
        last_event: The last update, or None.
        diverged: True if loss or weights have exploded; then nothing advances any more.

    Raises:
        InputError: No training points, sets that do not fit each other, or a loss that
            does not fit the task.
    """

    def __init__(self, training: PlaneData, validation: PlaneData, config: NetworkConfig) -> None:
        self.config = config
        self.history = History()
        self.diverged = False
        self.last_event: Event | None = None
        self._loops: dict[int, Iterator[Event]] = {}
        self._looking_back = False
        self._use(training, validation)
        self.rewind()

    def _use(self, training: PlaneData, validation: PlaneData) -> None:
        """Take these points from now on."""
        if not len(training):
            raise InputError("There has to be at least one point to learn from.")
        if training.classes != validation.classes:
            raise InputError(
                f"The training points have {training.classes} classes and the validation "
                f"points {validation.classes}."
            )
        self.objective = Objective(self.config.loss, training.classes)
        self.training, self.validation = training, validation
        self._see()

    def _see(self) -> None:
        """Make inputs and targets of the points, for features and loss as they are."""
        features = self.config.features
        self.examples = Examples.of(self.training, features, self.objective)
        self.held_back = Examples.of(self.validation, features, self.objective)

    def _built(self, generator: Generator) -> Network:
        """A network for this config with fresh weights."""
        objective = self.objective
        return build(self.config, objective.outputs, generator, objective.ending)

    # What is there to see

    @property
    def step_count(self) -> int:
        """How many updates led here."""
        return self.place.step

    @property
    def epoch(self) -> int:
        """How many epochs are complete."""
        return self.place.epoch

    @property
    def rows(self) -> list[EpochRow]:
        """Losses and accuracies up to the epoch looked at, the curves of the page."""
        return [row for row in self.history.rows if row.epoch <= self.epoch]

    @property
    def now(self) -> EpochRow:
        """Losses and accuracies of the weights as they are, in the middle of an epoch too."""
        return self._evaluated()

    @property
    def problem(self) -> str | None:
        """A sentence on what has gone wrong, or None."""
        if not self.diverged:
            return None
        if not self.step_count:
            return (
                "The network gives no finite number, even before training: an activation has "
                "no value for some of its sums. Choose another one."
            )
        return (
            f"The training diverged in epoch {self.epoch + 1}: the numbers grew beyond all "
            "bounds. Rewind, or go back in time, and take a smaller learning rate."
        )

    @property
    def next_examples(self) -> Tensor:
        """The numbers of the examples of the next batch; none before an epoch has begun."""
        if not self.place.cursor:
            return torch.empty(0, dtype=torch.int64)
        return self.place.order[self.place.cursor :][: self.config.batch_size]

    # Going forward

    def advance_example(self) -> Event | None:
        """Make one update that looks at a single example; None if the run has diverged."""
        return self._advance(1)

    def advance_batch(self) -> Event | None:
        """Make one update with a batch; None if the run has diverged."""
        return self._advance(self.config.batch_size)

    def advance_epochs(self, k: int, budget_s: float | None = None) -> int:
        """Go on until `k` more epochs are complete; an epoch that has begun counts.

        Args:
            k: How many epochs.
            budget_s: Stop after so many seconds, in the middle of an epoch if need be.

        Returns:
            How many epochs were completed.
        """
        first, end = self.epoch, self.epoch + k
        until = math.inf if budget_s is None else time.perf_counter() + budget_s
        while self.epoch < end and self._advance(self.config.batch_size) is not None:
            if time.perf_counter() >= until:
                break
        return self.epoch - first

    def _advance(self, batch_size: int) -> Event | None:
        if self.diverged:
            return None
        if self._looking_back:
            self.history.drop_after(self.epoch)
            self._looking_back = False
        if batch_size not in self._loops:
            self._loops = {batch_size: self._loop(batch_size)}
        event = next(self._loops[batch_size])
        self.last_event = event
        self.diverged = not event.loss <= LIMIT
        if event.epoch_ended and not self.diverged:
            self._record()
        return event

    def _loop(self, batch_size: int) -> Iterator[Event]:
        return train(
            self.model,
            self.examples.inputs,
            self.examples.targets,
            self.objective,
            self.config,
            self.optimizer,
            self.place,
            batch_size,
        )

    def _record(self) -> None:
        """At the end of an epoch: evaluate, note, and keep a snapshot if it is its turn."""
        row = self._evaluated()
        self.history.write(row)
        self.diverged = not row.training_loss <= LIMIT
        first = not self.history.snapshots
        if first or (self.history.wants(self.epoch) and not self.diverged):
            self.history.keep(self._snapshot())

    def _evaluated(self) -> EpochRow:
        losses = [evaluate(self.model, self.objective, s) for s in (self.examples, self.held_back)]
        (loss, right), (validation_loss, validation_right) = losses
        rate = learning_rate_at(self.config, self.epoch)
        return EpochRow(
            self.epoch, self.step_count, loss, validation_loss, right, validation_right, rate
        )

    # Going back

    def rewind(self) -> None:
        """Back to the initial weights of this config: the same ones for the same seed."""
        self.place = Place(Generator().manual_seed(self.config.seed))
        self.model = self._built(self.place.generator)
        self.optimizer = optimizer_for(self.config, self.model)
        self.history = History()
        self._start_here()
        self._record()

    def go_to(self, epoch: int) -> int:
        """Look at the network as it was after an epoch; later ones are kept until it goes on.

        The weights come back, and with them the memory of the optimizer, the running
        statistics and the state of chance: going on from here is the same run again, if the
        settings are the same.

        Args:
            epoch: The epoch wished for. The nearest one before it that was kept is taken.

        Returns:
            The epoch that is looked at now.
        """
        if self.history.tip is None and not self._looking_back and not self.diverged:
            self.history.tip = self._snapshot()
        self._restore(self.history.nearest(epoch))
        self._looking_back = True
        return self.epoch

    def _snapshot(self) -> Snapshot:
        return capture(self.model, self.optimizer, self.config.optimizer, self.place)

    def _restore(self, snapshot: Snapshot) -> None:
        restore(snapshot, self.model, self.optimizer, self.config.optimizer, self.place)
        adjust(self.optimizer, self.config, self.epoch)
        self._start_here()
        self.diverged = not self.now.training_loss <= LIMIT

    def _start_here(self) -> None:
        """The next update begins with what is in model, optimizer and place now."""
        self._loops = {}
        self._looking_back = False
        self.diverged = False
        self.last_event = None
