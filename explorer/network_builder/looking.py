"""What is looked at: the selected unit, the unit under the pointer, the probe on the map."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from explorer.network_builder.points import extent

if TYPE_CHECKING:
    from explorer.network_builder.lesson import NetworkBuilder

Event = Mapping[str, Any]
Place = tuple[int, int]


class Looking:
    """Column and unit of what is selected and of what the pointer is on.

    Attributes:
        peek: The unit under the pointer, whose map is shown large, or None.
    """

    def __init__(self, lesson: NetworkBuilder) -> None:
        self.lesson = lesson
        self.peek: Place | None = None

    def actions(self) -> dict[str, Callable[[Event], None]]:
        """Return what each kind of gesture does."""
        return {
            "select": lambda event: self._select(int(event["column"]), int(event["unit"])),
            "hover": lambda event: self._hover(event.get("column"), event.get("unit")),
            "probe": lambda event: self._probe(float(event["x1"]), float(event["x2"])),
        }

    def _select(self, column: int, unit: int) -> None:
        self.lesson.settings = replace(self.lesson.settings, unit=(column, unit))

    def _hover(self, column: Any, unit: Any) -> None:
        self.peek = None if column is None else (int(column), int(unit))

    def _probe(self, x1: float, x2: float) -> None:
        if not (math.isfinite(x1) and math.isfinite(x2)):
            raise ValueError("a place has two finite numbers")
        reach = extent(self.lesson.settings)
        a, b = (round(max(-reach, min(reach, value)), 2) for value in (x1, x2))
        self.lesson.settings = replace(self.lesson.settings, probe=(a, b))

    def keep_inside(self) -> None:
        """Keep to units that there are after the network has changed."""
        side = self.lesson.side
        outputs = side.training.objective.outputs
        columns = [len(side.config.features), *(one.units for one in side.config.layers), outputs]
        if not _inside(self.lesson.settings.unit, columns):
            self._select(len(columns) - 1, 0)
        if self.peek is not None and not _inside(self.peek, columns):
            self.peek = None


def _inside(place: Place, columns: list[int]) -> bool:
    column, unit = place
    return 0 <= column < len(columns) and 0 <= unit < columns[column]
