"""Runs that train a backbone on: how they begin, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import torch
from torch import Generator, Tensor, nn

from core.errors import InputError
from core.images.prepared import Part, Prepared
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.training.data import Sets, prepared_for
from core.training.evaluation import in_use
from core.training.state import MISFIT, State, start
from core.transfer.architectures import Backbone
from core.transfer.backbones import load_backbone
from core.transfer.classifier import Classifier
from core.transfer.head import Head
from core.vision.build import placed

BATCH = 32


def begin(config: TrainingConfig, prepared: Prepared) -> tuple[nn.Module, State]:
    """The network of a run on its device, and the state before its first update.

    Args:
        config: What to build, and where.
        prepared: Its pictures; a backbone's features are standardised by those to learn from.

    Raises:
        InputError: An impossible layer, a backbone that is not here, pictures that do not fit.
    """
    if config.backbone is None:
        return start(config, prepared.shape, len(prepared.classes))
    generator = Generator().manual_seed(config.seed)
    model = classifier_for(config, len(prepared.classes), generator)
    if prepared.shape != model.input_shape:
        _, height, width = prepared.shape
        side = model.input_shape[1]
        raise InputError(
            f"This backbone takes pictures of {side}×{side} pixels in colour; these have "
            f"{height}×{width}."
        )
    placed(model, config.device)
    model.standardise(images for images, _ in prepared.train.in_order(BATCH))
    return model, State.fresh(model, config, generator)


def classifier_for(config: TrainingConfig, classes: int, generator: Generator) -> Classifier:
    """The backbone of a run with a head that knows nothing yet, on the CPU.

    Args:
        config: Names the backbone.
        classes: How many classes.
        generator: Where random weights come from, for a run from scratch.

    Raises:
        InputError: The backbone is not on this machine.
    """
    assert config.backbone is not None
    name, pretrained = config.backbone
    if pretrained:
        return Classifier(load_backbone(name), classes, config.tuning)
    backbone = load_backbone(name, weights="random", generator=generator)
    return Classifier(backbone, classes, "all", fresh=True)


@dataclass(frozen=True, eq=False)
class Tuned:
    """A backbone and a head that a run has trained, as they are used, on the CPU.

    Attributes:
        name: What a person calls the run.
        config: What was trained, as it was told.
        epoch: After which epoch.
        model: The network.
        prepared: The pictures of the run.
    """

    name: str
    config: TrainingConfig
    epoch: int
    model: Classifier
    prepared: Prepared

    @property
    def backbone(self) -> Backbone:
        """The backbone by itself."""
        return self.model.backbone

    @cached_property
    def head(self) -> Head:
        """The head by itself."""
        return self.model.head()

    @cached_property
    def held_back(self) -> tuple[Tensor, Tensor]:
        """The scores (n, K) of the validation pictures in their order, and their classes (n,)."""
        validation = self.prepared.validation
        return scores_of(self.model, validation), validation.labels


def tuned(run: RunDirectory, epoch: int | None = None, sets: Sets | None = None) -> Tuned:
    """Open a finished epoch of a run that trained a backbone on.

    Args:
        run: The run.
        epoch: Which one of `run.epochs()`; None takes the best one, by the validation loss.
        sets: What `core.training.data.sets_of` gave for its data set, if it is at hand.

    Raises:
        InputError: There is no such epoch, or its pictures or backbone are not on this machine.
    """
    spec = run.spec()
    if spec.config.backbone is None:
        raise InputError("This run has no backbone. Open it on the training dashboard.")
    if epoch is None:
        best = run.best_epoch()
        epoch = best if best in run.epochs() else None
    found = run.checkpoint(epoch)
    here = replace(spec.config, device="cpu", mixed_precision=False)
    prepared = prepared_for(here, sets)
    generator = torch.Generator().manual_seed(here.seed)
    model = classifier_for(here, len(prepared.classes), generator)
    try:
        model.load_state_dict(found.snapshot.weights())
    except RuntimeError as error:
        raise InputError(MISFIT) from error
    return Tuned(spec.name, spec.config, found.epoch, model.eval(), prepared)


def scores_of(model: nn.Module, part: Part) -> Tensor:
    """The scores of a network for every picture of a set, in order, shape (N, K)."""
    classes = model.fc.out_features if isinstance(model, Classifier) else 0
    with in_use(model):
        rows = [model(images) for images, _ in part.in_order(BATCH)]
    return torch.cat(rows) if rows else torch.zeros(0, classes)
