"""The columns of the diagram: inputs, hidden layers, outputs, as the browser draws them."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.activations.registry import ACTIVATIONS
from core.networks.config import MAX_LAYERS, MAX_UNITS
from core.networks.features import FEATURES, matrix
from core.networks.model import layer_shapes, parameter_count
from core.networks.probes import dead_units, grid
from core.networks.training import Training
from core.networks.units import TYPED
from explorer.network_builder.frames import unit_size
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.settings import OWN
from explorer.network_builder.side import Side

COLOURS = ("blue", "orange", "green", "plum", "gold", "petrol")
ENDINGS = {"sigmoid": "sigmoid", "softmax": "softmax", "identity": "linear"}


def class_colours(classes: int) -> list[int]:
    """Return the colour of each class; of two, class 1 is blue, as what is positive."""
    return [1, 0] if classes == 2 else list(range(classes))


def class_names(lesson: NetworkBuilder) -> list[str]:
    """Return what the classes are called: as in the table they came from, or by their colour."""
    classes = lesson.sides[0].training.objective.classes
    if len(lesson.names) == classes:
        return list(lesson.names)
    return [COLOURS[colour] for colour in class_colours(classes)]


def network(lesson: NetworkBuilder, side: Side, label: str) -> dict[str, Any]:
    """Return one network as the diagram wants it."""
    training = side.training
    shapes = layer_shapes(training.config, training.objective.outputs)
    return {
        "label": label,
        "columns": [
            _inputs(training),
            *_hidden(training, [shape.formula for shape in shapes]),
            _output(lesson, training, shapes[-1].formula),
        ],
        "activations": _activations(),
        "expression": lesson.edits.typed(training.config.layers),
        "size": unit_size(training),
        "selected": _selected(lesson, side),
        "unitLimits": [1, MAX_UNITS],
        "layerLimit": MAX_LAYERS,
        "canUndo": training.can_undo or lesson.edits.cleared,
        "parameters": parameter_count(training.model),
        "problem": training.problem,
    }


def _inputs(training: Training) -> dict[str, Any]:
    chosen = training.config.features
    units = [
        {"name": name, "label": label, "on": name in chosen}
        for name, (label, _) in FEATURES.items()
    ]
    note = f"{len(chosen)} of {len(FEATURES)} in use"
    return {"kind": "input", "title": "Inputs", "note": note, "units": units}


def _hidden(training: Training, formulas: list[str]) -> list[dict[str, Any]]:
    dead = {found.layer: found.units for found in dead_units(training)}
    return [
        {
            "kind": "hidden",
            "title": f"Hidden {index + 1}",
            "activation": OWN if layer.activation.startswith(TYPED) else layer.activation,
            "activationLabel": _label(layer.activation),
            "dropout": layer.dropout,
            "batchNorm": layer.batch_norm,
            "formula": formulas[index],
            "removable": True,
            "units": [
                {"label": str(unit + 1), "dead": unit in dead.get(index, ())}
                for unit in range(layer.units)
            ],
        }
        for index, layer in enumerate(training.config.layers)
    ]


def _output(lesson: NetworkBuilder, training: Training, formula: str) -> dict[str, Any]:
    objective = training.objective
    names, colours = class_names(lesson), class_colours(objective.classes)
    units: list[dict[str, Any]]
    if not objective.classes:
        units = [{"label": "ŷ", "colour": None}]
    elif objective.outputs == 1:
        units = [{"label": f"P({names[1]})", "colour": None}]
    else:
        units = [
            {"label": name, "colour": colour} for name, colour in zip(names, colours, strict=True)
        ]
    ending = ENDINGS[objective.ending]
    return {
        "kind": "output",
        "title": "Output",
        "activationLabel": ending,
        "formula": formula,
        "units": units,
    }


def _label(activation: str) -> str:
    return "own f(x)" if activation.startswith(TYPED) else ACTIVATIONS[activation].label


@cache
def _activations() -> list[list[str]]:
    known = [[name, one.label.split(" (")[0]] for name, one in ACTIVATIONS.items()]
    return [*known, [OWN, "own f(x)"]]


def _selected(lesson: NetworkBuilder, side: Side) -> dict[str, int] | None:
    if side is not lesson.side:
        return None
    column, unit = lesson.settings.unit
    if column == 0:  # Among all inputs, not only those in use.
        unit = list(FEATURES).index(side.config.features[unit])
    return {"column": column, "unit": unit}


@cache
def input_maps(size: int, extent: float) -> NDArray[np.float32]:
    """Return the maps of all inputs, in use or not, in one row."""
    values = matrix(tuple(FEATURES), grid(size, extent))
    return np.asarray(values.T.contiguous().numpy()).ravel()
