"""Layers that PyTorch has in another form: chance from a generator, batches of one, skips."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Generator, Tensor, nn


class Dropout(nn.Module):
    """Sets a random share p of the numbers to zero in training and scales up the rest.

    `nn.Dropout` draws from the one generator that all threads share; this one has its own. From
    the same state both set the same numbers to zero.
    """

    def __init__(self, p: float, generator: Generator) -> None:
        super().__init__()
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """The numbers that are left; all of them outside of training."""
        if not self.training or not self.p:
            return x
        keep = 1 - self.p
        return x * torch.empty_like(x).bernoulli_(keep, generator=self.generator).div_(keep)

    def extra_repr(self) -> str:
        """What PyTorch prints between the brackets."""
        return f"p={self.p:g}"


class BatchNorm1d(nn.BatchNorm1d):
    """Batch normalisation that also takes a batch of one (`_one_value`)."""

    def forward(self, x: Tensor) -> Tensor:
        """From (B, D) to (B, D), each unit with mean β and standard deviation γ."""
        return _by_memory(self, x) if self.training and _one_value(x) else super().forward(x)


class BatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation that also takes a batch of one (`_one_value`)."""

    def forward(self, x: Tensor) -> Tensor:
        """From (B, C, H, W) to the same, each channel with mean β and standard deviation γ."""
        return _by_memory(self, x) if self.training and _one_value(x) else super().forward(x)


def _one_value(x: Tensor) -> bool:
    """Whether each channel has one number only: it is its own mean, so nothing would be left."""
    return x.numel() == x.shape[1]


def _by_memory(norm: nn.BatchNorm1d | nn.BatchNorm2d, x: Tensor) -> Tensor:
    """Normalised with the running mean and variance, as outside of training."""
    return F.batch_norm(
        x, norm.running_mean, norm.running_var, norm.weight, norm.bias, eps=norm.eps
    )


class Conv2d(nn.Conv2d):
    """A convolution of 1×1 with a stride that takes every so many-th pixel first, then mixes.

    That is the same, and for few channels it avoids a fault of oneDNN in PyTorch 2.14: on
    processors with AVX2 but without AVX-512 the backward pass of such a convolution writes
    outside of its memory.
    """

    def forward(self, x: Tensor) -> Tensor:
        """From (B, C, H, W) to (B, C', ⌈H / stride⌉, ⌈W / stride⌉)."""
        down, across = self.stride
        return F.conv2d(x[:, :, ::down, ::across], self.weight, self.bias)


def skips_pixels(inputs: int, kernel: int, stride: int, padding: int) -> bool:
    """Whether a convolution has to be a `Conv2d` of this module."""
    return inputs < 8 and kernel == 1 and stride > 1 and padding == 0


class Residual(nn.Sequential):
    """Layers in a row whose result is added to what comes in, projected where shapes differ."""

    shortcut: nn.Module

    def forward(self, x: Tensor) -> Tensor:
        """From (B, C, H, W) to (B, C', H', W'), or from (B, D) to (B, D')."""
        out = x
        for name, layer in self.named_children():
            if name != "shortcut":
                out = layer(out)
        added: Tensor = out + self.shortcut(x)
        return added
