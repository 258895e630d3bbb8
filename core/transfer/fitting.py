"""Whether weights fit an architecture, and the backbone that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor, nn

from core.errors import InputError
from core.transfer.architectures import ARCHITECTURES, Backbone, empty_backbone, from_model
from core.transfer.backbone_info import BACKBONES, BUILT_IN, BackboneInfo

_COUNTER = "num_batches_tracked"  # of batch normalisation; only training needs it


@dataclass(frozen=True)
class Form:
    """What the keys of a file have to be.

    Attributes:
        needed: Shapes by names.
        ignored: How the names of a classifier begin, which is not needed.
    """

    needed: Mapping[str, tuple[int, ...]]
    ignored: tuple[str, ...]


def fitted(info: BackboneInfo, weights: Mapping[str, Tensor], name: str = "The file") -> Backbone:
    """A backbone with weights from a file.

    Both torchvision's names with or without a classifier, and the explorer's own are
    understood.

    Args:
        info: What the weights are for.
        weights: As `read_weights` gives them.
        name: What the file is called in messages.

    Returns:
        In evaluation mode, on the CPU.

    Raises:
        InputError: Names or shapes that do not fit; the first few are named.
    """
    forms = _forms(info.name)
    at = max(range(len(forms)), key=lambda one: _agreement(forms[one], weights))
    _check(forms[at], weights, info, name)
    kept = {key: value for key, value in weights.items() if key in forms[at].needed}
    if at == 0:
        backbone = empty_backbone(info)
        _fill(backbone, kept)
        return backbone.eval()
    with torch.device("meta"):
        model = ARCHITECTURES[info.name].make()
    _fill(model, kept)
    return from_model(info, model)


def recognised(weights: Mapping[str, Tensor]) -> BackboneInfo | None:
    """Which backbone of the list the weights are for; None if hardly anything agrees."""
    scores = {name: max(_agreement(form, weights) for form in _forms(name)) for name in BACKBONES}
    best = max(scores, key=lambda name: scores[name])
    return BACKBONES[best] if scores[best] > 0.5 else None


@cache
def _forms(name: str) -> tuple[Form, ...]:
    """The explorer's own names, then torchvision's."""
    own = Form(_shapes(empty_backbone(BACKBONES[name])), ("head.", "classifier."))
    if name == BUILT_IN:
        return (own,)
    architecture = ARCHITECTURES[name]
    with torch.device("meta"):
        shapes = _shapes(architecture.make())
    needed = {k: v for k, v in shapes.items() if not k.startswith(architecture.classifier)}
    return own, Form(needed, architecture.classifier)


def _shapes(model: nn.Module) -> dict[str, tuple[int, ...]]:
    return {
        key: tuple(value.shape)
        for key, value in model.state_dict().items()
        if not key.endswith(_COUNTER)
    }


def _agreement(form: Form, weights: Mapping[str, Tensor]) -> float:
    """The share of the needed entries that are there with the right shape."""
    right = sum(key in weights and weights[key].shape == s for key, s in form.needed.items())
    return right / len(form.needed)


def _check(form: Form, weights: Mapping[str, Tensor], info: BackboneInfo, name: str) -> None:
    wrong = [
        f"{key} has shape {_shape(tuple(weights[key].shape))} instead of {_shape(shape)}"
        for key, shape in form.needed.items()
        if key in weights and weights[key].shape != shape
    ]
    missing = [key for key in form.needed if key not in weights]
    foreign = [
        key
        for key in weights
        if key not in form.needed and not key.endswith(_COUNTER) and not _ignored(key, form)
    ]
    parts = []
    if missing:
        parts.append(f"{len(missing):,} of its {len(form.needed):,} entries are missing: ")
        parts[-1] += _some(missing)
    if wrong:
        parts.append(f"{len(wrong):,} have another shape: {_some(wrong)}")
    if foreign:
        parts.append(f"{len(foreign):,} do not belong to it: {_some(foreign)}")
    if parts:
        raise InputError(
            f"{name} does not fit {info.label}: {'; '.join(parts)}. Choose the backbone that it "
            "was made for."
        )


def _ignored(key: str, form: Form) -> bool:
    return key.startswith(form.ignored)


def _some(names: list[str]) -> str:
    shown = ", ".join(name[:90] for name in names[:3])
    return shown + (", …" if len(names) > 3 else "")


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "one number"


def _fill(model: nn.Module, weights: dict[str, Tensor]) -> None:
    """Put the weights in, without ever drawing others."""
    counters = {
        key: torch.zeros((), dtype=torch.int64)
        for key in model.state_dict()
        if key.endswith(_COUNTER)
    }
    own = {key: value.clone() for key, value in weights.items()}
    model.load_state_dict(counters | own, strict=False, assign=True)
