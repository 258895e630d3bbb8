"""A finished epoch opened up: its network, the pictures it was checked on, its mistakes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.images.prepared import mean_and_std
from core.images.split import Split
from core.reader.reader import Reader
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.training.data import Sets, sets_of, split_for
from core.training.events import Insight
from core.training.state import start
from core.vision.build import ImageNetwork


@lru_cache(maxsize=3)
def sets_for(dataset: str) -> Sets:
    """Return the pictures of a data set; shared by all who look at it."""
    return sets_of(dataset)


@lru_cache(maxsize=6)
def pictures_of(config: TrainingConfig) -> Split:
    """Return the pictures of a run, as bytes; shared by all who look at runs like it."""
    return split_for(config, sets_for(config.dataset))


@dataclass(frozen=True, eq=False)
class Trained:
    """A network of a run, ready to be asked.

    Attributes:
        model: After the newest finished epoch.
        mean: Of its training pictures, each channel.
        std: The same.
        note: A sentence if a later epoch was damaged, else empty.
    """

    model: ImageNetwork
    mean: NDArray[np.float32]
    std: NDArray[np.float32]
    note: str

    def reader(self) -> Reader:
        """Return it as a reader of digits.

        Raises:
            InputError: It was trained on other pictures.
        """
        if len(self.mean) != 1:
            raise InputError("Only a network for grey pictures can read a drawing.")
        return Reader.from_model(self.model, float(self.mean[0]), float(self.std[0]))


@lru_cache(maxsize=8)
def _trained(path: str, epoch: int) -> Trained:  # The epoch is part of the cache's key.
    run = RunDirectory(Path(path))
    config = run.spec().config
    found = run.checkpoint(epoch)
    split = pictures_of(config)
    shape = (split.train.shape[0], split.train.shape[1], split.train.shape[2])
    model, _ = start(on_cpu(config), shape, len(split.train.classes))
    model.load_state_dict(found.snapshot.weights())
    model.eval()
    mean, std = mean_and_std(split.train)
    return Trained(model, mean.numpy(), std.numpy(), found.note)


def trained(run: RunDirectory) -> Trained:
    """Return the network of a run after its newest finished epoch.

    Raises:
        InputError: There is no finished epoch, or its pictures are not on this machine.
    """
    epochs = run.epochs()
    if not epochs:
        raise InputError("This run has no finished epoch yet.")
    return _trained(str(run.path), epochs[-1])


def wrong(insight: Insight, labels: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the numbers of the pictures that were read wrongly, the surest mistakes first."""
    found = np.flatnonzero(insight.predicted != labels)
    order = np.argsort(-insight.losses[found], kind="stable")
    return np.asarray(found[order][:most])


def in_cell(
    insight: Insight, labels: NDArray[np.int64], row: int, column: int, most: int
) -> NDArray[np.int64]:
    """Return the numbers of the pictures of class `row` that were read as `column`."""
    found = np.flatnonzero((labels == row) & (insight.predicted == column))
    order = np.argsort(-insight.losses[found], kind="stable")
    return np.asarray(found[order][:most])


def on_cpu(config: TrainingConfig) -> TrainingConfig:
    """Return what a run trained, for looking at it here."""
    return replace(config, device="cpu", mixed_precision=False)
