"""Points with classes from a table that a person has saved somewhere."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from core.csv_points import Table
from core.errors import InputError
from core.networks.plane import LIMIT, MAX_CLASSES, MAX_POINTS, PlaneData

LARGEST = 1e100
FILLED = 5.0  # data on another scale are brought to −5 … 5


def to_plane(
    table: Table, x1_column: str, x2_column: str, class_column: str
) -> tuple[PlaneData, tuple[str, ...], str | None]:
    """The points of two columns with the classes of a third.

    Numbers beyond −6 … 6 are brought to −5 … 5, each column for itself.

    Args:
        table: From `core.csv_points.read_table`.
        x1_column: The column for x₁.
        x2_column: The column for x₂.
        class_column: The column with the classes; numbers or words, 2 to 6 different ones.

    Returns:
        The points; the names of the classes in their order; and a sentence to show if
        columns were scaled or rows left out, else None.

    Raises:
        InputError: It names the column, or the row and the cell that is no number.
    """
    at = [_position(table, column) for column in (x1_column, x2_column, class_column)]
    if len(set(at)) < 3:
        raise InputError("Choose three different columns: x₁, x₂ and the class.")
    kept = np.linspace(0, len(table.rows) - 1, min(len(table.rows), MAX_POINTS)).round()
    rows = [(table.row_numbers[i], table.rows[i]) for i in kept.astype(int).tolist()]
    names = _class_names([row[at[2]].strip() for _, row in rows], class_column)
    y = np.array([names.index(row[at[2]].strip()) for _, row in rows], dtype=np.int64)
    columns = [
        np.array([_number(table, number, row[column]) for number, row in rows]) for column in at[:2]
    ]
    said = []
    if len(rows) < len(table.rows):
        said.append(f"Of {len(table.rows):,} rows {len(rows)} are used, spread evenly.")
    if max(np.abs(column).max() for column in columns) > LIMIT:
        columns = [_scaled(column) for column in columns]
        said.append(f"Both columns were scaled to −{FILLED:g} … {FILLED:g}.")
    x = np.stack(columns, axis=1).astype(np.float32)
    return PlaneData(x, y, len(names)), names, " ".join(said) or None


def _position(table: Table, column: str) -> int:
    if column not in table.columns:
        raise InputError(f'There is no column "{column}".')
    return table.columns.index(column)


def _class_names(cells: list[str], column: str) -> tuple[str, ...]:
    names = sorted(Counter(cells), key=lambda name: (not name.isdecimal(), len(name), name))
    if not 2 <= len(names) <= MAX_CLASSES:
        raise InputError(
            f'Column "{column}" has {len(names)} different classes; choose one with 2 to '
            f"{MAX_CLASSES}."
        )
    return tuple(names)


def _number(table: Table, number: int, cell: str) -> float:
    text = cell.strip().replace("\N{MINUS SIGN}", "-")
    try:
        value = float(text.replace(",", ".") if table.decimal_comma else text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f'Row {number}: "{cell.strip()[:30]}" is no number.', row=number)
    if abs(value) > LARGEST:
        raise InputError(
            f'Row {number}: "{cell.strip()[:30]}" is too large. Use a larger unit.', row=number
        )
    return value


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    middle, half = (values.max() + values.min()) / 2, (values.max() - values.min()) / 2
    return np.asarray((values - middle) / (half or 1.0) * FILLED)
