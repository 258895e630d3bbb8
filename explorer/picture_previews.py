"""Moving pictures of the lessons on pictures: draws of a pipeline, and a map of features.

They import torchvision and load a network, so they are made a moment after the server answers.
"""

from collections.abc import Callable

import numpy as np
import torch

from core.augmentation.draws import draws
from core.augmentation.pictures import reduced, sample
from core.augmentation.presets import PRESETS
from core.transfer.backbones import BUILT_IN, load_backbone
from core.transfer.embed import embed
from core.transfer.maps import pca_map
from core.transfer.symbols import draw_symbol
from explorer.augmentation.files import source
from explorer.previews import Preview

TILES, MORE, TILE = 8, 16, 48
SYMBOLS, EACH, NEAREST = ("heart", "star", "house"), 6, 3


def augmentation() -> Preview:
    """Return a picture and random draws of the pipeline that the lesson opens on."""
    picture = reduced(sample("cat"), 2 * TILE)
    made = draws(picture, PRESETS["course"].pipeline, TILES + MORE, seed=0)
    tiles = [source(one, TILE) for one in made]
    return {"kind": "draws", "original": source(picture, 2 * TILE), "draws": tiles, "tiles": TILES}


def transfer() -> Preview:
    """Return drawings where the built-in network puts them, and new ones with their neighbours."""
    pictures, labels = [], []
    for label, name in enumerate(SYMBOLS):
        generator = np.random.default_rng([3, label])
        pictures += [draw_symbol(name, generator, 64) for _ in range(EACH + 1)]
        labels += [label] * (EACH + 1)
    features = embed(load_backbone(BUILT_IN), pictures)
    flat = pca_map(features).points
    fresh = [label * (EACH + 1) + EACH for label in range(len(SYMBOLS))]
    known = [at for at in range(len(pictures)) if at not in fresh]
    asked = []
    for at in fresh:
        distances = torch.linalg.vector_norm(features[known] - features[at], dim=1)
        asked.append(
            {"at": at, "near": [known[one] for one in distances.argsort()[:NEAREST].tolist()]}
        )
    return {
        "kind": "neighbours",
        "names": list(SYMBOLS),
        "pictures": [
            {"place": place.round(3).tolist(), "label": label, "src": source(picture, 40)}
            for place, label, picture in zip(flat, labels, pictures, strict=True)
        ],
        "asked": asked,
    }


PREVIEWS: dict[str, Callable[[], Preview]] = {
    "augmentation": augmentation,
    "transfer_learning": transfer,
}
