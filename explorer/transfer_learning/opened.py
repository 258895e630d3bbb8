"""A run that trained a backbone on, as a model of this page."""

from __future__ import annotations

import hashlib

import torch
from torch import Tensor

from core.images.image_set import ImageSet
from core.training.data import sets_of, split_for
from core.training.tuned import BATCH, Tuned
from core.transfer.collection import Collection
from core.transfer.judging import Judged
from explorer.transfer_learning.handing_in import squares
from explorer.transfer_learning.model import Model


def opened_model(one: Tuned, collection: Collection) -> Model:
    """Return what predicts and is judged.

    Args:
        one: The run.
        collection: The pictures as they are now; those that were held back are found among them
            by their pixels, so that they can be shown.
    """
    logits, targets = one.held_back
    dealt = split_for(one.config, sets_of(one.config.dataset))
    known = {}
    if len(collection):
        seen = squares(collection, one.backbone.info)
        names = [sample.id for sample in collection.samples]
        known = dict(zip(_digests(seen), names, strict=True))
    held = tuple(known.get(digest, f"gone {digest}") for digest in _digests(dealt.validation))
    labels = {label.name: label.id for label in collection.labels}
    classes = one.prepared.classes
    sentence = (
        f"{len(targets)} pictures were held back for validation; the model is that after epoch "
        f"{one.epoch}, where their loss was smallest."
    )
    return Model(
        name=one.name,
        backbone=one.backbone,
        head=one.head,
        classes=classes,
        labels=tuple(labels.get(name, name) for name in classes),
        samples=held,
        features=_features(one),
        judged=Judged(torch.arange(len(targets)), targets, logits, sentence),
    )


def _features(one: Tuned) -> Tensor:
    """The features of all pictures of a run, those to learn from first."""
    parts = (one.prepared.train, one.prepared.validation)
    with torch.inference_mode():
        rows = [one.backbone(images) for part in parts for images, _ in part.in_order(BATCH)]
    return torch.cat(rows).clone()


def _digests(pictures: ImageSet) -> list[str]:
    return [
        hashlib.blake2b(picture.numpy().tobytes(), digest_size=8).hexdigest()
        for picture in pictures.images
    ]
