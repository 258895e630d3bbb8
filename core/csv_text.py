"""From the bytes of a CSV file to its records: encoding, delimiter, quotes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from core.errors import InputError

MAX_BYTES = 2_000_000
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_DELIMITERS = "\t;,"
_SAMPLE = 50


def decoded(data: bytes | str, name: str) -> str:
    """The text of a file.

    Raises:
        InputError: Larger than 2 MB, empty, or no text at all.
    """
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise InputError(
            f"{name} has {size / 1e6:.1f} MB; the limit is "
            f"{MAX_BYTES / 1e6:.0f} MB. Keep only the columns and rows that are needed."
        )
    if isinstance(data, bytes) and data.startswith(b"PK\x03\x04"):
        raise InputError(
            "This is a workbook or a ZIP archive. Open it in a spreadsheet and save it as CSV."
        )
    text = data if isinstance(data, str) else _from_bytes(data)
    text = text.removeprefix("\ufeff")
    if _CONTROL.search(text):
        raise InputError(f"{name} is not a text file. Save the table as CSV.")
    if not text.strip(" \t\r\n,;"):
        raise InputError(f"{name} is empty. Give two columns of numbers.")
    return text


def _from_bytes(data: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, else UTF-8, else Latin-1, which takes every byte."""
    encodings = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    for encoding in (*encodings, "utf-8"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def records(text: str) -> tuple[str, list[tuple[int, tuple[str, ...]]]]:
    """The delimiter, and the rows with their numbers from 1; blank rows only count.

    Raises:
        InputError: A row that cannot be read.
    """
    delimiter = _delimiter(text)
    rows: list[tuple[int, tuple[str, ...]]] = []
    number = 0
    reader = _reader(text, delimiter)
    while True:
        number += 1
        try:
            # Python need not look after tuples of texts: half a million lists take twice as long.
            row = tuple(next(reader))
        except StopIteration:
            break
        except csv.Error:
            raise InputError(
                f"Row {number} cannot be read: look for a quotation mark that is not closed.",
                row=number,
            ) from None
        if any(map(str.strip, row)):
            rows.append((number, row))
    if not rows:
        raise InputError("No row has anything in it. Give two columns of numbers.")
    return delimiter, rows


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter(text: str) -> str:
    """The delimiter that cuts the most rows into one and the same number of cells, above 1.

    On a tie the tab goes before the semicolon and that before the comma, which may be
    the decimal sign.
    """
    return max(_DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    """The share of the first rows that have the most common number of cells, 0 if that is 1."""
    try:
        rows = [row for row in islice(_reader(text, delimiter), _SAMPLE) if any(row)]
    except csv.Error:
        return 0.0
    if not rows:
        return 0.0
    cells, count = Counter(map(len, rows)).most_common(1)[0]
    return count / len(rows) if cells > 1 else 0.0
