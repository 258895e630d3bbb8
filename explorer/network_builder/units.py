"""The cards of a single unit and of the layers."""

from typing import Any

from core.networks.features import FEATURES
from core.networks.model import layer_shapes, parameter_count
from core.networks.probes import dead_units, gradient_norms, values_at
from core.networks.training import Training
from core.networks.units import TYPED
from explorer.network_builder.columns import ENDINGS
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.stage import unit_name
from explorer.numbers import fixed

Card = dict[str, Any]
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def unit_card(lesson: NetworkBuilder) -> Card:
    """Return weights and bias of the selected unit, and what it says at the probe."""
    side = lesson.side
    training = side.training
    column, unit = lesson.settings.unit
    card: Card = {
        "kind": "unit",
        "span": 4,
        "title": "Selected unit",
        "note": unit_name(side, column, unit),
        "layer": column - 1,
        "to": unit,
        "weights": [],
        "bias": None,
        "empty": None,
    }
    x1, x2 = lesson.settings.probe
    if column == 0:
        label = FEATURES[side.config.features[unit]][0]
        said = values_at(training.model, x1, x2)[0][unit]
        card["empty"] = (
            f"{label} is an input: it has no weights of its own. At the cross, "
            f"({fixed(x1)}, {fixed(x2)}), it is {fixed(said, 3)}."
        )
        return card
    linear = training.model.linears()[column - 1]
    sources = _sources(training, column)
    card["weights"] = [
        {
            "name": f"w{str(index + 1).translate(SUBSCRIPTS)}",
            "from": source,
            "source": index,
            "value": value,
        }
        for index, (source, value) in enumerate(
            zip(sources, linear.weight[unit].tolist(), strict=True)
        )
    ]
    card["bias"] = linear.bias[unit].item()
    return card | _substituted(training, column, unit, (x1, x2))


def _sources(training: Training, column: int) -> list[str]:
    """Return what the inputs of a column are called."""
    if column == 1:
        return [FEATURES[name][0] for name in training.config.features]
    count = training.config.layers[column - 2].units
    return [f"hidden {column - 1}, unit {index + 1}" for index in range(count)]


def _substituted(
    training: Training, column: int, unit: int, probe: tuple[float, float]
) -> dict[str, str]:
    """Return the formula of a unit with the numbers of the probe in it."""
    values = values_at(training.model, *probe)
    linear = training.model.linears()[column - 1]
    weights = linear.weight[unit].tolist()
    total = sum(w * a for w, a in zip(weights, values[column - 1], strict=True))
    total += linear.bias[unit].item()
    hidden = column <= len(training.config.layers)
    if hidden:
        layer = training.config.layers[column - 1]
        name = "f" if layer.activation.startswith(TYPED) else layer.activation
        name = f"{name}(norm" if layer.batch_norm else name
        close = ")" if layer.batch_norm else ""
    else:
        name, close = ENDINGS[training.objective.ending], ""
    place = f"({fixed(probe[0])}, {fixed(probe[1])})"
    letter = "h" if hidden else "ŷ"
    return {
        "formula": f"*{letter}* = {name}(**w** · **a** + *b*){close} at {place}",
        "numbers": f"{name}({fixed(total)}){close}",
        "result": fixed(values[column][unit], 3),
    }


def layers_card(lesson: NetworkBuilder) -> Card:
    """Return shape, parameters and gradient of every layer."""
    training = lesson.side.training
    shapes = layer_shapes(training.config, training.objective.outputs)
    norms = gradient_norms(training) if not training.diverged else [None] * len(shapes)
    dead = {found.layer: found for found in dead_units(training) if found.units}
    rows = []
    for index, (shape, norm) in enumerate(zip(shapes, norms, strict=True)):
        found = dead.get(index)
        rows.append(
            {
                "name": shape.name[:1].upper() + shape.name[1:],
                "linear": f"nn.Linear({shape.inputs}, {shape.outputs})",
                "formula": shape.formula,
                "shape": f"(B, {shape.inputs}) → (B, {shape.outputs})",
                "gradient": norm,
                "dead": f"{len(found.units)} of {found.of} dead" if found else None,
            }
        )
    return {
        "kind": "layers",
        "title": "Layers",
        "note": f"{parameter_count(training.model)} parameters",
        "rows": rows,
    }
