"""The settings of the network builder, each with its name in the address and its limits."""

from dataclasses import dataclass, fields
from typing import Any

from core.networks.config import MAX_BATCH, LayerConfig, NetworkConfig
from core.networks.datasets import DATASETS, MAX_NOISE, MAX_SIZE, MIN_SIZE
from core.networks.losses import LOSSES
from core.networks.optimizers import OPTIMIZERS
from core.networks.plane import MAX_CLASSES
from explorer.network_builder.encoded import Point
from explorer.network_builder.rules import (
    FeaturesRule,
    LayersRule,
    OtherRule,
    PlaceRule,
    PointsRule,
    Values,
    WeightsRule,
)
from explorer.settings import Choice, Number, Numbers, setting

OWN = "own"
TURBO = "turbo"
SPEEDS = ("0.5", "1", "2", "5", "10", "20", "60", "200", TURBO)
MAX_EPOCHS = 100_000
DATA = {**{name: one.label for name, one in DATASETS.items()}, OWN: "Your own"}
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 3.0, 4.0, 10.0)
PENALTIES = (0.0, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class NetworkSettings:
    """What may differ between the two networks of a comparison."""

    features: tuple[str, ...] = setting(("x1", "x2"), FeaturesRule("Inputs"))
    layers: tuple[LayerConfig, ...] = setting(
        (LayerConfig(4), LayerConfig(2)), LayersRule("Hidden layers")
    )
    initialisation: str = setting(
        "xavier",
        Choice(
            "Start",
            {"xavier": "Xavier", "he": "He", "normal": "Normal", "zero": "All zero"},
            help="How the first weights are drawn. All zero makes all units of a layer alike.",
        ),
    )
    loss: str = setting(
        "bce",
        Choice(
            "Loss",
            {name: label[:1].upper() + label[1:] for name, label in LOSSES.items()},
            help="What training makes small.",
        ),
    )
    optimizer: str = setting(
        "adam",
        Choice(
            "Optimizer",
            {name: one.label for name, one in OPTIMIZERS.items()},
            help="How a gradient becomes an update of the weights.",
        ),
    )
    learning_rate: float = setting(
        0.03, Number("Learning rate", 1e-6, 10, 0.01, 6, help="How far one update goes.")
    )
    schedule: str = setting(
        "constant",
        Choice(
            "Schedule",
            {
                "constant": "Constant",
                "step": "Halved every 100 epochs",
                "cosine": "Cosine over 400 epochs",
                "exponential": "0.5 % less every epoch",
            },
            help="How the learning rate changes with the epochs.",
        ),
    )
    l1: float = setting(
        0.0, Number("L1", 0, 1, 0.001, 6, help="Penalty on |w|: drives weights to exactly 0.")
    )
    l2: float = setting(
        0.0, Number("L2", 0, 1, 0.001, 6, help="Penalty on w²: keeps all weights small.")
    )
    batch_size: int = setting(
        10, Number("Batch", 1, MAX_BATCH, help="How many examples one update looks at.")
    )

    def config(self, seed: int) -> NetworkConfig:
        """Return the configuration of the network for these settings."""
        return NetworkConfig(
            **{one.name: getattr(self, one.name) for one in fields(NetworkSettings)}, seed=seed
        )


def network_settings(config: NetworkConfig) -> dict[str, Any]:
    """Return the settings that a configuration stands for, by name."""
    return {one.name: getattr(config, one.name) for one in fields(NetworkSettings)}


@dataclass(frozen=True)
class Settings(NetworkSettings):
    """Everything that decides what the page shows."""

    data: str = setting("circles", Choice("Data", DATA))
    points: int = setting(
        500, Number("Points", MIN_SIZE, MAX_SIZE, 10, help="Training and validation together.")
    )
    noise: float = setting(
        0.05, Number("Noise", 0, MAX_NOISE, 0.05, 2, help="How far the points scatter.")
    )
    share: int = setting(
        50, Number("Validation %", 0, 90, 10, help="The share that is not learnt from.")
    )
    classes: int = setting(
        2, Number("Classes", 2, MAX_CLASSES, help="Classes of clouds and brush, arms of spirals.")
    )
    seed: int = setting(42, Number("Seed", 0, 9999, help="Decides points, weights and order."))
    own: tuple[Point, ...] | None = setting(None, PointsRule("Your own points"))
    mode: str = setting(
        "epoch", Choice("Play by", {"epoch": "Epoch", "batch": "Batch", "example": "Example"})
    )
    speed: str = setting("20", Choice("Speed", {name: name for name in SPEEDS}))
    curve: str = setting("loss", Choice("Curve", {"loss": "Loss", "accuracy": "Accuracy"}))
    matrix: str = setting(
        "validation", Choice("Matrix", {"validation": "Validation", "training": "Training"})
    )
    unit: tuple[int, int] = setting((1, 0), PlaceRule("Selected unit"))
    probe: tuple[float, float] = setting((1.0, 1.0), Numbers("Probe", 2, 6))
    epochs: int = setting(0, Number("Epochs", 0, MAX_EPOCHS))
    at: int | None = setting(None, Number("Epoch shown", 0, MAX_EPOCHS))
    weights: Values | None = setting(None, WeightsRule("Weights"))
    b: NetworkSettings | None = setting(None, OtherRule("Network B", NetworkSettings))
    active: int = setting(0, Number("Network to change", 0, 1, help="0 is A, 1 is B."))
    b_weights: Values | None = setting(None, WeightsRule("Weights of network B"))
    scratch: int = setting(0, Number("NumPy epochs", 0, 10_000, help="Of the course's network."))
