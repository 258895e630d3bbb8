"""Points from a table that a person has saved somewhere: CSV in its many dialects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.csv_text import decoded, records
from core.errors import InputError
from core.regression.points import MAX_POINTS, MAX_VALUE, MIN_POINTS, Points

MAX_COLUMNS = 100
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]*,[0-9]+(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_T = TypeVar("_T")
Rows = list[tuple[int, tuple[str, ...]]]  # the number of each row, and its cells


@dataclass(frozen=True)
class Table:
    """A table as it was read, every cell still a text.

    Attributes:
        columns: The names, all different, in the order of the file.
        rows: The cells below the header, each row as long as `columns`. No blank rows.
        row_numbers: The number of each row as a spreadsheet counts: the header is row 1.
        decimal_comma: True if 1,5 stands for one and a half.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    decimal_comma: bool = False

    def numeric_columns(self) -> tuple[str, ...]:
        """The columns to offer: more than half of their cells are finite numbers.

        A column with a few mistakes is offered too, so that `to_points` can name them.
        Long tables are judged by the rows that `to_points` would take.
        """
        rows = _spread(self.rows)
        return tuple(
            name
            for at, name in enumerate(self.columns)
            if 2 * sum(_value(row[at], self.decimal_comma) is not None for row in rows) > len(rows)
        )


def read_table(data: bytes | str, *, name: str = "") -> Table:
    """Read a CSV file, or text pasted from a spreadsheet.

    Columns may be separated by commas, semicolons or tabs; with the latter two a decimal
    comma is understood. UTF-8, UTF-16 with its mark, and Latin-1. The first row is the
    header if it has no number in it.

    Args:
        data: The file or the text, at most 2 MB.
        name: The name of the file, for messages.

    Raises:
        InputError: Nothing else. It says what is wrong and in which row.
    """
    text = decoded(data, name or "The file")
    delimiter, numbered = records(text)
    rows = _squared(numbered)
    columns, rows = _header_split(rows)
    if not rows:
        raise InputError("There is a header but no row below it. Add at least two rows of numbers.")
    cells = tuple(row for _, row in rows)
    comma = delimiter != "," and _has_decimal_comma(cells)
    return Table(columns, cells, tuple(number for number, _ in rows), comma)


def to_points(table: Table, x_column: str, y_column: str) -> tuple[Points, str | None]:
    """The points of two columns.

    Args:
        table: From `read_table`.
        x_column: The column for x, one of `table.columns`.
        y_column: The column for y, another one.

    Returns:
        The points, and a sentence to show if not all rows could be taken, else None.

    Raises:
        InputError: Nothing else. It names the row and the cell that is no usable number.
    """
    at = [_position(table, column) for column in (x_column, y_column)]
    if at[0] == at[1]:
        raise InputError("Choose two different columns, one for x and one for y.")
    if len(table.rows) < MIN_POINTS:
        raise InputError("Two points are the least a line needs. Add another row of numbers.")
    rows = _spread(tuple(zip(table.row_numbers, table.rows, strict=True)))
    x, y = ([_read(table, number, row, column) for number, row in rows] for column in at)
    if min(x) == max(x):
        raise InputError(
            f'All {len(x)} values in column "{x_column}" are {_shown(rows[0][1][at[0]])}, so no '
            "slope can be found. Choose another column for x."
        )
    notice = None
    if len(rows) < len(table.rows):
        notice = f"Of {len(table.rows):,} rows {len(rows)} are used, spread evenly over the table."
    return Points(np.array(x), np.array(y)), notice


def _spread(rows: Sequence[_T]) -> Sequence[_T]:
    """All rows, or as many as there may be points, evenly spread from first to last."""
    if len(rows) <= MAX_POINTS:
        return rows
    return [rows[at] for at in np.linspace(0, len(rows) - 1, MAX_POINTS).round().astype(int)]


def _position(table: Table, column: str) -> int:
    if column not in table.columns:
        raise InputError(f'There is no column "{_shown(column)}" in this table.')
    return table.columns.index(column)


