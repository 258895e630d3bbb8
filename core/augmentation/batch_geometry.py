"""Rotation, affine maps, rubber and crops on a batch, each picture with its own numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from core.augmentation.spec import Values


@dataclass(frozen=True)
class Motion:
    """How each of B pictures is moved, as torchvision's ``affine`` has it.

    Attributes:
        angles: Clockwise, in degrees, shape (B,).
        shifts: To the right and down, in pixels, shape (B, 2).
        scales: Shape (B,), above 0.
        shears: Along the rows, in degrees, shape (B,).
    """

    angles: Tensor
    shifts: Tensor
    scales: Tensor
    shears: Tensor

    def inverse(self) -> Tensor:
        """Where each pixel comes from: matrices of shape (B, 2, 3) in pixels from the middle."""
        turn, shear = torch.deg2rad(self.angles), torch.tan(torch.deg2rad(self.shears))
        cos, sin = torch.cos(turn), torch.sin(turn)
        # The inverse of rotation times shear times scale.
        a, b = cos, -cos * shear - sin
        c, d = sin, -sin * shear + cos
        linear = torch.stack([d, -b, -c, a], 1).view(-1, 2, 2) / self.scales.view(-1, 1, 1)
        return torch.cat([linear, -linear @ self.shifts[:, :, None]], 2)


def rotated(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As RandomRotation, with an angle of its own for every picture."""
    count = len(images)
    angles = -_uniform(count, values["degrees"], generator)
    zeros = torch.zeros(count)
    motion = Motion(angles, torch.zeros(count, 2), torch.ones(count), zeros)
    return warped(images, motion, values["interpolation"], values["fill"])


def moved(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As RandomAffine, with an angle, a shift, a scale and a shear of its own for every picture."""
    count, _, height, width = images.shape
    sides = torch.tensor([width, height]) * values["translate"]
    shifts = (torch.rand(count, 2, generator=generator) * 2 - 1) * sides
    low, high = values["scale_min"], values["scale_max"]
    motion = Motion(
        _uniform(count, values["degrees"], generator),
        shifts.round(),
        low + torch.rand(count, generator=generator) * (high - low),
        _uniform(count, values["shear"], generator),
    )
    return warped(images, motion, values["interpolation"], values["fill"])


def warped(images: Tensor, motion: Motion, mode: str, fill: int) -> Tensor:
    """Move each picture; what comes in from outside has the grey level `fill`.

    Args:
        images: Shape (B, C, H, W).
        motion: Of the B pictures.
        mode: "nearest" or "bilinear".
        fill: From 0 to 255.
    """
    count, _, height, width = images.shape
    y = torch.arange(height) - (height - 1) / 2
    x = torch.arange(width) - (width - 1) / 2
    columns, rows = x.expand(height, width), y[:, None].expand(height, width)
    places = torch.stack([columns, rows, torch.ones(height, width)], -1)
    half = torch.tensor([width / 2, height / 2])
    theta = motion.inverse().transpose(1, 2) / half  # (B, 3, 2), to the scale from −1 to 1
    grid = (places.view(1, -1, 3) @ theta).view(count, height, width, 2)
    return _sampled(images, grid, mode, fill)


def stretched(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As ElasticTransform, with a displacement of its own for every picture."""
    count, _, height, width = images.shape
    noise = torch.rand(count, 2, height, width, generator=generator) * 2 - 1
    smooth = blurred(noise, values["sigma"]) * values["alpha"]
    moves = smooth.permute(0, 2, 3, 1) / torch.tensor([width, height])
    return displaced(images, moves, values["interpolation"], values["fill"])


def blurred(images: Tensor, sigma: float) -> Tensor:
    """As torchvision's ``gaussian_blur`` with its kernel for elastic, along one axis at a time.

    Args:
        images: float32 of shape (B, C, H, W), both sides longer than four σ.
        sigma: Above 0.
    """
    reach = (int(8 * sigma + 1) | 1) // 2
    places = torch.arange(-reach, reach + 1)
    kernel = torch.softmax(-((places / (math.sqrt(2.0) * sigma)) ** 2), 0)
    flat = F.pad(images.flatten(0, 1)[:, None], [reach] * 4, mode="reflect")
    down = F.conv2d(flat, kernel.view(1, 1, -1, 1))
    return F.conv2d(down, kernel.view(1, 1, 1, -1)).view_as(images)


def displaced(images: Tensor, moves: Tensor, mode: str, fill: int) -> Tensor:
    """Take each pixel from a place beside its own.

    Args:
        images: Shape (B, C, H, W).
        moves: Shape (B, H, W, 2), to the right and down, with 2 for a whole side.
        mode: "nearest" or "bilinear".
        fill: From 0 to 255.
    """
    height, width = images.shape[2:]
    x = (2 * torch.arange(width) + 1) / width - 1
    y = (2 * torch.arange(height) + 1) / height - 1
    own = torch.stack([x.expand(height, width), y[:, None].expand(height, width)], -1)
    return _sampled(images, own + moves, mode, fill)


def _sampled(images: Tensor, grid: Tensor, mode: str, fill: int) -> Tensor:
    """As torchvision samples and fills: at a smooth rim the fill counts twice."""
    inside = torch.ones_like(images[:, :1], dtype=torch.float32)
    values = torch.cat([images.float(), inside], 1)
    sampled = F.grid_sample(values, grid, mode=mode, padding_mode="zeros", align_corners=False)
    colours, inside = sampled[:, :-1], sampled[:, -1:]
    filled = (colours - fill) * (inside if mode == "bilinear" else inside.round()) + fill
    return filled if images.is_floating_point() else filled.round().to(images.dtype)


def cropped(images: Tensor, values: Values, generator: Generator) -> Tensor:
    """As RandomCrop with padding, with a place of its own for every picture."""
    count, size, border = len(images), values["size"], values["padding"]
    # What is still smaller than the crop is padded further, as torchvision does it.
    more = [max(0, size - side - 2 * border) for side in images.shape[2:]]
    padding = [border + more[1], border + more[1], border + more[0], border + more[0]]
    padded = _padded(images, padding, values["border"], values["fill"])
    tops, lefts = (
        torch.randint(0, side - size + 1, (count,), generator=generator)
        for side in padded.shape[2:]
    )
    span = torch.arange(size)
    rows, columns = (tops[:, None] + span)[:, :, None], (lefts[:, None] + span)[:, None, :]
    return padded[torch.arange(count)[:, None, None], :, rows, columns].permute(0, 3, 1, 2)


def _padded(images: Tensor, padding: list[int], border: str, fill: int) -> Tensor:
    if border == "constant":
        return F.pad(images, padding, value=fill)
    return F.pad(images.float(), padding, mode="replicate").to(images.dtype)


def _uniform(count: int, most: float, generator: Generator) -> Tensor:
    return (torch.rand(count, generator=generator) * 2 - 1) * most
