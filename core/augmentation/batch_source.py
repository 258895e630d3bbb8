"""What is done to batches as Python source, out of the very functions that training calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from core.augmentation import batch_colour, batch_framing, batch_geometry, batchwise
from core.augmentation.batch_moves import OWN, Move
from core.augmentation.plain_source import definitions, with_needs

WIDTH = 88
_STACKED = "torch.stack([change(image) for image in images])"
_LISTED = "[change(image) for image in images]"


def lines_of(moves: Iterable[Move], indent: int = 4) -> str:
    """The moves as assignments to ``images``, for pictures (B, C, H, W).

    They call the functions that `functions_for` gives, and draw from ``generator``.
    """
    lines = [line for move in moves for line in _lines(move, WIDTH - indent)]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def functions_for(moves: Sequence[Move]) -> str:
    """The functions that the lines call, each behind those that it calls itself."""
    names = [OWN[move.name].__name__ for move in moves if move.way == "own"]
    if any(move.way != "single" and move.probability < 1 for move in moves):
        names.append(batchwise.some.__name__)
    return "\n\n".join(with_needs(names, _known()))


@cache
def _known() -> dict[str, str]:
    return definitions((batch_colour, batch_framing, batch_geometry, batchwise))


def _lines(move: Move, width: int) -> list[str]:
    sometimes = move.probability < 1
    if move.way == "own":
        name = OWN[move.name].__name__
        if not sometimes:
            return [*_values(move, width), f"images = {name}(images, values, generator)"]
        change = f"lambda part: {name}(part, values, generator)"
        return [
            *_values(move, width),
            "images = some(",
            f"    images, {move.probability!r}, generator, {change}",
            ")",
        ]
    made = move.call.lines(0, width - len("change = "))
    lines = [f"change = {made[0]}", *made[1:]]
    lines[-1] = lines[-1].removesuffix(",")
    if move.way == "single":
        return [*lines, f"images = {_LISTED if move.ragged else _STACKED}"]
    if sometimes:
        return [*lines, f"images = some(images, {move.probability!r}, generator, change)"]
    return [*lines, "images = change(images)"]


def _values(move: Move, width: int) -> list[str]:
    pairs = [f'"{name}": {_written(value)}' for name, value in move.values.items()]
    line = f"values = {{{', '.join(pairs)}}}"
    if len(line) <= width:
        return [line]
    return ["values = {", *(f"    {pair}," for pair in pairs), "}"]


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
