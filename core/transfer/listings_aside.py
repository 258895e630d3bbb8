"""Collections that made room for another one of the same person: kept, to be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import InputError
from core.runs.sealed import read_sealed, sealed, write_whole

NAME = "aside.json"
MOST = 5  # the oldest goes first


def listings_aside(folder: Path) -> list[Any]:
    """The listings that were put aside, the newest last; none where they cannot be read."""
    try:
        kept = read_sealed(folder / NAME).get("kept")
    except InputError:
        return []
    return kept if isinstance(kept, list) else []


def put_listing_aside(folder: Path, labels: Any) -> None:
    """Keep a listing; the same one is kept once.

    Raises:
        OSError: The disk is full, for instance.
    """
    kept = [one for one in listings_aside(folder) if one != labels]
    _write(folder, [*kept, labels][-MOST:])


def take_listing_back(folder: Path, labels: Any) -> None:
    """Keep a listing aside no longer, because it is in use again.

    Raises:
        OSError: The disk is full, for instance.
    """
    _write(folder, [one for one in listings_aside(folder) if one != labels])


def _write(folder: Path, kept: list[Any]) -> None:
    write_whole(folder / NAME, sealed({"kept": kept}), durable=True)
