"""Everything that a person chooses about a network and its training, checked once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.errors import InputError
from core.networks.features import check_features
from core.networks.units import check_activation

MAX_LAYERS, MAX_UNITS = 8, 16
MAX_DROPOUT = 0.9
MAX_BATCH = 1000
INITIALISATIONS = ("xavier", "he", "normal", "zero")
LOSS_NAMES = ("cross_entropy", "bce", "mse", "huber")
OPTIMIZER_NAMES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "cosine", "exponential")


@dataclass(frozen=True)
class LayerConfig:
    """One hidden layer.

    Attributes:
        units: How many units it has, 1 to 16.
        activation: A key of the registry of activations, or an expression in x behind an
            equals sign, such as ``=max(0.1*x, x)``.
        dropout: The share of its outputs that is set to zero in training, 0 to 0.9.
        batch_norm: Whether its sums are normalised over the batch before the activation.

    Raises:
        InputError: A value outside of its range.
    """

    units: int = 4
    activation: str = "tanh"
    dropout: float = 0.0
    batch_norm: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.units <= MAX_UNITS:
            raise InputError(f"A layer has 1 to {MAX_UNITS} units, not {self.units}.")
        if not 0 <= self.dropout <= MAX_DROPOUT:
            raise InputError(f"Dropout goes from 0 to {MAX_DROPOUT:g}.")
        check_activation(self.activation)


@dataclass(frozen=True)
class NetworkConfig:
    """A network and how it is trained; equal configs and data give equal runs.

    Attributes:
        features: What it sees of a point: keys of `FEATURES`, in order.
        layers: The hidden layers, 0 to 8 of them.
        initialisation: How the weights start; biases start at 0. "xavier" and "he" are the
            uniform draws of Glorot & Bengio (2010) and He et al. (2015), "normal" a normal
            distribution of standard deviation 0.5, "zero" all zeros (and all units alike).
        loss: A key of `LOSSES`.
        optimizer: A key of `OPTIMIZERS`.
        learning_rate: Above 0, up to 10.
        schedule: How the learning rate changes with the epochs: a key of `SCHEDULES`.
        l1: The weight of the sum of the |w| in what is minimised, 0 to 1.
        l2: The weight of half the sum of the w², 0 to 1. With AdamW it is the decoupled
            weight decay instead (`core.networks.optimizers`).
        batch_size: Examples that one update looks at, 1 to 1000.
        seed: What the initial weights, the order of the examples and dropout depend on.

    Raises:
        InputError: A value outside of its range.
    """

    features: tuple[str, ...] = ("x1", "x2")
    layers: tuple[LayerConfig, ...] = (LayerConfig(4), LayerConfig(2))
    initialisation: str = "xavier"
    loss: str = "bce"
    optimizer: str = "adam"
    learning_rate: float = 0.03
    schedule: str = "constant"
    l1: float = 0.0
    l2: float = 0.0
    batch_size: int = 10
    seed: int = 42

    def __post_init__(self) -> None:
        check_features(self.features)
        if len(self.layers) > MAX_LAYERS:
            raise InputError(f"A network has at most {MAX_LAYERS} hidden layers here.")
        _check_name("way to initialise", self.initialisation, INITIALISATIONS)
        _check_name("loss", self.loss, LOSS_NAMES)
        _check_name("optimizer", self.optimizer, OPTIMIZER_NAMES)
        _check_name("schedule", self.schedule, SCHEDULES)
        if not (math.isfinite(self.learning_rate) and 0 < self.learning_rate <= 10):
            raise InputError("The learning rate is a number above 0, up to 10.")
        if not (0 <= self.l1 <= 1 and 0 <= self.l2 <= 1):
            raise InputError("L1 and L2 go from 0 to 1.")
        if not 1 <= self.batch_size <= MAX_BATCH:
            raise InputError(f"A batch has 1 to {MAX_BATCH} examples.")
        if not 0 <= self.seed < 2**31:
            raise InputError("The seed is a whole number from 0 to 2147483647.")


def _check_name(kind: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise InputError(f"There is no {kind} {name!r}. There are: {', '.join(known)}.")
