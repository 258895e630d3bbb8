"""The training loop itself: forward, loss, backward, update, until the epochs are over."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from core.errors import InputError
from core.images.prepared import Prepared
from core.training.augmenting import hard, training_part
from core.training.commands import Commands
from core.training.config import TrainingConfig
from core.training.evaluation import Answers, answers
from core.training.events import (
    EpochEnded,
    Event,
    Insight,
    Progress,
    RateChanged,
    Started,
    Stopped,
)
from core.training.maps import all_finite, count_parameters, first_filters
from core.training.meter import Meter
from core.training.optimizers import adjust
from core.training.schedules import rate_at
from core.training.state import State
from core.transfer.classifier import Classifier

LIMIT = 1e6  # a larger loss counts as diverged
# What one epoch yields; at its end it returns why the run ends, or None if it goes on.
_Epoch = Generator[Event | Insight, None, str | None]


def train(
    model: nn.Module,
    prepared: Prepared,
    config: TrainingConfig,
    state: State | None = None,
    commands: Commands | None = None,
) -> Iterator[Event | Insight]:
    """Learn epoch after epoch; every `next` runs on to the next event.

    All that lasts is in `model` and `state`. Between two epochs, when EpochEnded has come,
    `state.capture(model)` is what a run can be resumed from, to the last bit on a CPU. Pause by
    not asking, end with `close`.

    Args:
        model: From pictures (B, C, H, W) to scores (B, classes), on the device of the data.
        prepared: The pictures; the test set is not touched.
        config: How to learn.
        state: Where the run stands; it moves on. None starts afresh with the weights as they are.
        commands: Where changes of the learning rate and a stop are asked for.

    Yields:
        Started; Progress a few times a second; Insight and EpochEnded after every epoch;
        RateChanged; at last Stopped.

    Raises:
        InputError: Early stopping without a validation picture.
    """
    if config.patience is not None and not len(prepared.validation):
        raise InputError("Early stopping watches the validation loss: hold some pictures back.")
    state = state or State.fresh(model, config)
    run = _Run(model, prepared, config, state, commands or Commands())
    yield run.started()
    reason: str | None = None
    while reason is None:
        if state.out_of_patience(config):
            reason = "early"
        elif state.epoch >= config.epochs:
            reason = "finished"
        else:
            reason = yield from run.epoch()
    yield Stopped(reason, state.epoch, state.step)


@dataclass
class _Run:
    """A run and all that an epoch of it needs."""

    model: nn.Module
    prepared: Prepared
    config: TrainingConfig
    state: State
    commands: Commands

    def __post_init__(self) -> None:
        self.parameters = list(self.model.parameters())
        self.device = self.parameters[0].device
        self.dealer = training_part(self.prepared, self.config)
        self.steps = math.ceil(len(self.prepared.train) / self.config.batch_size)

    def started(self) -> Started:
        return Started(
            epoch=self.state.epoch,
            step=self.state.step,
            samples=len(self.prepared.train),
            validation_samples=len(self.prepared.validation),
            steps_per_epoch=self.steps,
            epochs=self.config.epochs,
            parameters=count_parameters(self.model),
            device=str(self.device),
        )

    def epoch(self) -> _Epoch:
        """Go through all pictures once, then look at the validation set."""
        config, state, meter = self.config, self.state, Meter()
        self.model.train()
        if isinstance(self.model, Classifier):
            self.model.let_learn(state.epoch)
        rate = math.nan
        for images, labels in self.dealer.batches(state.generator, config.batch_size):
            if self.commands.stopping:
                return "stopped"
            if (change := self._changed_rate()) is not None:
                yield from meter.handing_out(change)
            rate = adjust(state.optimizer, config, state.base_rate, state.step, self.steps)
            loss, scores = self.update(images, labels)
            meter.add(loss, scores, hard(labels))
            state.step += 1
            if meter.due:
                loss_now, accuracy, speed = meter.read()
                if not loss_now <= LIMIT:
                    return "diverged"
                progress = Progress(state.step, state.epoch, loss_now, accuracy, rate, speed)
                yield from meter.handing_out(progress)
        return (yield from self._ended(meter, rate))

    def update(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        """Learn from one batch; returns its loss and scores, both still on the device.

        The labels are classes (B,), or shares of them (B, K) where pictures were mixed.
        """
        config, optimizer, scaler = self.config, self.state.optimizer, self.state.scaler
        if not config.channels_last:
            images = images.contiguous()
        with self._precision():
            scores = self.model(images)  # forward
            loss = F.cross_entropy(scores, labels, label_smoothing=config.label_smoothing)  # loss
        optimizer.zero_grad()
        scaler.scale(loss).backward()  # type: ignore[no-untyped-call]  # backward
        if config.gradient_clip is not None:
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(self.parameters, config.gradient_clip)
        scaler.step(optimizer)  # update
        scaler.update()
        return loss, scores

    def _precision(self) -> AbstractContextManager[object]:
        if self.state.scaler.is_enabled():
            return torch.autocast(self.device.type)
        return nullcontext()

    def _changed_rate(self) -> RateChanged | None:
        """Take a new learning rate from the letter box: the rest of the schedule is scaled."""
        wanted = self.commands.take_rate()
        if wanted is None:
            return None
        config, state = self.config, self.state
        share = rate_at(config.schedule, 1.0, state.step, self.steps, config.epochs)
        before = state.base_rate * share
        state.base_rate = wanted / share
        return RateChanged(state.step, state.epoch, wanted, before)

    def _ended(self, meter: Meter, rate: float) -> _Epoch:
        """What is to be said after an epoch, if its numbers are finite."""
        meter.read()
        seconds = meter.watch.lap()
        said = answers(self.model, self.prepared.validation)
        finite = meter.loss <= LIMIT and all_finite(self.model)
        if not finite or (len(said.losses) and not said.loss <= LIMIT):
            return "diverged"
        self.state.epoch += 1
        row = EpochEnded(
            self.state.epoch,
            self.state.step,
            meter.loss,
            meter.accuracy,
            said.loss,
            said.accuracy,
            rate,
            meter.watch.lap(),
            meter.seen / max(seconds, 1e-9),
        )
        self.state.rows.append(row)
        yield self._insight(said)
        yield row
        return None

    def _insight(self, said: Answers) -> Insight:
        filters = first_filters(self.model, self.prepared.shape)
        predicted = said.predicted.astype(np.int16)
        return Insight(self.state.epoch, predicted, said.losses, said.confusion, filters)
