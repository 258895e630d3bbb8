"""How much of the disk may be filled by what visitors leave behind."""

from __future__ import annotations

import contextlib
from pathlib import Path

from core.errors import InputError

GIGABYTE = 1_000_000_000
MOST_SETS = 8 * GIGABYTE  # bytes of all data sets of visitors' own
MOST_WEIGHTS = 8 * GIGABYTE  # bytes of all backbones of visitors' own
MOST_RUNS = 3000  # run directories


def check_room(folder: Path, pattern: str, size: int, most: int, what: str) -> None:
    """See that there is room for one more file of visitors.

    Args:
        folder: Where such files lie; it may not exist yet.
        pattern: Which files count, such as "*.safetensors".
        size: Bytes of the new one.
        most: Bytes of all of them together.
        what: What they are, as it follows "This server keeps 8 GB of".

    Raises:
        InputError: There is none.
    """
    total = size
    for path in folder.glob(pattern):
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    if total > most:
        raise InputError(
            f"This server keeps {most / GIGABYTE:.0f} GB of {what}, and no more. Delete some of "
            "yours, or ask whoever runs the server to make room."
        )


def check_runs(root: Path, most: int = MOST_RUNS) -> None:
    """See that there is room for one more run.

    Raises:
        InputError: There are as many as may be.
    """
    count = sum(1 for path in root.iterdir() if path.is_dir()) if root.is_dir() else 0
    if count >= most:
        raise InputError(
            f"This server keeps {most:,} runs, and no more. Delete some of yours, or ask whoever "
            "runs the server to make room."
        )
