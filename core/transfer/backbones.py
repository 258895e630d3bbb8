"""Getting a backbone by its name: the one place that other modules ask."""

from __future__ import annotations

from typing import Literal

from torch import Generator

from core.errors import InputError
from core.transfer.architectures import Backbone, random_backbone
from core.transfer.availability import Availability, verified
from core.transfer.availability import available as _listed
from core.transfer.backbone_info import BACKBONES, BUILT_IN, BackboneInfo
from core.transfer.backbone_info import backbone_named as _named
from core.transfer.fitting import fitted
from core.transfer.own_weights import OWN, load_own, own_weights
from core.transfer.weights_file import read_weights

__all__ = [
    "BACKBONES",
    "BUILT_IN",
    "OWN",
    "Availability",
    "Backbone",
    "BackboneInfo",
    "available",
    "backbone_named",
    "load_backbone",
]

Weights = Literal["pretrained", "random"]


def backbone_named(name: str) -> BackboneInfo:
    """What is known about a backbone.

    Args:
        name: A key of `BACKBONES`, or ``own:<id>``.

    Raises:
        InputError: There is none.
    """
    return own_weights(name.removeprefix(OWN)).info if name.startswith(OWN) else _named(name)


def available(name: str) -> Availability:
    """Whether the weights of a backbone are on this machine, and where.

    Args:
        name: A key of `BACKBONES`, or ``own:<id>``.

    Raises:
        InputError: An unknown name.
    """
    if not name.startswith(OWN):
        return _listed(name)
    try:
        return Availability(True, own_weights(name.removeprefix(OWN)).path, "You gave its file.")
    except InputError as error:
        return Availability(False, None, str(error))


def load_backbone(
    name: str, *, weights: Weights = "pretrained", generator: Generator | None = None
) -> Backbone:
    """A backbone with its weights, in evaluation mode, on the CPU.

    Args:
        name: A key of `BACKBONES`, or ``own:<id>`` for weights that a person gave.
        weights: "random" draws them, for comparison and for training from scratch.
        generator: Where random weights come from.

    Raises:
        InputError: An unknown name, or weights that are not here, damaged, or do not fit.
    """
    if name.startswith(OWN):
        if weights == "random":
            return load_backbone(
                name.removeprefix(OWN).rpartition("-")[0], weights=weights, generator=generator
            )
        return load_own(name.removeprefix(OWN))
    info = _named(name)
    if weights == "random":
        if generator is None:
            raise InputError("Random weights need a generator.")
        return random_backbone(info, generator)
    place = _listed(name)
    if place.path is None:
        raise InputError(place.why)
    return fitted(info, read_weights(verified(place.path, info)), info.label)
