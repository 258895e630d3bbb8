"""What the backbone makes of each picture, computed once."""

from __future__ import annotations

import time
from collections.abc import Iterable

import torch
from torch import Tensor

from core.transfer.backbones import Backbone
from core.transfer.embed import embed
from core.transfer.sample import Sample

MOST_KEPT = 4000  # of pictures that are not in the collection any more
SMALL_SIDE, MANY, FEW = 128, 32, 4  # pictures at once, by the side that the backbone takes


class Features:
    """The features of pictures by the name of the picture, for one backbone at a time."""

    def __init__(self) -> None:
        self.backbone = ""
        self._rows: dict[str, Tensor] = {}

    def turn_to(self, backbone: str) -> bool:
        """Begin anew if it is another backbone; returns whether it is."""
        if backbone == self.backbone:
            return False
        self.backbone, self._rows = backbone, {}
        return True

    def missing(self, samples: Iterable[Sample]) -> list[Sample]:
        """Return the pictures that have not been through the backbone."""
        return [one for one in samples if one.id not in self._rows]

    def known(self, samples: Iterable[Sample]) -> tuple[Sample, ...]:
        """Return the pictures that have been through it."""
        return tuple(one for one in samples if one.id in self._rows)

    def of(self, samples: Iterable[Sample]) -> Tensor:
        """Return the features (N, D) of pictures that have been through it."""
        return torch.stack([self._rows[one.id] for one in samples])

    def compute(self, backbone: Backbone, samples: Iterable[Sample], until: float) -> None:
        """Send missing pictures through the backbone until a moment of `time.perf_counter`."""
        waiting = self.missing(samples)
        size = MANY if backbone.info.side < SMALL_SIDE else FEW
        while waiting and time.perf_counter() < until:
            some, waiting = waiting[:size], waiting[size:]
            self.take(some, embed(backbone, [one.picture for one in some]))

    def take(self, samples: Iterable[Sample], rows: Tensor) -> None:
        """Keep features (N, D) that are known already."""
        self._rows |= {one.id: row for one, row in zip(samples, rows, strict=True)}

    def forget(self, samples: Iterable[Sample]) -> None:
        """Let go of pictures that were deleted long ago; Undo may still bring the last ones."""
        if len(self._rows) > MOST_KEPT:
            here = {one.id for one in samples}
            self._rows = {name: row for name, row in self._rows.items() if name in here}
