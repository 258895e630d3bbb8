"""Collections that nobody uses any more: which they are, and how they go."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

PICTURES = "pictures"
KEPT_DAYS = 30.0
SECOND_LOOK_S = 3600.0
MAX_ROOT = 4_000_000_000  # bytes of all collections together
_RUBBISH = ".deleted-"
_DAY = 86_400.0
_FOUND_OLD: dict[Path, float] = {}  # when a collection was first found too old, monotonic


def clean_up(root: Path, keep: Path | None = None, now: float | None = None) -> None:
    """Delete collections that nobody used for 30 days, and the oldest ones beyond 4 GB.

    What is found too old is deleted by a later call, an hour on at least.

    Args:
        root: The folder of all collections.
        keep: One that stays in any case.
        now: Seconds since 1970; None asks the clock.
    """
    aged = sorted(_folders(root), reverse=True)  # the newest first
    total, today = 0, time.time() if now is None else now
    for used, folder in aged:
        total += _size(folder / PICTURES)
        old = _long_old(folder, today - used > KEPT_DAYS * _DAY)
        if folder != keep and (old or total > MAX_ROOT):
            delete_folder(folder)
    for left in root.glob(f"{_RUBBISH}*"):
        shutil.rmtree(left, ignore_errors=True)


def _long_old(folder: Path, old: bool) -> bool:
    """Whether a collection was found too old before and is so still.

    A clock that runs wrong for some minutes, as after a start without network, must not cost
    anybody their pictures.
    """
    if not old:
        _FOUND_OLD.pop(folder, None)
        return False
    first = _FOUND_OLD.setdefault(folder, time.monotonic())
    return time.monotonic() - first >= SECOND_LOOK_S


def _folders(root: Path) -> Iterator[tuple[float, Path]]:
    """When each collection was used last, and where it is."""
    for path in files_in(root):
        if path.is_dir() and not path.name.startswith("."):
            with contextlib.suppress(OSError):
                yield path.stat().st_mtime, path


def files_in(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it cannot be read."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _size(folder: Path) -> int:
    total = 0
    for path in files_in(folder):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def delete_folder(folder: Path) -> None:
    """Delete a folder so that a kill leaves nothing that looks like a collection."""
    aside = folder.with_name(f"{_RUBBISH}{folder.name}")
    with contextlib.suppress(OSError):
        shutil.rmtree(aside, ignore_errors=True)
        folder.replace(aside)
        shutil.rmtree(aside, ignore_errors=True)