def _plain(cell: str) -> str:
    return cell.strip().replace("−", "-")


def _value(cell: str, decimal_comma: bool) -> float | None:
    """The number in a cell, or None; beyond the range of a float it is infinite."""
    text = _plain(cell)
    if decimal_comma and _COMMA_NUMBER.fullmatch(text):
        text = text.replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def _read(table: Table, number: int, row: tuple[str, ...], at: int) -> float:
    """The number in a cell, or an error that names the cell."""
    cell, column = row[at], table.columns[at]
    value = _value(cell, table.decimal_comma)
    if value is None:
        if not cell.strip():
            problem = f'the cell in column "{column}" is empty. Fill it in or delete the row.'
        elif _NOT_FINITE.fullmatch(_plain(cell)):
            problem = f'"{_shown(cell)}" in column "{column}" is no finite number. '
            problem += "Correct it or delete the row."
        else:
            problem = f'"{_shown(cell)}" in column "{column}" is not a number. '
            problem += "Correct it or choose another column."
        raise InputError(f"Row {number}: {problem}", row=number)
    if abs(value) > MAX_VALUE:
        problem = f'"{_shown(cell)}" in column "{column}" is beyond ±{MAX_VALUE:,.0f}. '
        problem += "Use a larger unit, such as thousands."
        raise InputError(f"Row {number}: {problem}", row=number)
    return value


def _shown(text: str, limit: int = 30) -> str:
    """A cell as a message quotes it: on one line and not too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _squared(rows: Rows) -> Rows:
    """All rows cut to one length, without the empty cells that trailing delimiters make."""
    first, head = rows[0]
    for number, row in rows:
        if len(row) > len(head) and any(cell.strip() for cell in row[len(head) :]):
            raise InputError(
                f"Row {number} has {len(row)} cells, but row {first} has {len(head)}. "
                "Every row needs the same number.",
                row=number,
            )
    used = max(_used(row) for _, row in rows)
    if used > MAX_COLUMNS:
        raise InputError(f"The table has {used:,} columns; the limit is {MAX_COLUMNS}.")
    if used < 2:
        raise InputError(
            "Only one column was found. A line needs two columns of numbers, separated by a "
            "comma, a semicolon or a tab."
        )
    for number, row in rows:
        if len(row) < used:
            raise InputError(
                f"Row {number} has {len(row)} {'cell' if len(row) == 1 else 'cells'}, but {used} "
                "are needed. Fill in what is missing or delete the row.",
                row=number,
            )
    return [(number, row[:used]) for number, row in rows]


def _used(row: tuple[str, ...]) -> int:
    """The length of a row without the empty cells at its end."""
    if row[-1].strip():
        return len(row)
    return max((at + 1 for at, cell in enumerate(row) if cell.strip()), default=0)


def _header_split(rows: Rows) -> tuple[tuple[str, ...], Rows]:
    """The names of the columns, and the rows below them."""
    head = rows[0][1]
    if any(_value(cell, True) is not None or _NOT_FINITE.fullmatch(_plain(cell)) for cell in head):
        return tuple(f"column {at + 1}" for at in range(len(head))), rows
    names: list[str] = []
    for at, cell in enumerate(head):
        name = _shown(cell, 60) or f"column {at + 1}"
        copies = 2
        unique = name
        while unique in names:
            unique, copies = f"{name} ({copies})", copies + 1
        names.append(unique)
    return tuple(names), rows[1:]


def _has_decimal_comma(rows: tuple[tuple[str, ...], ...]) -> bool:
    """True if commas are used as decimal points: some number has one, and none has a point."""
    cells = [_plain(cell) for row in rows for cell in row if "," in cell or "." in cell]
    points = any("." in cell and _NUMBER.fullmatch(cell) for cell in cells)
    return not points and any(_COMMA_NUMBER.fullmatch(cell) for cell in cells)
