"""A collection and the settings of the page as a run of the engine."""

from __future__ import annotations

import hashlib

import torch

from core.errors import InputError
from core.images.image_set import ImageSet
from core.training.config import PRETRAINED, SCRATCH, TrainingConfig
from core.training.data import store
from core.transfer.backbones import BackboneInfo
from core.transfer.collection import Collection
from core.transfer.preprocess import to_square
from explorer.training_dashboard.runner import threads
from explorer.transfer_learning.settings import Settings

FEWEST = 2  # pictures of a class: one to learn from, one to check with


def check(collection: Collection) -> None:
    """See that a run can learn from a collection.

    Raises:
        InputError: One class, or a class with one picture.
    """
    if len(collection.classes) < 2:
        raise InputError("One class cannot be told from nothing: add a second one with pictures.")
    for label in collection.active:
        if len(label) < FEWEST:
            raise InputError(
                f"{label.name} has one picture: one is needed to learn from and one to check "
                "with. Add some, or switch the class off."
            )


def squares(collection: Collection, info: BackboneInfo) -> ImageSet:
    """Return the pictures of a collection as a backbone sees them, in their order."""
    cut = [to_square(one, info.side, info.shorter) for one in collection.pictures()]
    images = torch.stack([torch.from_numpy(one) for one in cut]).permute(0, 3, 1, 2).contiguous()
    return ImageSet(images, collection.targets(), collection.classes, "Own classes")


def stored(collection: Collection, info: BackboneInfo) -> str:
    """Keep the pictures where a run in another process finds them; the same ones only once.

    Returns:
        What goes into `TrainingConfig.dataset`.
    """
    digest = hashlib.blake2b(digest_size=10)
    digest.update(f"{info.side} {info.shorter}".encode())
    for label in collection.active:
        digest.update(f"\n{label.name}\n{' '.join(one.id for one in label.samples)}".encode())
    return store(squares(collection, info), f"transfer-{digest.hexdigest()}")


def tuning_config(settings: Settings, backbone: str, dataset: str) -> TrainingConfig:
    """Return what a run with these settings does.

    Args:
        settings: Those of the page.
        backbone: Its name, "own:…" for weights that a person gave.
        dataset: What `stored` returned.

    Raises:
        InputError: Settings that do not fit each other.
    """
    scratch = settings.method == "scratch"
    return TrainingConfig(
        dataset=dataset,
        validation_share=settings.share / 100,
        model=f"{SCRATCH if scratch else PRETRAINED}:{backbone}",
        epochs=settings.epochs,
        batch_size=settings.batch,
        optimizer="adamw",
        learning_rate=settings.rate,
        schedule=settings.schedule,
        weight_decay=0.01,
        patience=settings.patience,
        seed=settings.seed,
        device=settings.device,
        mixed_precision=settings.device.startswith("cuda"),
        threads=threads(),
        augment=settings.augment or "",
        tuning="all" if scratch else settings.method,
        layer_decay=1.0 if scratch else settings.layer_decay,
    )
