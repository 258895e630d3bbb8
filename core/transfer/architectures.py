"""Networks without their classifiers, cut into blocks from low to high."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Generator, Tensor, nn

from core.transfer.backbone_info import BUILT_IN, BackboneInfo
from core.transfer.built_in import built_in_blocks, spread

Blocks = tuple[tuple[str, nn.Module], ...]


class Backbone(nn.Module):
    """A network that makes numbers of pictures, by which a small head tells classes apart.

    Its blocks run one after another; each can be frozen, or learn at a rate of its own.

    Attributes:
        info: What is known about it.
        classifier_keys: The beginnings of the keys of the classifier that was cut off.
    """

    def __init__(self, info: BackboneInfo, blocks: Sequence[tuple[str, nn.Module]]) -> None:
        super().__init__()
        self.info = info
        self.stages = nn.ModuleDict(dict(blocks))

    @property
    def blocks(self) -> Blocks:
        """Names and modules from low to high; together they have every parameter."""
        return tuple(self.stages.items())

    def maps(self, images: Tensor) -> Tensor:
        """The last maps that still know where: float32 of shape (B, C, h, w).

        Args:
            images: Normalised, float32 of shape (B, 3, S, S).
        """
        for stage in self.stages.values():
            images = stage(images)
        return images

    def pooled(self, maps: Tensor) -> Tensor:
        """What is left of the maps without their places: shape (B, D)."""
        return maps.mean((2, 3))

    def forward(self, images: Tensor) -> Tensor:
        """The features of pictures: shape (B, D) for (B, 3, S, S)."""
        return self.pooled(self.maps(images))


class BuiltIn(Backbone):
    """The project's own network; it keeps what its lower blocks saw as well."""

    def maps(self, images: Tensor) -> Tensor:
        """The maps of its last three blocks, each scaled and brought to the last one's grid."""
        seen = []
        for stage in self.stages.values():
            images = stage(images)
            seen.append(images)
        return spread(seen[-3:])


class ConvNeXt(Backbone):
    """ConvNeXt normalises after pooling; that layer belongs to its last block."""

    def maps(self, images: Tensor) -> Tensor:
        """The last maps before pooling and normalisation."""
        *lower, (_, top) = self.blocks
        for _, stage in lower:
            images = stage(images)
        maps: Tensor = top.get_submodule("stage")(images)
        return maps

    def pooled(self, maps: Tensor) -> Tensor:
        """The mean of the maps, normalised: shape (B, D)."""
        norm = self.blocks[-1][1].get_submodule("norm")
        features: Tensor = norm(maps.mean((2, 3), keepdim=True))
        return features.flatten(1)


class VisionTransformer(Backbone):
    """ViT: its maps are its patches' tokens, put back where the patches were."""

    def maps(self, images: Tensor) -> Tensor:
        """The tokens of the patches after the last layer: shape (B, 768, 14, 14)."""
        tokens = super().maps(images)[:, 1:]  # (B, 196, 768), without the class token
        side = round(tokens.shape[1] ** 0.5)
        return tokens.transpose(1, 2).reshape(len(tokens), -1, side, side)


