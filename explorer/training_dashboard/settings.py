"""The settings of the training dashboard, each with its name in the address and its limits."""

from dataclasses import dataclass
from re import fullmatch
from typing import Any

from core.errors import InputError
from core.images.registry import IMAGE_SETS
from core.training.config import STORED, TrainingConfig
from core.vision.models import MODELS
from core.vision.text import parse, write
from explorer.fields import DEVICES
from explorer.settings import Choice, Number, setting
from explorer.training_dashboard.augmenting import AugmentRule

OWN = "own"
RATES = (1e-5, 1.0)
OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
SCHEDULES = {
    "constant": "Constant",
    "step": "Steps",
    "cosine": "Cosine",
    "exponential": "Exponential",
    "onecycle": "OneCycle",
}


@dataclass(frozen=True)
class SpecRule:
    """The layers of a network as text: ``conv 32 3; bn; relu; flatten; linear 10``."""

    label: str

    def parse(self, text: str) -> str:
        """Return the text in its usual form, if it can be read."""
        try:
            return write(parse(text))
        except InputError as error:
            raise ValueError(str(error)) from error

    def write(self, value: str) -> str:
        """Return the text."""
        return value


@dataclass(frozen=True)
class DataRule(Choice):
    """A public data set, or "stored:" and the name of one of the user's own."""

    def parse(self, text: str) -> str:
        """Return the set, if it could be one."""
        if text.startswith(STORED) and fullmatch(r"stored:[A-Za-z0-9_-]{1,64}", text):
            return text
        return super().parse(text)


@dataclass(frozen=True)
class RunRule:
    """The name of a run or of a layer: letters, digits and hyphens."""

    label: str

    def parse(self, text: str) -> str:
        """Return the name."""
        if not (0 < len(text) <= 64 and all(one.isalnum() or one in "-_" for one in text)):
            raise ValueError("it is made of letters, digits, - and _")
        return text

    def write(self, value: str) -> str:
        """Return the name."""
        return value


@dataclass(frozen=True)
class Settings:
    """Everything that decides what the page shows and what the next run does."""

    data: str = setting(
        "digits",
        DataRule(
            "Data",
            {name: one.label for name, one in IMAGE_SETS.items()},
            help="Real pictures. The digits of scikit-learn are always there.",
        ),
    )
    model: str = setting(
        "fast_cnn",
        Choice(
            "Model",
            {**{name: one.label for name, one in MODELS.items()}, OWN: "Own layers"},
            "What learns; its layers are on a card below, to look at and to change.",
        ),
    )
    spec: str | None = setting(None, SpecRule("Layers"))
    optimizer: str = setting(
        "adamw", Choice("Optimizer", OPTIMIZERS, "How a gradient becomes an update of the weights.")
    )
    rate: float = setting(
        0.015, Number("Learning rate", *RATES, 0.001, 6, help="How far one update goes.")
    )
    schedule: str = setting(
        "onecycle",
        Choice("Schedule", SCHEDULES, help="How the learning rate changes during the run."),
    )
    batch: int = setting(64, Number("Batch", 1, 1024, help="Pictures for one update."))
    epochs: int = setting(8, Number("Epochs", 1, 100, help="How often it sees every picture."))
    pictures: int | None = setting(
        None, Number("Pictures", 10, 60_000, 100, help="How many to learn from.")
    )
    share: int = setting(20, Number("Validation %", 5, 50, 5, help="Held back to check with."))
    weight_decay: float = setting(
        0.0, Number("Weight decay", 0, 1, 0.001, 6, help="Pulls all weights towards 0.")
    )
    smoothing: float = setting(
        0.0, Number("Label smoothing", 0, 0.5, 0.05, 2, help="Takes certainty off the targets.")
    )
    patience: int | None = setting(
        None, Number("Patience", 1, 50, help="Stop when validation has not improved for so long.")
    )
    augment: str | None = setting(None, AugmentRule("Augmentation"))
    seed: int = setting(42, Number("Seed", 0, 9999, help="Decides split, weights and order."))
    device: str = setting("cpu", Choice("Device", DEVICES))
    smooth: str = setting("raw", Choice("Curve", {"raw": "Raw", "smooth": "Smooth"}))
    run: str | None = setting(None, RunRule("Run"))
    filter_tab: str = setting(
        "filters", Choice("Inside", {"filters": "Filters", "maps": "Feature maps"})
    )
    layer: str | None = setting(None, RunRule("Layer"))
    reader: str = setting(
        "shipped",
        Choice(
            "Reader",
            {"shipped": "The explorer's reader", "run": "The run that is shown"},
            help="Which network reads what is drawn: the one that comes with the explorer, or "
            "any finished run on grey pictures of ten classes.",
        ),
    )


def model_text(settings: Settings) -> str:
    """Return the layers of the chosen model as text."""
    if settings.model == OWN:
        return settings.spec or MODELS["fast_cnn"].text
    return MODELS[settings.model].text


def run_name(settings: Settings) -> str:
    """Return what a run with these settings is called at first."""
    model = "Own layers" if settings.model == OWN else MODELS[settings.model].label
    changed = ", augmented" if settings.augment else ""
    return f"{model}, {OPTIMIZERS[settings.optimizer]}{changed}"


def training_config(settings: Settings, threads: int) -> TrainingConfig:
    """Return what a run with these settings does.

    Raises:
        InputError: Settings that do not fit each other.
    """
    return TrainingConfig(
        dataset=settings.data,
        train_size=settings.pictures,
        validation_share=settings.share / 100,
        model=model_text(settings),
        epochs=settings.epochs,
        batch_size=settings.batch,
        optimizer=settings.optimizer,
        learning_rate=settings.rate,
        schedule=settings.schedule,
        weight_decay=settings.weight_decay,
        label_smoothing=settings.smoothing,
        patience=settings.patience,
        seed=settings.seed,
        device=settings.device,
        mixed_precision=settings.device.startswith("cuda"),
        threads=threads,
        augment=settings.augment or "",
    )


def recipe(name: str) -> dict[str, Any]:
    """Return the settings of the training that suit a model, by name."""
    if name not in MODELS:
        return {}
    found = MODELS[name].recipe
    return {
        "optimizer": found.optimizer,
        "rate": found.learning_rate,
        "schedule": found.schedule,
        "batch": found.batch_size,
        "epochs": found.epochs,
    }


def of_run(config: TrainingConfig) -> dict[str, Any]:
    """Return the settings that would do a run again."""
    known = {one.text: name for name, one in MODELS.items()}
    model = known.get(config.model, config.model if config.model in MODELS else OWN)
    return {
        "data": config.dataset,
        "pictures": config.train_size,
        "share": round(100 * config.validation_share),
        "model": model,
        "spec": config.model if model == OWN else None,
        "optimizer": config.optimizer,
        "rate": config.learning_rate,
        "schedule": config.schedule,
        "batch": config.batch_size,
        "epochs": config.epochs,
        "weight_decay": config.weight_decay,
        "smoothing": config.label_smoothing,
        "patience": config.patience,
        "seed": config.seed,
        "device": config.device,
        "augment": config.augment or None,
    }
