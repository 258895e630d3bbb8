"""Everything that decides a training run."""

from __future__ import annotations

import importlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from core.errors import InputError
from core.images.registry import image_set_named
from core.transfer.classifier import TUNINGS
from core.vision.models import MODELS
from core.vision.specs import Spec
from core.vision.text import parse

OPTIMIZER_NAMES = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")
SCHEDULES = ("constant", "step", "cosine", "exponential", "onecycle")
STORED = "stored:"  # a data set of the user's own, kept as a file under the name that follows
PRETRAINED, SCRATCH = "backbone", "scratch"
_BACKBONE = re.compile(r"(own:)?[a-z0-9_-]{1,64}")
_STORED = re.compile(r"stored:[A-Za-z0-9_-]{1,64}")
_DEVICE = re.compile(r"cpu|mps|cuda(:[0-9]{1,2})?")


@dataclass(frozen=True)
class _Limits:
    """What a number may be; a whole one if the limits are whole."""

    what: str
    low: float
    high: float
    optional: bool = False

    def check(self, value: object) -> None:
        if value is None and self.optional:
            return
        whole = isinstance(self.low, int)
        fits = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        if not (fits and math.isfinite(value) and self.low <= value <= self.high):  # type: ignore[arg-type, operator]
            kind = "a whole number" if whole else "a number"
            raise InputError(
                f"{self.what} is {kind} from {self.low:g} to {self.high:,g}, not {value!r:.40}."
            )


_NUMBERS = {
    "train_size": _Limits("The number of training pictures", 1, 10_000_000, True),
    "validation_share": _Limits("The share for validation", 0.0, 0.9),
    "epochs": _Limits("The number of epochs", 1, 1000),
    "batch_size": _Limits("The batch size", 1, 8192),
    "learning_rate": _Limits("The learning rate", 1e-8, 1e6),
    "weight_decay": _Limits("The weight decay", 0.0, 10.0),
    "label_smoothing": _Limits("The label smoothing", 0.0, 0.9),
    "gradient_clip": _Limits("The largest length of the gradient", 1e-6, 1e6, True),
    "patience": _Limits("The patience of early stopping", 1, 1000, True),
    "layer_decay": _Limits("The rate by depth", 0.01, 1.0),
    "seed": _Limits("The seed", 0, 2**32 - 1),
    "threads": _Limits("The number of threads", 1, 256),
}


