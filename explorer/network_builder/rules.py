"""How features, layers, points, weights and a second network stand in the address."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import InputError
from core.networks.config import MAX_LAYERS, LayerConfig
from core.networks.features import FEATURES, check_features
from explorer.network_builder.encoded import (
    Point,
    points_from_text,
    points_to_text,
    values_from_text,
    values_to_text,
)
from explorer.settings import from_address, rules

NONE = "none"
Values = tuple[float, ...]


@dataclass(frozen=True)
class FeaturesRule:
    """The inputs of a network, with commas between them."""

    label: str

    def parse(self, text: str) -> tuple[str, ...]:
        """Return the names of the inputs."""
        names = tuple(text.split(","))
        try:
            check_features(names)
        except InputError as error:
            raise ValueError(str(error)) from error
        return tuple(name for name in FEATURES if name in names)  # As the diagram has them.

    def write(self, value: tuple[str, ...]) -> str:
        """Return the names with commas between them."""
        return ",".join(value)


@dataclass(frozen=True)
class LayersRule:
    """The hidden layers: ``8:tanh;6:relu:0.2:n`` is units, activation, dropout, normalised."""

    label: str

    def parse(self, text: str) -> tuple[LayerConfig, ...]:
        """Return the layers, none for ``none``."""
        parts = [] if text == NONE else text.split(";")
        if len(parts) > MAX_LAYERS:
            raise ValueError(f"a network has at most {MAX_LAYERS} hidden layers here")
        return tuple(_layer(part) for part in parts)

    def write(self, value: tuple[LayerConfig, ...]) -> str:
        """Return the layers with semicolons between them."""
        return ";".join(_layer_text(layer) for layer in value) or NONE


def _layer(text: str) -> LayerConfig:
    units, _, rest = text.partition(":")
    activation, *more = rest.split(":")
    normalised = "n" in more
    shares = [part for part in more if part != "n"]
    try:
        return LayerConfig(
            int(units), activation or "tanh", float(shares[0]) if shares else 0.0, normalised
        )
    except InputError as error:
        raise ValueError(str(error)) from error


def _layer_text(layer: LayerConfig) -> str:
    text = f"{layer.units}:{layer.activation}"
    if layer.dropout:
        text += f":{layer.dropout!r}"
    return text + (":n" if layer.batch_norm else "")


@dataclass(frozen=True)
class PointsRule:
    """Points set by hand: two characters for x₁, two for x₂, one for the class."""

    label: str

    def parse(self, text: str) -> tuple[Point, ...]:
        """Return the points."""
        return points_from_text(text)

    def write(self, value: tuple[Point, ...]) -> str:
        """Return the points as text."""
        return points_to_text(value)


@dataclass(frozen=True)
class WeightsRule:
    """All weights and biases of a network whose run cannot be told by its settings."""

    label: str

    def parse(self, text: str) -> Values:
        """Return the numbers."""
        return tuple(values_from_text(text).tolist())

    def write(self, value: Values) -> str:
        """Return the numbers as text."""
        return values_to_text(np.array(value, dtype=np.float32))


@dataclass(frozen=True)
class PlaceRule:
    """A unit of the network as ``column.unit``, or a point as ``x1,x2``: two numbers."""

    label: str

    def parse(self, text: str) -> tuple[int, int]:
        """Return column and unit, both from 0."""
        column, _, unit = text.partition(".")
        place = int(column), int(unit)
        if not (0 <= place[0] <= MAX_LAYERS + 1 and 0 <= place[1] <= 16):
            raise ValueError("it is a column and a unit, such as 1.0")
        return place

    def write(self, value: tuple[int, int]) -> str:
        """Return column and unit with a dot between them."""
        return f"{value[0]}.{value[1]}"


@dataclass(frozen=True)
class OtherRule:
    """The second network: the settings in which it may differ, ``name~value|name~value``."""

    label: str
    kind: type

    def parse(self, text: str) -> Any:
        """Return the settings; what the text does not name has its usual value."""
        given = dict(part.partition("~")[::2] for part in text.split("|") if part)
        found: tuple[Any, list[str]] = from_address(self.kind, given)
        settings, problems = found
        if problems:
            raise ValueError(problems[0])
        return settings

    def write(self, value: Any) -> str:
        """Return the settings with bars between them."""
        named = rules(self.kind).items()
        return "|".join(f"{name}~{rule.write(getattr(value, name))}" for name, rule in named)
