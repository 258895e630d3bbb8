"""What the layers of a network make of one picture, epoch by epoch."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.images.prepared import mean_and_std, normalised
from core.reader.reader import restore
from core.runs.directory import RunDirectory
from core.training.events import Insight
from core.training.maps import feature_maps
from core.training.state import start
from core.vision.build import ImageNetwork
from core.vision.trace import named
from explorer.training_dashboard.looking import on_cpu, pictures_of
from explorer.training_dashboard.pictures import signed, source, stretched

if TYPE_CHECKING:
    from explorer.training_dashboard.lesson import TrainingDashboard

Card = dict[str, Any]
MOST_FILTERS, MOST_MAPS = 32, 64
NO_MAPS = (
    "This network puts all pixels in a row at once: no layer of it gives a picture that could be "
    "shown. Train a network with convolutions."
)
NO_WEIGHTS = "Of this run no epoch was kept to look into."


def card(lesson: TrainingDashboard, run: RunDirectory, insight: Insight | None) -> Card:
    """Return filters and feature maps: what the first layer looks for, what each layer finds."""
    maps = lesson.settings.filter_tab == "maps" or insight is None or insight.filters is None
    shown = _maps(lesson, run) if maps else _filters(run, insight)
    return {
        "kind": "filters",
        "span": 8,
        "title": "Inside the network",
        "tabs": [["filters", "Filters"], ["maps", "Feature maps"]],
        "tab": "maps" if maps else "filters",
        "filters": [],
        "maps": [],
        "picture": None,
        "layers": [],
        "layer": "",
        "empty": "",
        **shown,
    }


def _filters(run: RunDirectory, insight: Insight | None) -> Card:
    assert insight is not None
    assert insight.filters is not None
    _, height, width = insight.filters.shape[1:]
    return {
        "note": f"first layer, {len(insight.filters)} filters of {height}×{width}; grey is 0",
        "epoch": insight.epoch,
        "epochs": run.insight_epochs(),
        "filters": [{"src": source(signed(one))} for one in insight.filters[:MOST_FILTERS]],
    }


def _maps(lesson: TrainingDashboard, run: RunDirectory) -> Card:
    epochs = run.weight_epochs()
    names = map_layers(run)
    if not epochs or not names:
        words = NO_WEIGHTS if names else NO_MAPS
        return {"note": "", "epoch": 0, "epochs": [], "empty": words}
    wanted = lesson.epoch if lesson.epoch is not None else epochs[-1]
    epoch = min(epochs, key=lambda one: abs(one - wanted))
    chosen = lesson.settings.layer if lesson.settings.layer in names else next(iter(names))
    picture, words = _picture(lesson, run)
    try:
        found = _layer_maps(str(run.path), epoch, picture.tobytes(), chosen)
    except InputError as error:
        return {"note": "", "epoch": 0, "epochs": [], "empty": str(error)}
    count, height, width = found.shape
    return {
        "note": f"{chosen}: {count} maps of {height}×{width}, each from its least (black) to its "
        "largest value (white)",
        "epoch": epoch,
        "epochs": epochs,
        "maps": [{"src": source(stretched(one))} for one in found[:MOST_MAPS]],
        "picture": {"src": source(picture), "words": words},
        "layers": [[name, f"{name} · {text}"] for name, text in names.items()],
        "layer": chosen,
    }


def _picture(lesson: TrainingDashboard, run: RunDirectory) -> tuple[NDArray[np.uint8], str]:
    """The drawing, where the network takes such pictures, or one that the run was checked on."""
    images = pictures_of(run.spec().config).validation
    seen = lesson.digit.seen
    drawn = seen is not None and not lesson.digit.sample and not seen.empty
    if seen is not None and drawn and images.shape == (1, *seen.pixels.shape):
        return seen.pixels[None], "your drawing"
    index = lesson.picture % max(len(images), 1)
    return images.images[index].numpy(), f"“{images.classes[int(images.labels[index])]}”"


def map_layers(run: RunDirectory) -> dict[str, str]:
    """Return the layers that give pictures, with what each does, in order."""
    config = run.spec().config
    return dict(_map_layers(str(run.path), config.dataset))


@lru_cache(maxsize=32)
def _map_layers(path: str, _dataset: str) -> tuple[tuple[str, str], ...]:
    run = RunDirectory(Path(path))
    config = run.spec().config
    shape = pictures_of(config).train.shape
    model, _ = start(on_cpu(config), shape, len(pictures_of(config).train.classes))
    found = feature_maps(model.eval(), torch.zeros(shape))
    words = dict(named(model.spec))
    return tuple(
        (name, "×".join(map(str, value.shape)))
        for name, value in found.items()
        if value.ndim == 3 and name in words
    )


@lru_cache(maxsize=24)
def _network(path: str, epoch: int) -> tuple[ImageNetwork, torch.Tensor, torch.Tensor]:
    run = RunDirectory(Path(path))
    config = run.spec().config
    train = pictures_of(config).train
    model, _ = start(on_cpu(config), train.shape, len(train.classes))
    try:
        restore(model, run.weights(epoch))
    except RuntimeError as error:
        raise InputError("The weights of this epoch do not fit the network.") from error
    return model.eval(), *mean_and_std(train)


@lru_cache(maxsize=64)
def _layer_maps(path: str, epoch: int, pixels: bytes, layer: str) -> NDArray[np.float32]:
    model, mean, std = _network(path, epoch)
    channels, height, width = model.input_shape
    image = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(channels, height, width)
    ready = normalised(image.permute(1, 2, 0), mean, std).permute(2, 0, 1)
    return feature_maps(model, ready)[layer]
