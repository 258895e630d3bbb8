"""Edits by hand: weights, units, layers and points, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.activations.expression import ExpressionError, parse
from core.errors import InputError
from core.networks.config import MAX_LAYERS, MAX_UNITS, LayerConfig
from core.networks.features import FEATURES, check_features
from core.networks.optimizers import OPTIMIZERS
from core.networks.units import TYPED
from explorer.network_builder.points import (
    as_points,
    class_count,
    erased,
    owned,
    painted,
    places_of,
)
from explorer.network_builder.settings import OWN, Settings

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

Event = Mapping[str, Any]
MOST_PLACES = 200
READ: dict[str, Callable[[Any], Any]] = {
    "units": int,
    "activation": str,
    "dropout": float,
    "batch_norm": bool,
}


class Edits:
    """The gestures on diagram and map of one lesson.

    Attributes:
        cleared: Whether the points were wiped out and none is painted yet.
        expression: What "own" stands for in the list of activations.
    """

    def __init__(self, lesson: NetworkBuilder) -> None:
        self.lesson = lesson
        self.cleared = False
        self._stroke: object = None
        self.expression = "max(0.1*x, x) + 0.2*sin(3*x)"
        self._offered: str | None = None

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "weight": lambda e: self._weight(
                int(e["layer"]), int(e["to"]), int(e["source"]), float(e["value"])
            ),
            "bias": lambda e: self._bias(int(e["layer"]), int(e["to"]), float(e["value"])),
            "undo": lambda _: self._undo(),
            "feature": lambda e: self._feature(str(e["name"])),
            "units": lambda e: self._layer(int(e["layer"]), {"units": int(e["count"])}),
            "insert_layer": lambda e: self._insert(int(e["position"])),
            "remove_layer": lambda e: self._remove(int(e["position"])),
            "layer": lambda e: self._layer(int(e["position"]), e["changes"]),
            "paint": self._paint,
            "erase": self._erase,
            "clear": lambda _: self._clear(),
            "import": lambda _: setattr(self.lesson, "wants_import", True),
        }

    # -- weights, units, layers --------------------------------------------------------

    def _weight(self, layer: int, to: int, source: int, value: float) -> None:
        self.lesson.notice = None
        self.lesson.side.edit("set_weight", layer, to, source, value)

    def _bias(self, layer: int, to: int, value: float) -> None:
        self.lesson.notice = None
        self.lesson.side.edit("set_bias", layer, to, value)

    def _undo(self) -> None:
        lesson, side = self.lesson, self.lesson.side
        if self.cleared:
            self.cleared = False
            if self._stroke is None:  # Else the eraser took points before it took the last ones.
                lesson.notice = "The points are back."
                return
        if not side.training.undo():
            raise InputError("There is nothing to undo.")
        side.told = False
        tag: Any = side.training.tag
        was, lesson.names = tag
        data = {
            name: getattr(was, name)
            for name in ("data", "points", "noise", "share", "classes", "own")
        }
        lesson.settings = replace(lesson.settings, **data)
        run = side.training
        for other in lesson.sides:
            if other is not side and other.training.training is not run.training:
                other.use_data(run.training, run.validation)
                other.training.tag = run.tag
        lesson.notice = "The last edit is taken back, and what was learnt since."

    def _feature(self, name: str) -> None:
        now = self.lesson.side.config.features
        check_features((name,))
        chosen = set(now) ^ {name}
        if not chosen:
            raise InputError("One input stays: choose another one first.")
        features = tuple(one for one in FEATURES if one in chosen)
        self.lesson.reconfigure(features=features)

    def _layers(self) -> list[LayerConfig]:
        return list(self.lesson.side.config.layers)

    def typed(self, layers: tuple[LayerConfig, ...]) -> str:
        """Return what "own" stands for in a network: what its first such layer has."""
        for layer in layers:
            if layer.activation.startswith(TYPED):
                return layer.activation.removeprefix(TYPED)
        return self.expression

    def _layer(self, position: int, changes: Mapping[str, Any]) -> None:
        layers = self._layers()
        self._check(position, layers)
        changes = dict(changes)
        wanted = {name: read(changes[name]) for name, read in READ.items() if name in changes}
        if "batchNorm" in changes:
            wanted["batch_norm"] = bool(changes["batchNorm"])
        if wanted.get("activation") == OWN:
            wanted["activation"] = TYPED + self.typed(self.lesson.side.config.layers)
        if "expression" in changes:
            self.type(str(changes["expression"]))
            wanted["activation"] = TYPED + self.expression
        layers[position] = replace(layers[position], **wanted)
        self.lesson.reconfigure(layers=tuple(layers))

    def offer(self, expression: str | None) -> None:
        """Offer a function that was typed on another page; each one once."""
        if expression is not None and expression != self._offered:
            self.expression = self._offered = expression

    def _check(self, position: int, layers: list[LayerConfig]) -> None:
        if not 0 <= position < len(layers):
            raise InputError(f"There is no hidden layer {position + 1}.")

    def type(self, text: str) -> None:
        """Take a function of x for the layers that ask for one's own.

        Raises:
            InputError: It cannot be read.
        """
        try:
            parse(text)
        except ExpressionError as error:
            place = "" if error.position is None else f" (at character {error.position + 1})"
            raise InputError(f"Your own function: {error}{place}") from error
        self.expression = text

    def _insert(self, position: int) -> None:
        layers = self._layers()
        if len(layers) >= MAX_LAYERS:
            raise InputError(f"A network has at most {MAX_LAYERS} hidden layers here.")
        position = max(0, min(position, len(layers)))
        like = layers[max(0, position - 1)] if layers else LayerConfig(4)
        units = min(MAX_UNITS, max(2, like.units))
        layers.insert(position, LayerConfig(units, like.activation))
        self.lesson.reconfigure(layers=tuple(layers))

    def _remove(self, position: int) -> None:
        layers = self._layers()
        self._check(position, layers)
        del layers[position]
        self.lesson.reconfigure(layers=tuple(layers))

    def swap_activation(self) -> str:
        """Make the active network differ from the other one; returns what it does in words."""
        layers = self._layers()
        if not layers:
            name = "adam" if self.lesson.side.config.optimizer == "sgd" else "sgd"
            self.lesson.reconfigure(optimizer=name)
            return f"learns with {OPTIMIZERS[name].label}."
        other = "tanh" if layers[0].activation == "relu" else "relu"
        changed = tuple(replace(layer, activation=other) for layer in layers)
        # Weights that start anew and alike: a comparison begins at the same epoch.
        self.lesson.reconfigure(layers=changed)
        self.lesson.side.rewind()
        return f"has {'ReLU' if other == 'relu' else 'tanh'} in its hidden layers."

    # -- points ------------------------------------------------------------------------

    def with_points(self, settings: Settings) -> Settings:
        """Return the settings, with the points on screen as own ones where none are kept."""
        if settings.data == OWN and not settings.own:
            return owned(settings, self._points())
        return settings

    def _points(self) -> tuple[tuple[float, float, int], ...]:
        lesson = self.lesson
        if self.cleared:
            return ()
        if lesson.settings.data == OWN and lesson.settings.own:
            return lesson.settings.own
        run = lesson.sides[0].training
        return as_points(run.training, run.validation)

    def _paint(self, event: Event) -> None:
        kind, settings = int(event["kind"]), self.lesson.settings
        places = places_of(event["places"], MOST_PLACES)
        if not 0 <= kind < 6:
            raise InputError("There are six classes to paint with.")
        scattered = bool(event.get("scattered"))
        points = painted(self._points(), places, kind, settings.seed, scattered)
        classes = max(class_count(settings), kind + 1, 2)
        self._stroke = event.get("stroke")
        self.lesson.use(owned(replace(settings, classes=classes), points), self._stroke)

    def _erase(self, event: Event) -> None:
        before, stroke = self._points(), event.get("stroke")
        points = erased(before, places_of(event["places"], MOST_PLACES))
        if not points:
            same = stroke if stroke == self._stroke else None
            self._clear()
            self._stroke = same
        elif len(points) < len(before):
            self._stroke = stroke
            classes = class_count(self.lesson.settings)
            settings = replace(self.lesson.settings, classes=classes)
            self.lesson.use(owned(settings, points), stroke)

    def _clear(self) -> None:
        self.cleared, self._stroke = True, None
        self.lesson.notice = "Empty: paint points of two classes or more, then press play."
