"""A finished epoch of a run opened up: its network and its pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Tensor

from core.errors import InputError
from core.images.prepared import FLOAT_LIMIT, Part, Prepared, prepare
from core.networks.probes import wilson
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.training.data import Sets, sets_of, split_for
from core.training.evaluation import BATCH, final_answers, in_use
from core.training.state import MISFIT, start
from core.vision.build import ImageNetwork


@dataclass(frozen=True, eq=False)
class Finished:
    """A network of a run as it is used, on the CPU.

    Attributes:
        name: What a person calls the run.
        config: What was trained, as it was told.
        epoch: After which epoch.
        model: The network.
        prepared: The pictures of the run; exports touch training and validation only.
    """

    name: str
    config: TrainingConfig
    epoch: int
    model: ImageNetwork
    prepared: Prepared

    @property
    def pictures(self) -> Part:
        """What exports are compared on: the validation pictures, or else those learnt from."""
        return self.prepared.validation if len(self.prepared.validation) else self.prepared.train

    @cached_property
    def scores(self) -> Tensor:
        """What the network says about these pictures, float32 of shape (N, classes)."""
        return scores_of(self.model, self.pictures)


@dataclass(frozen=True)
class FinalAccuracy:
    """What the test set says about a network.

    Attributes:
        right: How many of its pictures were recognised.
        total: How many it has.
        interval: The 95 % interval of the accuracy by Wilson (1927), 0 to 1.
        epoch: After which epoch the network was asked.
    """

    right: int
    total: int
    interval: tuple[float, float]
    epoch: int


def finished(
    run: RunDirectory,
    epoch: int | None = None,
    sets: Sets | None = None,
    float_limit: int = FLOAT_LIMIT,
) -> Finished:
    """Open a finished epoch of a run.

    Args:
        run: The run.
        epoch: Which one of `run.epochs()`; None takes the newest that is whole.
        sets: What `core.training.data.sets_of` gave for its data set, if it is at hand.
        float_limit: As for `core.images.prepared.prepare`.

    Raises:
        InputError: There is no such epoch, or its pictures are not on this machine.
    """
    spec = run.spec()
    if spec.config.backbone is not None:
        raise InputError("This run belongs to the transfer-learning page. Open it there.")
    found = run.checkpoint(epoch)
    here = replace(spec.config, device="cpu", mixed_precision=False)
    prepared = prepare(split_for(here, sets or sets_of(here.dataset)), "cpu", float_limit)
    model, _ = start(here, prepared.shape, len(prepared.classes))
    try:
        model.load_state_dict(found.snapshot.weights())
    except RuntimeError as error:
        raise InputError(MISFIT) from error
    return Finished(spec.name, spec.config, found.epoch, model.eval(), prepared)


def scores_of(model: torch.nn.Module, part: Part) -> Tensor:
    """The scores of a network for every picture of a set, in order, shape (N, classes)."""
    with in_use(model):
        return torch.cat([model(images) for images, _ in part.in_order(BATCH)])


def test_accuracy(run: RunDirectory, sets: Sets | None = None) -> FinalAccuracy:  # noqa: PT028
    """Ask the test set about a run after its newest epoch. Nothing else touches the test set.

    It is meant for the end, once: who chooses by it measures luck.

    Args:
        run: The run.
        sets: What `core.training.data.sets_of` gave for its data set, if it is at hand.

    Raises:
        InputError: There is no finished epoch, or its pictures are not on this machine.
    """
    one = finished(run, sets=sets, float_limit=0)
    said = final_answers(one.model, one.prepared)
    right, total = int((said.predicted == said.labels).sum()), len(said.labels)
    return FinalAccuracy(right, total, wilson(right, total), one.epoch)
