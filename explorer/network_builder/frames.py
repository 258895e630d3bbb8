"""Pictures of a network at one moment: what the diagram and the map are painted from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.networks.probes import decision_map, unit_maps
from core.networks.training import Training
from explorer.network_builder.side import Side
from explorer.numbers import fixed, significant

Floats = NDArray[np.float32]
MAP, FINE_MAP = 64, 96
CONFIDENT = 0.999


def unit_size(training: Training) -> int:
    """Return R: how many squares a unit's map has in each direction; fewer for many units."""
    units = sum(layer.units for layer in training.config.layers)
    return 24 if units <= 12 else 20 if units <= 32 else 16


@dataclass(frozen=True)
class Frame:
    """One side at one moment.

    Attributes:
        reading: Where the run stands and how well it does, as JSON.
        values: Maps of hidden units and outputs, weights, biases, decision map, in a row.
    """

    reading: dict[str, Any]
    values: Floats


def frame(side: Side, extent: float, peek: tuple[int, int] | None) -> Frame:
    """Take a picture of one side.

    Args:
        side: The network.
        extent: How far the plane reaches from 0.
        peek: Column and unit whose map replaces the decision, or None.
    """
    training = side.training
    size = unit_size(training)
    inputs = len(training.config.features)
    maps = unit_maps(training.model, size, extent)[inputs:]
    linears = training.model.linears()
    weights = [linear.weight.detach().numpy().ravel() for linear in linears]
    biases = [linear.bias.detach().numpy() for linear in linears]
    big = decision(training, extent)
    if peek is not None:
        big = unit_map(training, map_size(side), extent, peek)
    row = np.concatenate([maps.ravel(), *weights, *biases, big.ravel()])
    return Frame(reading(side), np.nan_to_num(row, nan=0.0, posinf=1e30, neginf=-1e30))


def map_size(side: Side) -> int:
    """Return R of the decision map: finer where classes meet without a gradual change."""
    return FINE_MAP if side.training.objective.classes > 2 else MAP


def decision(training: Training, extent: float) -> Floats:
    """Return the answer at every place of the plane, one number each.

    P(class 1) for two classes; for more, the class and, behind the point, how sure of it;
    in regression the number predicted.
    """
    classes = training.objective.classes
    size = FINE_MAP if classes > 2 else MAP
    answers = decision_map(training.model, training.objective, size, extent)
    if classes <= 2:
        return answers[..., -1]
    winner = answers.argmax(axis=2)
    return np.asarray(winner + CONFIDENT * answers.max(axis=2), dtype=np.float32)


def unit_map(training: Training, size: int, extent: float, place: tuple[int, int]) -> Floats:
    """Return the map of one unit as finely as the decision map; column 0 are the inputs."""
    columns = [len(training.config.features), *(one.units for one in training.config.layers)]
    column, unit = place
    return np.asarray(unit_maps(training.model, size, extent)[sum(columns[:column]) + unit])


def reading(side: Side) -> dict[str, Any]:
    """Return where a run stands, and its losses and accuracies in words."""
    training = side.training
    rows = training.history.rows
    fresh = bool(rows) and rows[-1].step == training.step_count and not training.diverged
    fresh = fresh and training.objective.classes > 0  # The loss may be another one by now.
    now = rows[-1] if fresh else training.now
    checked = len(training.validation) > 0
    words = f"loss **{significant(now.training_loss)}**"
    if training.objective.classes:
        share = now.validation_accuracy if checked else now.training_accuracy
        kind = "validation" if checked else "training"
        words = f"{kind} accuracy **{fixed(100 * share, 1)} %**"
    elif checked:
        words = f"validation loss **{significant(now.validation_loss)}**"
    return {"epoch": training.epoch, "step": training.step_count, "words": words}