class Patches(nn.Module):
    """The first step of ViT: patches become tokens, a class token comes before them."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.conv_proj: nn.Module = model.conv_proj
        self.class_token: nn.Parameter = model.class_token
        self.pos_embedding: nn.Parameter = model.encoder.pos_embedding

    def forward(self, images: Tensor) -> Tensor:
        """Tokens (B, 1 + patches, 768) of pictures (B, 3, 224, 224)."""
        patches: Tensor = self.conv_proj(images).flatten(2).transpose(1, 2)
        first = self.class_token.expand(len(images), -1, -1)
        return torch.cat([first, patches], 1) + self.pos_embedding


@dataclass(frozen=True)
class Architecture:
    """How one of torchvision's models is taken apart.

    Attributes:
        make: Builds the model with its classifier, without weights.
        cut: Its blocks from low to high.
        kind: The class that runs them.
        classifier: How the keys of what is cut off begin.
    """

    make: Callable[[], nn.Module]
    cut: Callable[[Any], Blocks]
    kind: type[Backbone] = Backbone
    classifier: tuple[str, ...] = ("classifier.",)


def from_model(info: BackboneInfo, model: nn.Module) -> Backbone:
    """The backbone within one of torchvision's models; both share their weights.

    Args:
        info: Which model it is.
        model: Built by `ARCHITECTURES[info.name].make`.
    """
    architecture = ARCHITECTURES[info.name]
    return architecture.kind(info, architecture.cut(model)).eval()


def random_backbone(info: BackboneInfo, generator: Generator) -> Backbone:
    """A backbone that has learnt nothing, for comparison and for training from scratch.

    Args:
        info: Which one.
        generator: Where the weights come from, on the CPU.
    """
    backbone = empty_backbone(info).to_empty(device="cpu")
    draw_weights(backbone, generator)
    return backbone.eval()


def empty_backbone(info: BackboneInfo) -> Backbone:
    """A backbone without storage for its weights, made without drawing any."""
    with torch.device("meta"):
        if info.name == BUILT_IN:
            return BuiltIn(info, built_in_blocks())
        return from_model(info, ARCHITECTURES[info.name].make())


@torch.no_grad()
def draw_weights(model: nn.Module, generator: Generator) -> None:
    """Draw all weights anew: He et al. 2015, normal, in fan-out form; tokens with σ = 0.02.

    Shifts become 0, the scales of normalisation 1 and those of ConvNeXt's layers 10⁻⁶; what
    batch normalisation has counted is forgotten.
    """
    for name, value in model.named_parameters():
        last = name.rsplit(".", 1)[-1]
        if last == "layer_scale":
            value.fill_(1e-6)
        elif value.ndim == 4:
            fan = value.shape[0] * value[0, 0].numel()
            value.normal_(0, (2 / fan) ** 0.5, generator=generator)
        elif value.ndim >= 2:
            value.normal_(0, 0.02, generator=generator)
        else:
            value.fill_(1.0 if last == "weight" else 0.0)
    for name, buffer in model.named_buffers():
        buffer.fill_(1 if name.endswith("running_var") else 0)


def _torchvision(name: str) -> Callable[[], nn.Module]:
    """Builds a model by its name in torchvision, without weights."""

    def make() -> nn.Module:
        # Imported on request: torchvision's models cost a second that other pages need not pay.
        build = getattr(importlib.import_module("torchvision.models"), name)
        model: nn.Module = build(weights=None)
        return model

    return make


def _sliced(edges: Sequence[int], names: Sequence[str], model: Any) -> Blocks:
    """The layers of `model.features` from edge to edge; the last goes to the end."""
    layers = list(model.features.children())
    ends = [*edges[1:], len(layers)]
    parts = zip(names, edges, ends, strict=True)
    return tuple((name, nn.Sequential(*layers[start:end])) for name, start, end in parts)


def _resnet(model: Any) -> Blocks:
    stem = nn.Sequential(model.conv1, model.bn1, model.relu, model.maxpool)
    return (("stem", stem), *((f"layer{at}", getattr(model, f"layer{at}")) for at in range(1, 5)))


def _shufflenet(model: Any) -> Blocks:
    stem = nn.Sequential(model.conv1, model.maxpool)
    stages = ((f"stage{at}", getattr(model, f"stage{at}")) for at in range(2, 5))
    return (("stem", stem), *stages, ("conv5", model.conv5))


def _convnext(model: Any) -> Blocks:
    *lower, (name, last) = _sliced((0, 2, 4, 6), ("stage1", "stage2", "stage3", "stage4"), model)
    return (*lower, (name, nn.ModuleDict({"stage": last, "norm": model.classifier[0]})))


def _vit(model: Any) -> Blocks:
    layers = list(model.encoder.layers)
    groups = [nn.Sequential(*layers[at : at + 3]) for at in range(0, len(layers), 3)]
    groups[-1].append(model.encoder.ln)
    named = ((f"layers{3 * at + 1}-{3 * at + 3}", group) for at, group in enumerate(groups))
    return (("patches", Patches(model)), *named)


_FIVE = ("stem", "stage1", "stage2", "stage3", "stage4")
ARCHITECTURES: dict[str, Architecture] = {
    "mobilenet_v3_small": Architecture(
        _torchvision("mobilenet_v3_small"), partial(_sliced, (0, 1, 2, 4, 9), _FIVE)
    ),
    "squeezenet1_1": Architecture(
        _torchvision("squeezenet1_1"), partial(_sliced, (0, 3, 6, 9), _FIVE[:4])
    ),
    "shufflenet_v2_x1_0": Architecture(
        _torchvision("shufflenet_v2_x1_0"), _shufflenet, classifier=("fc.",)
    ),
    "efficientnet_b0": Architecture(
        _torchvision("efficientnet_b0"), partial(_sliced, (0, 2, 3, 4, 6), _FIVE)
    ),
    "resnet18": Architecture(_torchvision("resnet18"), _resnet, classifier=("fc.",)),
    "resnet50": Architecture(_torchvision("resnet50"), _resnet, classifier=("fc.",)),
    "convnext_tiny": Architecture(
        _torchvision("convnext_tiny"), _convnext, ConvNeXt, ("classifier.2.",)
    ),
    "vit_b_16": Architecture(_torchvision("vit_b_16"), _vit, VisionTransformer, ("heads.",)),
}
