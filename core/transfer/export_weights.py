"""A predictor as a safetensors file, and back."""

from __future__ import annotations

import json
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from core.errors import InputError
from core.transfer.architectures import ARCHITECTURES, Backbone, from_model
from core.transfer.backbone_info import architecture_of
from core.transfer.backbones import BackboneInfo, backbone_named, load_backbone
from core.transfer.export_facts import metadata
from core.transfer.head import Head
from core.transfer.predictor import Predictor
from core.transfer.rejecting import Threshold

NETWORK = "network."
_DAMAGED = "This file holds no model of this page, or it is damaged."


def to_safetensors(predictor: Predictor) -> bytes:
    """Weights and all that is needed to use them, without anything that could be executed.

    "network.…" are the weights of the backbone under the names that torchvision gives them,
    "weight" and "bias" the head for features as they come, "known" the features of the pictures
    learnt from, each of length 1.
    """
    weight, bias = predictor.head.linear()
    tensors = {NETWORK + name: value for name, value in plain_weights(predictor.backbone).items()}
    tensors |= {"weight": weight, "bias": bias}
    if predictor.threshold is not None:
        tensors["known"] = predictor.threshold.known
    whole = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    return save(whole, metadata(predictor))


def plain_weights(backbone: Backbone) -> dict[str, Tensor]:
    """The weights of a backbone under the names of torchvision's model; its own otherwise."""
    name = architecture_of(backbone.info)
    if name not in ARCHITECTURES:
        return dict(backbone.state_dict())
    model, inner = _template(backbone.info)
    inner.load_state_dict(backbone.state_dict())
    cut = ARCHITECTURES[name].classifier
    return {name: v for name, v in model.state_dict().items() if not name.startswith(cut)}


def from_safetensors(data: bytes) -> Predictor:
    """The predictor in a file of `to_safetensors`.

    Raises:
        InputError: Another file, or a damaged one.
    """
    try:
        tensors = load(data)
        facts = _facts(data)
        info = backbone_named(str(facts["backbone"]))
        head = _head(tensors["weight"], tensors["bias"])
        backbone = _backbone(info, tensors)
        known, distance = tensors.get("known"), facts["distance"]
        threshold = None
        if known is not None:
            limit = float("inf") if distance is None else float(distance)
            threshold = Threshold(known, limit, float(facts["confidence"]), float(facts["kept"]))
        classes = tuple(map(str, facts["classes"]))
        return Predictor(backbone, head, classes, float(facts["temperature"]), threshold)
    except InputError:
        raise
    except (SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise InputError(_DAMAGED) from error


def _facts(data: bytes) -> dict[str, Any]:
    length = int.from_bytes(data[:8], "little")
    texts = json.loads(data[8 : 8 + length])["__metadata__"]
    return {name: json.loads(text) for name, text in texts.items()}


def _head(weight: Tensor, bias: Tensor) -> Head:
    features = weight.shape[1]
    return Head(torch.zeros(features), torch.ones(features), weight, bias)


def _backbone(info: BackboneInfo, tensors: dict[str, Tensor]) -> Backbone:
    weights = {k.removeprefix(NETWORK): v for k, v in tensors.items() if k.startswith(NETWORK)}
    if info.name not in ARCHITECTURES:
        backbone = load_backbone(info.name, weights="random", generator=torch.Generator())
        backbone.load_state_dict(weights)
        return backbone
    model, backbone = _template(info)
    cut = ARCHITECTURES[info.name].classifier
    missing, unexpected = model.load_state_dict(weights, strict=False)
    if unexpected or any(not name.startswith(cut) for name in missing):
        raise InputError(_DAMAGED)
    return backbone


def _template(info: BackboneInfo) -> tuple[nn.Module, Backbone]:
    """The model of torchvision and the backbone within it, which share their weights."""
    plain = backbone_named(architecture_of(info))
    model = ARCHITECTURES[plain.name].make()
    return model, from_model(plain, model)
