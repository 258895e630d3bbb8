"""Sign Language MNIST, and other 28×28 pictures, from a table with one picture in each row."""

from __future__ import annotations

import gzip
import io
import re
import string
import zlib

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import InputError
from core.images.image_set import ImageSet

SIDE = 28
PIXELS = SIDE * SIDE
MAX_BYTES = 120_000_000  # its training file has 83 MB
MAX_CLASSES = 100
LABEL_COLUMNS = ("label", "class")
_PIXEL = re.compile(r"pixel[ _]?([0-9]{1,3})")
_J = 9  # J and Z are movements, so the set has no pictures of them
_Lines = list[tuple[int, str]]


def read_sign_csv(
    data: bytes, name: str = "Sign Language MNIST", classes: tuple[str, ...] | None = None
) -> ImageSet:
    """Read a file with a header such as ``label,pixel1,…,pixel784``, columns in any order.

    Labels from 0 to 24 without 9 are taken for the letters A to Y without J, as in Sign
    Language MNIST; other labels, numbers or words, name the classes themselves.

    Args:
        data: The file, at most 120 MB, packed with gzip or not. Commas, semicolons or tabs.
        name: What the set is called.
        classes: The classes to number the labels by, so that a test file agrees with the
            training file; None takes those that occur.

    Returns:
        Grey pictures of 28×28 pixels, in the order of the rows.

    Raises:
        InputError: Nothing else. It names the row, counted with the header as row 1.
    """
    lines = _lines(data)
    delimiter = max(",;\t", key=lines[0][1].count)
    label_at, pixels_at = _columns(lines[0][1], delimiter)
    rows = lines[1:]
    if not rows:
        raise InputError("There is a header but no picture below it.")
    _check_lengths(lines, delimiter)
    images = _pixels(rows, delimiter, pixels_at)
    labels, known = _classes([_cell(line, delimiter, label_at) for _, line in rows], classes)
    for (number, line), label in zip(rows, labels, strict=True):
        if label < 0:
            cell = _shown(_cell(line, delimiter, label_at))
            raise InputError(
                f"Row {number} has {cell} as its label, which is none of the classes "
                f"{', '.join(known)}.",
                row=number,
            )
    pictures = torch.from_numpy(images).reshape(-1, 1, SIDE, SIDE)
    return ImageSet(pictures, torch.tensor(labels), known, name)


def _lines(data: bytes) -> _Lines:
    """The rows that are not blank, with their numbers from 1."""
    data = _unpacked(data)
    if len(data) > MAX_BYTES:
        raise InputError(f"The table is larger than {MAX_BYTES / 1e6:.0f} MB. Keep fewer rows.")
    if b"\0" in data:
        raise InputError("This is not a text file. Save the table as CSV in UTF-8.")
    text = data.decode("utf-8-sig", errors="replace")
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip(" ,;\t")]
    if not lines:
        raise InputError("The file is empty. Give a header and one row for each picture.")
    return lines


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise InputError("The packed file is damaged. Unpack it and choose the table.") from None


def _columns(header: str, delimiter: str) -> tuple[int, list[int]]:
    """Where the label is, and where the pixels are from the upper left one on."""
    names = [cell.strip(" \"'").lower() for cell in header.split(delimiter)]
    labels = [at for at, name in enumerate(names) if name in LABEL_COLUMNS]
    if len(labels) != 1:
        raise InputError(
            "The first row has to name the columns: one called label (or class), then pixel1 to "
            f"pixel{PIXELS}.",
            row=1,
        )
    numbered = [
        (int(match[1]), at) for at, name in enumerate(names) if (match := _PIXEL.fullmatch(name))
    ]
    numbers = sorted(number for number, _ in numbered)
    if numbers not in (list(range(1, PIXELS + 1)), list(range(PIXELS))):
        raise InputError(
            f"A picture of {SIDE}×{SIDE} needs the {PIXELS} columns pixel1 to pixel{PIXELS}, each "
            f"once; {len(numbers)} were found.",
            row=1,
        )
    return labels[0], [at for _, at in sorted(numbered)]


def _check_lengths(lines: _Lines, delimiter: str) -> None:
    wanted = lines[0][1].count(delimiter)
    for number, line in lines[1:]:
        if (cells := line.count(delimiter)) != wanted:
            raise InputError(
                f"Row {number} has {cells + 1} cells instead of {wanted + 1}. Mend or delete it.",
                row=number,
            )


def _pixels(rows: _Lines, delimiter: str, columns: list[int]) -> NDArray[np.uint8]:
    """All pixels, shape (N, 784)."""
    try:
        values = np.loadtxt(
            [line for _, line in rows],
            dtype=np.float32,
            delimiter=delimiter,
            usecols=columns,
            quotechar='"',
            comments=None,
            ndmin=2,
        )
    except ValueError:
        raise _bad_pixel(rows, delimiter, columns) from None
    usable = (values >= 0) & (values <= 255) & (values == np.floor(values))  # NaN is refused too
    if not usable.all():
        raise _bad_pixel(rows, delimiter, columns)
    return values.astype(np.uint8)


def _bad_pixel(rows: _Lines, delimiter: str, columns: list[int]) -> InputError:
    """Look for the first cell that is no pixel, slowly."""
    for number, line in rows:
        cells = line.split(delimiter)
        for pixel, at in enumerate(columns, 1):
            if not _is_byte(cells[at].strip(' "')):
                return InputError(
                    f"Row {number} has {_shown(cells[at])} as its pixel {pixel}, not a whole "
                    "number from 0 to 255.",
                    row=number,
                )
    return InputError("A row cannot be read: look for a quotation mark that is not closed.")


def _is_byte(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return value.is_integer() and 0 <= value <= 255


def _cell(line: str, delimiter: str, at: int) -> str:
    return line.split(delimiter, at + 1)[at].strip(" \"'")


def _classes(
    cells: list[str], classes: tuple[str, ...] | None
) -> tuple[list[int], tuple[str, ...]]:
    """The number of each label's class, −1 where it is none, and the names of the classes."""
    kinds = set(cells)
    letters = all(_is_number(kind) and int(kind) < 25 and int(kind) != _J for kind in kinds)
    names = {kind: string.ascii_uppercase[int(kind)] if letters else kind for kind in kinds}
    if classes is None:
        classes = tuple(sorted(set(names.values()) - {""}, key=_natural))
        if not 2 <= len(classes) <= MAX_CLASSES:
            raise InputError(
                f"The labels name {len(classes)} different classes; 2 to {MAX_CLASSES} are needed."
            )
    numbers = {kind: classes.index(name) if name in classes else -1 for kind, name in names.items()}
    return [numbers[cell] for cell in cells], classes


def _natural(name: str) -> tuple[bool, int, str]:
    """Numbers by their value and before words."""
    number = _is_number(name)
    return (not number, int(name) if number else 0, name)


def _is_number(text: str) -> bool:
    """Whether a label is a number; one with more than nine digits is a name."""
    return text.isdecimal() and len(text) < 10


def _shown(cell: str) -> str:
    text = cell.strip()[:20]
    return f'"{text}"' if text else "nothing"