@dataclass(frozen=True)
class TrainingConfig:
    """A network, its data and how it learns: same config, same numbers on a CPU.

    Attributes:
        dataset: A key of `core.images.registry.IMAGE_SETS`, or "stored:" and the name of a set
            of the user's own.
        train_size: How many pictures to learn from at most; None takes all.
        validation_share: Share of the pictures that are only watched, 0 to 0.9.
        model: A key of `core.vision.models.MODELS`, layers as `core.vision.text` reads them, or
            "backbone:" or "scratch:" and the name of a backbone with or without its weights.
        epochs: How often every picture is seen, 1 to 1,000.
        batch_size: Pictures in a batch, 1 to 8,192.
        optimizer: One of `OPTIMIZER_NAMES`.
        learning_rate: The rate at the start; with "onecycle" the highest one.
        schedule: One of `SCHEDULES`, how the rate changes (`core.training.schedules`).
        weight_decay: λ, for weights and not for biases and batch normalisation.
        label_smoothing: The share of the target that goes to all classes evenly, 0 to 0.9.
        gradient_clip: The length to which a longer gradient is shortened, or None.
        patience: Stop after so many epochs without a smaller validation loss, or None.
        seed: Decides the split, the first weights, the order of the pictures and dropout.
        device: "cpu", "cuda", "cuda:1" or "mps".
        mixed_precision: Compute in half precision where that is safe; on CUDA only.
        channels_last: Keep the numbers of a pixel together, which is faster for convolutions.
        threads: How many threads PyTorch uses on the CPU.
        augment: What is done to every training batch, as `core.augmentation.text.parse` reads
            it; empty for nothing. Validation pictures stay as they are.
        tuning: With a backbone, what learns: see `core.transfer.classifier.Classifier`.
        layer_decay: With a backbone, what the learning rate is multiplied by from one block to
            the one below it, 0.01 to 1.

    Raises:
        InputError: A value that is not possible.
    """

    dataset: str = "digits"
    train_size: int | None = None
    validation_share: float = 0.1
    model: str = "mlp"
    epochs: int = 10
    batch_size: int = 64
    optimizer: str = "adam"
    learning_rate: float = 0.001
    schedule: str = "constant"
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    gradient_clip: float | None = None
    patience: int | None = None
    seed: int = 0
    device: str = "cpu"
    mixed_precision: bool = False
    channels_last: bool = True
    threads: int = 2
    augment: str = ""
    tuning: str = "all"
    layer_decay: float = 1.0

    def __post_init__(self) -> None:
        for name, limits in _NUMBERS.items():
            limits.check(getattr(self, name))
        for name in ("dataset", "model", "optimizer", "schedule", "device", "augment", "tuning"):
            if not isinstance(getattr(self, name), str):
                raise InputError(f"The setting {name} is a text, not {getattr(self, name)!r:.40}.")
        for name in ("mixed_precision", "channels_last"):
            if not isinstance(getattr(self, name), bool):
                raise InputError(f"The setting {name} is true or false.")
        _check_choice("optimizer", self.optimizer, OPTIMIZER_NAMES)
        _check_choice("schedule", self.schedule, SCHEDULES)
        if not _DEVICE.fullmatch(self.device):
            raise InputError("A device is cpu, cuda, mps, or a certain one such as cuda:1.")
        if not self.dataset.startswith(STORED):
            image_set_named(self.dataset)
        elif not _STORED.fullmatch(self.dataset):
            raise InputError("The name of a stored data set has letters, digits, - and _ only.")
        if self.patience is not None and not self.validation_share:
            raise InputError("Early stopping watches the validation loss: hold some pictures back.")
        _check_augment(self.augment)
        _check_choice("tuning", self.tuning, TUNINGS)
        if self.backbone is None:
            _ = self.spec  # raises where the text of the network cannot be read
        elif not _BACKBONE.fullmatch(self.backbone[0]):
            raise InputError(f"There is no backbone called {self.backbone[0]!r:.80}.")

    @property
    def backbone(self) -> tuple[str, bool] | None:
        """The name of the backbone and whether it keeps its weights; None without a backbone."""
        kind, colon, name = self.model.partition(":")
        return (name, kind == PRETRAINED) if colon and kind in (PRETRAINED, SCRATCH) else None

    @property
    def spec(self) -> Spec:
        """The network as layers."""
        return MODELS[self.model].spec if self.model in MODELS else parse(self.model)

    def to_json(self) -> str:
        """The settings as one line of JSON; `from_json` gives them back exactly."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str | bytes) -> TrainingConfig:
        """Settings from JSON, every value checked; what is left out has its usual value.

        Raises:
            InputError: Text that is no JSON object, a name that is not known, a bad value.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError("These settings are damaged: they are no JSON.") from error
        return cls.from_mapping(values)

    @classmethod
    def from_mapping(cls, values: object) -> TrainingConfig:
        """Settings from names and values as JSON has them.

        Raises:
            InputError: Anything but a mapping, a name that is not known, a bad value.
        """
        if not isinstance(values, Mapping):
            raise InputError("These settings are damaged: names and values are expected.")
        known = {field.name for field in fields(cls)}
        given: dict[str, Any] = {str(name): value for name, value in values.items()}
        if strange := sorted(given.keys() - known):
            raise InputError(f"There is no setting called {strange[0][:40]!r}.")
        return cls(**given)


def _check_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(f"There is no {what} {value!r:.40}. There are: {', '.join(choices)}.")


def _check_augment(text: str) -> None:
    if text:  # torchvision takes seconds to import, and most runs do without
        pipeline = importlib.import_module("core.augmentation.text").parse(text)
        for at, sentence in pipeline.problems.items():
            raise InputError(f"Augmentation, step {at + 1}: {sentence}")
