"""The table of the layer editor: shape, parameters and work of every layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import InputError
from core.vision.shapes import (
    Shape,
    left_out,
    multiply_adds,
    output_shape,
    parameters,
    projection_stride,
    shown,
)
from core.vision.specs import Activation, LayerSpec, Skip, Spec
from core.vision.text import write_layer

MAX_PARAMETERS = 20_000_000


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network in the table of the editor.

    Attributes:
        name: Its name in the model: "conv1", "relu2", "skip1.conv1" inside of a skip connection.
        text: As `core.vision.text` writes it; of a skip connection the word only.
        depth: In how many skip connections it lies.
        output: The shape behind it, (C, H, W) or (D,); None behind an impossible layer.
        parameters: How many numbers it learns; None if unknown.
        formula: How they are counted, such as "(3×3×1 + 1)×32 = 320"; empty if there are none.
        multiply_adds: For one picture; None if unknown.
        problem: What is impossible here and what to do, else None.
        note: What is possible but worth knowing, else None.
    """

    name: str
    text: str
    depth: int
    output: Shape | None
    parameters: int | None
    formula: str
    multiply_adds: int | None
    problem: str | None = None
    note: str | None = None


def trace(spec: Spec, input_shape: Shape) -> list[LayerRow]:
    """What becomes of a picture, layer by layer, without building anything.

    The row of a skip connection stands before the rows of its layers; its parameters are those
    of its projection, so that a column adds up to the network. At the first impossible layer
    the row has a `problem`, and everything behind it is unknown.

    Args:
        spec: The network; `core.vision.specs.completed` gives it its outputs.
        input_shape: Channels, height and width of a picture.
    """
    tracer = _Tracer()
    rows, _ = tracer.rows(spec, input_shape, "", 0)
    return rows


def totals(rows: list[LayerRow]) -> tuple[int, int] | None:
    """Parameters and multiply-adds of the network; None if a layer is impossible."""
    if any(row.output is None for row in rows):
        return None
    return (
        sum(row.parameters or 0 for row in rows),
        sum(row.multiply_adds or 0 for row in rows),
    )


def first_problem(rows: list[LayerRow]) -> str | None:
    """The sentence of the impossible layer with its name, or None if all can be built."""
    return next((f"{row.name}: {row.problem}" for row in rows if row.problem), None)


def named(spec: Spec) -> Iterator[tuple[str, LayerSpec]]:
    """The layers with their names: a word and a number that counts the layers of that word."""
    seen: Counter[str] = Counter()
    for layer in spec:
        word = layer_word(layer)
        seen[word] += 1
        yield f"{word}{seen[word]}", layer


def layer_word(layer: LayerSpec) -> str:
    """The word for a kind of layer, as in the text of a network."""
    if isinstance(layer, Activation):
        return layer.name
    return "skip" if isinstance(layer, Skip) else write_layer(layer).split()[0]


class _Tracer:
    """Goes through a network; after a problem it only names the layers."""

    def __init__(self) -> None:
        self.parameters = 0

    def rows(
        self, spec: Spec, shape: Shape | None, prefix: str, depth: int
    ) -> tuple[list[LayerRow], Shape | None]:
        """The rows of some layers in a row, and the shape behind them."""
        found: list[LayerRow] = []
        for name, layer in named(spec):
            rows = self._layer(layer, shape, prefix + name, depth)
            found += rows
            shape = rows[0].output
        return found, shape

    def _layer(
        self, layer: LayerSpec, shape: Shape | None, name: str, depth: int
    ) -> list[LayerRow]:
        if not isinstance(layer, Skip):
            return [self._row(layer, shape, None, name, depth)]
        inner, after = self.rows(layer.layers, shape, f"{name}.", depth + 1)
        if after is None:
            return [_unknown(layer, name, depth), *inner]
        return [self._row(layer, shape, after, name, depth), *inner]

    def _row(
        self, layer: LayerSpec, shape: Shape | None, after: Shape | None, name: str, depth: int
    ) -> LayerRow:
        """The row of one layer; `after` is what the layers of a skip connection give."""
        if shape is None:
            return _unknown(layer, name, depth)
        try:
            if after is None:
                after = output_shape(layer, shape)
            else:
                projection_stride(shape, after)
            count, formula = parameters(layer, shape, after)
            self._add(count)
        except InputError as error:
            return _unknown(layer, name, depth, str(error))
        work = multiply_adds(layer, shape, after)
        note = _note(layer, shape)
        return LayerRow(name, _text(layer), depth, after, count, formula, work, note=note)

    def _add(self, count: int) -> None:
        self.parameters += count
        if self.parameters > MAX_PARAMETERS:
            raise InputError(
                f"With this layer the network has {self.parameters:,} parameters, and "
                f"{MAX_PARAMETERS:,} is the limit: pool before it, or give it fewer outputs."
            )


def _unknown(layer: LayerSpec, name: str, depth: int, problem: str | None = None) -> LayerRow:
    return LayerRow(name, _text(layer), depth, None, None, "", None, problem)


def _text(layer: LayerSpec) -> str:
    return "skip" if isinstance(layer, Skip) else write_layer(layer)


def _note(layer: LayerSpec, shape: Shape) -> str | None:
    missed = left_out(layer, shape)
    if not missed:
        return None
    rows = "row and column" if missed == 1 else f"{missed} rows and columns"
    return f"Its windows do not fill {shown(shape[1:])}: the last {rows} are left out."
