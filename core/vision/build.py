"""From the description of a network to a module with freshly drawn weights."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import skip_init

from core.errors import InputError
from core.vision.modules import BatchNorm1d, BatchNorm2d, Conv2d, Dropout, Residual, skips_pixels
from core.vision.shapes import Shape, output_shape, projection_stride
from core.vision.specs import (
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Flatten,
    GlobalAvgPool,
    LayerSpec,
    Linear,
    MaxPool,
    Skip,
    Spec,
    completed,
)
from core.vision.specs import Dropout as DropoutSpec
from core.vision.trace import first_problem, named, trace

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "hardswish": nn.Hardswish,
}


class ImageNetwork(nn.Sequential):
    """Layers in a row that give one score for each class.

    The layers are its children under the names of `trace`, such as ``model.conv1``; these are
    also the keys of the `state_dict`.

    Attributes:
        spec: What it was built from, with its outputs.
        input_shape: Channels, height and width of the pictures that it takes.
    """

    def __init__(self, spec: Spec, input_shape: Shape, generator: Generator) -> None:
        super().__init__()
        self.spec = spec
        self.input_shape = input_shape
        _fill(self, spec, input_shape, generator)
        self._quick = _relu_behind_pooling([name for name, _ in named(spec)])

    def forward(self, x: Tensor) -> Tensor:
        """The scores (B, classes) of pictures (B, C, H, W)."""
        for name in self._quick if self.training else self._modules:
            x = getattr(self, name)(x)
        return x

    def draw_from(self, generator: Generator) -> None:
        """Let dropout take its chance from `generator`, which is on the device of the model."""
        for module in self.modules():
            if isinstance(module, Dropout):
                module.generator = generator


def build(spec: Spec, input_shape: Shape, classes: int, generator: Generator) -> ImageNetwork:
    """A network with freshly drawn weights.

    The weights are PyTorch's usual ones (He et al. 2015 in the uniform form, a = √5), drawn
    layer by layer: from the same state they are those of the plain `nn.Sequential`.

    Args:
        spec: What it looks like; its last layer is brought to one output for each class.
        input_shape: Channels, height and width of a picture.
        classes: How many classes, 2 or more.
        generator: Where the weights come from, on the CPU; dropout goes on with it.

    Raises:
        InputError: An impossible layer, with its name and what to do.
    """
    whole = completed(spec, classes)
    if problem := first_problem(trace(whole, input_shape)):
        raise InputError(problem)
    return ImageNetwork(whole, input_shape, generator)


def placed(model: nn.Module, device: torch.device | str) -> nn.Module:
    """The same model on a device, its convolutions with the channels last.

    With pictures in that order too (`core.images.prepared` deals them so), convolutions
    need no copies in another order: on a CPU a step of the course's CNN takes two thirds of
    the time.
    """
    return model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _relu_behind_pooling(names: list[str]) -> tuple[str, ...]:
    """The order for training: ReLU behind the max pooling that follows it.

    The largest of max(0, x) is max(0, the largest x): result and gradients are the same to the
    last bit, and ReLU has a quarter of the numbers to go through.
    """
    order = list(names)
    for at in range(len(order) - 1):
        one, other = order[at : at + 2]
        if one.startswith("relu") and other.startswith("maxpool"):
            order[at : at + 2] = other, one
    return tuple(order)


def _fill(parent: nn.Module, spec: Spec, shape: Shape, generator: Generator) -> None:
    for name, layer in named(spec):
        parent.add_module(name, _module(layer, shape, generator))
        shape = output_shape(layer, shape)


def _module(layer: LayerSpec, shape: Shape, generator: Generator) -> nn.Module:
    match layer:
        case Conv():
            return _conv(shape[0], layer.out, layer.kernel, layer.stride, layer.pad, generator)
        case Linear():
            return _linear(shape[0], layer.out, generator)
        case BatchNorm():
            return BatchNorm1d(shape[0]) if len(shape) == 1 else BatchNorm2d(shape[0])
        case Activation():
            return ACTIVATIONS[layer.name]()
        case MaxPool():
            return nn.MaxPool2d(layer.kernel, layer.step)
        case AvgPool():
            return nn.AvgPool2d(layer.kernel, layer.step)
        case GlobalAvgPool():
            return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case DropoutSpec():
            return Dropout(layer.p, generator)
        case Flatten():
            return nn.Flatten()
        case Skip():
            return _residual(layer, shape, generator)


def _residual(skip: Skip, shape: Shape, generator: Generator) -> Residual:
    block = Residual()
    _fill(block, skip.layers, shape, generator)
    after = output_shape(skip, shape)
    block.add_module("shortcut", _shortcut(shape, after, generator))
    return block


def _shortcut(before: Shape, after: Shape, generator: Generator) -> nn.Module:
    if before == after:
        return nn.Identity()
    if len(before) == 1:
        return _linear(before[0], after[0], generator)
    stride = projection_stride(before, after)
    conv = _conv(before[0], after[0], 1, stride, 0, generator, bias=False)
    return nn.Sequential(conv, BatchNorm2d(after[0]))


def _conv(
    inputs: int,
    outputs: int,
    kernel: int,
    stride: int,
    padding: int,
    generator: Generator,
    bias: bool = True,
) -> nn.Module:
    # skip_init: nn.Conv2d itself would draw from the generator that all threads share.
    kind = Conv2d if skips_pixels(inputs, kernel, stride, padding) else nn.Conv2d
    layer = skip_init(  # type: ignore[no-untyped-call]
        kind, inputs, outputs, kernel, stride=stride, padding=padding, bias=bias
    )
    return _drawn(layer, inputs * kernel**2, generator)


def _linear(inputs: int, outputs: int, generator: Generator) -> nn.Module:
    layer = skip_init(nn.Linear, inputs, outputs)  # type: ignore[no-untyped-call]
    return _drawn(layer, inputs, generator)


def _drawn(layer: nn.Conv2d | nn.Linear, inputs: int, generator: Generator) -> nn.Module:
    """Draw weights and biases as PyTorch does, from −1/√inputs to 1/√inputs."""
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    if layer.bias is not None:
        bound = 1 / math.sqrt(inputs)
        nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer
