"""The settings of the transfer-learning page, each with its name in the address."""

from dataclasses import dataclass

from core.transfer.backbones import BACKBONES
from core.transfer.public_registry import PUBLIC_SETS
from core.transfer.sets import SAMPLE_SETS
from explorer.fields import DEVICES
from explorer.settings import Choice, Number, rules, setting
from explorer.training_dashboard.augmenting import AugmentRule
from explorer.training_dashboard.settings import RunRule

OWN = "own"
HEAD = "head"
SAMPLES = {
    **{name: one.label for name, one in SAMPLE_SETS.items()},
    **{name: one.label for name, one in PUBLIC_SETS.items()},
    OWN: "Your own pictures",
}
METHODS = {
    HEAD: "New head",
    "last": "Last block too",
    "all": "Everything",
    "gradual": "Block by block",
    "scratch": "From scratch",
}


@dataclass(frozen=True)
class Settings:
    """What is collected, what learns it, and how it is looked at."""

    samples: str = setting(
        "symbols",
        Choice("Pictures", SAMPLES, "A set to start from. Change it, or collect your own."),
    )
    classes: int = setting(
        5, Number("Classes", 2, 20, help="How many classes of the set are taken, at most.")
    )
    per_class: int = setting(
        10, Number("Per class", 2, 50, 1, help="How many pictures of each class are taken.")
    )
    backbone: str = setting(
        "built_in",
        Choice(
            "Backbone",
            {name: one.label for name, one in BACKBONES.items()},
            "The network whose features are used. It was trained on other pictures before.",
        ),
    )
    weights: str | None = setting(None, RunRule("Own weights"))
    method: str = setting(
        HEAD,
        Choice(
            "What learns",
            METHODS,
            "Only a new last layer, or parts of the backbone too, at smaller rates.",
        ),
    )
    epochs: int = setting(12, Number("Epochs", 1, 100, help="How often it sees every picture."))
    rate: float = setting(
        0.001, Number("Learning rate", 1e-5, 1.0, 0.001, 6, help="For the new head.")
    )
    layer_decay: float = setting(
        0.3,
        Number(
            "Rate by depth",
            0.05,
            1,
            0.05,
            2,
            help="Each block below the head learns at this share of the rate above it.",
        ),
    )
    batch: int = setting(16, Number("Batch", 2, 256, help="Pictures for one update."))
    schedule: str = setting(
        "cosine", Choice("Schedule", {"constant": "Constant", "cosine": "Cosine"})
    )
    patience: int | None = setting(
        5, Number("Patience", 1, 50, help="Stop when validation has not improved for so long.")
    )
    share: int = setting(25, Number("Validation %", 10, 50, 5, help="Held back to check with."))
    augment: str | None = setting(None, AugmentRule("Augmentation"))
    seed: int = setting(42, Number("Seed", 0, 9999, help="Decides pictures, split and order."))
    device: str = setting("cpu", Choice("Device", DEVICES))
    curve: str = setting("loss", Choice("Curve", {"loss": "Loss", "accuracy": "Accuracy"}))
    view: str = setting("pca", Choice("Map", {"pca": "PCA", "tsne": "t-SNE"}))
    cam: str = setting("on", Choice("Picture", {"on": "Grad-CAM", "off": "Picture"}))
    strict: int = setting(
        95,
        Number(
            "None of these",
            50,
            100,
            help="How many of the own pictures stay above the bar; the rest is called strange.",
        ),
    )
    run: str | None = setting(None, RunRule("Run"))


def plain(settings: Settings) -> dict[str, str]:
    """Return the settings as texts, as they stand in the address."""
    found = {name: (rule, getattr(settings, name)) for name, rule in rules(Settings).items()}
    return {name: rule.write(value) for name, (rule, value) in found.items() if value is not None}
