"""The part of the script of a run that makes its network."""

from __future__ import annotations

import textwrap
from math import prod

from core.errors import InputError
from core.training.config import TrainingConfig
from core.vision.build import ACTIVATIONS
from core.vision.modules import skips_pixels
from core.vision.shapes import Shape, output_shape, projection_stride
from core.vision.specs import (
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    LayerSpec,
    Linear,
    MaxPool,
    Skip,
    Spec,
    completed,
)
from core.vision.trace import first_problem, named, trace

_SKIP = '''
class Skip(nn.Sequential):
    """Layers in a row whose result is added to what comes in."""

    def __init__(self, layers, shortcut):
        super().__init__(layers)
        self.shortcut = shortcut

    def forward(self, x):
        out = x
        for name, layer in self.named_children():
            if name != "shortcut":
                out = layer(out)
        return out + self.shortcut(x)

'''
_CONV = '''
class Conv2d(nn.Conv2d):
    """1×1 with a stride: takes every so many-th pixel first, which is the same."""

    def forward(self, x):
        down, across = self.stride
        x = x[:, :, ::down, ::across]
        return nn.functional.conv2d(x, self.weight, self.bias)

'''
_DROPOUT = '''
class Dropout(nn.Dropout):
    """Draws as the run did: nn.Dropout sets other numbers to zero on a graphics card."""

    def forward(self, x):
        if not self.training or not self.p:
            return x
        keep = 1 - self.p
        return x * torch.empty_like(x).bernoulli_(keep).div_(keep)

'''
_NORM = '''
class {name}(nn.{name}):
    """Takes a batch of one too: it is measured by the running statistics."""

    def forward(self, x):
        if self.training and x.numel() == x.shape[1]:
            return F.batch_norm(
                x, self.running_mean, self.running_var, self.weight, self.bias,
                eps=self.eps,
            )
        return super().forward(x)

'''


def model_lines(config: TrainingConfig, shape: Shape, classes: int) -> str:
    """The network as `model`, with the first weights of the run, on its device.

    Its layers have the names of the run, so that the weights that a run gives away fit it.

    Raises:
        InputError: An impossible layer.
    """
    spec = completed(config.spec, classes)
    if problem := first_problem(trace(spec, shape)):
        raise InputError(problem)
    layers = textwrap.indent(_layers(spec, shape), " " * 4)
    if card := config.device.startswith("cuda"):
        layers = layers.replace("nn.Dropout(", "Dropout(")
    own = [name for name in ("BatchNorm1d", "BatchNorm2d") if _own(name, layers)]
    classes_used = "".join(_NORM.format(name=name) for name in own)
    if _own("Conv2d", layers):
        classes_used += _CONV
    if card and _own("Dropout", layers):
        classes_used += _DROPOUT
    if "=Skip(" in layers:
        classes_used += _SKIP
    to = "DEVICE, memory_format=torch.channels_last" if config.channels_last else "DEVICE"
    return (
        f"{classes_used}\n"
        f"torch.manual_seed({config.seed})  # weights, then the order of the pictures and dropout\n"
        f"model = nn.Sequential(OrderedDict(\n{layers}))\n"
        f"model.to({to})\n"
    )


def _own(name: str, layers: str) -> bool:
    return any(f"{before}{name}(" in layers for before in ("=", " "))


def _layers(spec: Spec, shape: Shape) -> str:
    """One line for each layer: its name and what makes it."""
    lines = []
    for name, layer in named(spec):
        lines.append(f"{name}={_layer(layer, shape)},\n")
        shape = output_shape(layer, shape)
    return "".join(lines)


def _layer(layer: LayerSpec, shape: Shape) -> str:
    match layer:
        case Conv():
            return _conv(shape[0], layer)
        case Linear():
            return f"nn.Linear({shape[0]}, {layer.out})"
        case BatchNorm():
            return _norm(shape)
        case Activation():
            return f"nn.{ACTIVATIONS[layer.name].__name__}()"
        case MaxPool() | AvgPool():
            kind = "MaxPool2d" if isinstance(layer, MaxPool) else "AvgPool2d"
            step = "" if layer.step == layer.kernel else f", {layer.step}"
            return f"nn.{kind}({layer.kernel}{step})"
        case GlobalAvgPool():
            return "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())"
        case Dropout():
            return f"nn.Dropout({layer.p!r})"
        case Flatten():
            return "nn.Flatten()"
        case Skip():
            inner = textwrap.indent(_layers(layer.layers, shape), " " * 4)
            shortcut = _shortcut(shape, output_shape(layer, shape))
            return f"Skip(OrderedDict(\n{inner}), {shortcut})"


def _conv(inputs: int, conv: Conv) -> str:
    stride = f", stride={conv.stride}" if conv.stride > 1 else ""
    padding = f", padding={conv.pad}" if conv.pad else ""
    own = skips_pixels(inputs, conv.kernel, conv.stride, conv.pad)
    prefix = "" if own else "nn."
    return f"{prefix}Conv2d({inputs}, {conv.out}, {conv.kernel}{stride}{padding})"


def _norm(shape: Shape) -> str:
    """Batch normalisation; where a channel has one number, a form that takes batches of one."""
    prefix = "" if prod(shape[1:]) == 1 else "nn."
    return f"{prefix}BatchNorm{1 if len(shape) == 1 else 2}d({shape[0]})"


def _shortcut(before: Shape, after: Shape) -> str:
    if before == after:
        return "nn.Identity()"
    if len(before) == 1:
        return f"nn.Linear({before[0]}, {after[0]})"
    stride = projection_stride(before, after)
    by = f", stride={stride}" if stride > 1 else ""
    prefix = "" if skips_pixels(before[0], 1, stride, 0) else "nn."
    return (
        f"nn.Sequential(\n    {prefix}Conv2d({before[0]}, {after[0]}, 1{by}, bias=False),\n"
        f"    {_norm(after)},\n)"
    )
