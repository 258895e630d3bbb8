"""Opening the page: settings that fit each other, and the networks they name."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.errors import InputError
from core.networks.losses import LOSSES, default_loss, fits
from explorer.network_builder.points import class_count, sets
from explorer.network_builder.rules import Values
from explorer.network_builder.settings import OWN, NetworkSettings, Settings
from explorer.network_builder.side import MOST_REPLAYED, Side
from explorer.settings import from_address


def opened(given: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Return the settings that an address names, made to fit each other, and what was wrong."""
    settings, problems = from_address(Settings, given)
    if settings.data == OWN and not settings.own:
        settings = replace(settings, data="circles", own=None)
        problems.append("The link names your own points but holds none.")
    classes = class_count(settings)
    fitting = _fitting(settings.loss, classes, "loss" in given)
    if fitting != settings.loss:
        if "loss" in given:
            problems.append(
                f"The {LOSSES[settings.loss]} does not fit these points; "
                f"the {LOSSES[fitting]} stands instead."
            )
        settings = replace(settings, loss=fitting)
    if settings.b is not None and not fits(settings.b.loss, classes):
        problems.append(
            f"The {LOSSES[settings.b.loss]} of network B does not fit these points; "
            f"the {LOSSES[default_loss(classes)]} stands instead."
        )
        settings = replace(settings, b=replace(settings.b, loss=default_loss(classes)))
    return settings, problems


def _fitting(loss: str, classes: int, named: bool) -> str:
    if named and fits(loss, classes):
        return loss
    return default_loss(classes)


def sides_for(settings: Settings, problems: list[str]) -> list[Side]:
    """Return one network, or two in a comparison, at their first epoch.

    Args:
        settings: What the address named.
        problems: Gets a sentence for weights that do not fit their network.
    """
    training, validation = sets(settings)
    asked: list[tuple[NetworkSettings, Values | None]] = [(settings, settings.weights)]
    if settings.b is not None:
        asked.append((settings.b, settings.b_weights))
    sides = []
    for network, weights in asked:
        side = Side(training, validation, network.config(settings.seed))
        if weights is not None:
            try:
                side.edit("use_values", np.array(weights, dtype=np.float32))
            except InputError as error:
                problems.append(f"The link's weights were left out: {error}")
        side.training.tag = (settings, ())
        sides.append(side)
    return sides


def epochs_to_play(settings: Settings, sides: list[Side], problems: list[str]) -> int:
    """Return how far the runs of a link are played again: as far as it says, within reason.

    Args:
        settings: What the address named.
        sides: The networks.
        problems: Gets a sentence if the link asks for too much.
    """
    batches = max(-(-len(one.training.training) // one.config.batch_size) for one in sides)
    most = MOST_REPLAYED // batches + 1
    if settings.epochs > most:
        problems.append(f"The run of this link is too long to be played again; it ends at {most}.")
    return min(settings.epochs, most)
