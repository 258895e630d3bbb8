"""Units that are 0 for every picture: looked for in the newest epoch of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch

from core.errors import InputError
from core.images.prepared import normalised
from core.runs.directory import RunDirectory
from core.training.evaluation import in_use
from core.training.maps import outputs
from core.vision.text import write
from explorer.training_dashboard.looking import pictures_of, trained

PICTURES = 128


@dataclass(frozen=True)
class Dead:
    """The layer with the largest share of dead units.

    Attributes:
        layer: Its name.
        dead: How many of its units are 0 for every picture.
        of: How many it has; a channel of maps counts as one.
        pictures: For how many pictures.
        text: The layers of the network.
    """

    layer: str
    dead: int
    of: int
    pictures: int
    text: str


def dead_share(run: RunDirectory) -> Dead | None:
    """Return the ReLU layer with the most dead units; None without such a layer or epoch."""
    epochs = run.epochs()
    if not epochs:
        return None
    try:
        return _dead_share(str(run.path), epochs[-1])
    except InputError:
        return None


@lru_cache(maxsize=32)
def _dead_share(path: str, _epoch: int) -> Dead | None:
    run = RunDirectory(Path(path))
    found = trained(run)
    config = run.spec().config
    images = pictures_of(config).validation.images[:PICTURES].permute(0, 2, 3, 1)
    mean, std = torch.from_numpy(found.mean), torch.from_numpy(found.std)
    ready = normalised(images, mean, std).permute(0, 3, 1, 2)
    worst: Dead | None = None
    with in_use(found.model), outputs(found.model) as values:
        found.model(ready)
    for name, value in values.items():
        if not name.startswith("relu"):
            continue
        flat = value.flatten(2).amax(2) if value.ndim == 4 else value
        dead = int((flat.amax(0) <= 0).sum())
        if worst is None or dead / flat.shape[1] > worst.dead / worst.of:
            worst = Dead(name, dead, flat.shape[1], len(images), write(config.spec))
    return worst
