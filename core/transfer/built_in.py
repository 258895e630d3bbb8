"""The project's own small network: a residual network for pictures of 64×64 pixels."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

WIDTHS = (24, 48, 96, 256)


class Residual(nn.Module):
    """Two convolutions whose result is added to what came in (He et al. 2016).

    Args:
        before: Channels of the input.
        after: Channels of the result.
        stride: 2 halves height and width.
    """

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.short = nn.Sequential() if before == after and stride == 1 else _short(before, after)

    def forward(self, x: Tensor) -> Tensor:
        """Shape (B, after, H / stride, W / stride) for (B, before, H, W)."""
        inner = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(inner)) + self.short(x))


def built_in_blocks() -> tuple[tuple[str, nn.Module], ...]:
    """Its blocks from low to high: 64 pixels become 32, 16, 8 and 4."""
    stem, one, two, three = WIDTHS
    first = nn.Sequential(nn.Conv2d(3, stem, 3, 2, 1, bias=False), nn.BatchNorm2d(stem), nn.ReLU())
    return (
        ("stem", first),
        ("stage1", Residual(stem, one, 2)),
        ("stage2", nn.Sequential(Residual(one, two, 2), Residual(two, two, 1))),
        ("stage3", Residual(two, three, 2)),
    )


def spread(levels: Sequence[Tensor]) -> Tensor:
    """Maps of several sizes on the grid of the last: shape (B, sum of channels, h, w)."""
    size = (levels[-1].shape[2], levels[-1].shape[3])
    return torch.cat([F.adaptive_avg_pool2d(level, size) for level in levels], 1)


def _short(before: int, after: int) -> nn.Module:
    """The way round: one pixel of every four (as the mean), brought to as many channels."""
    return nn.Sequential(
        nn.AvgPool2d(2, ceil_mode=True),
        nn.Conv2d(before, after, 1, bias=False),
        nn.BatchNorm2d(after),
    )
