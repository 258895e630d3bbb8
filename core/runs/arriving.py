"""A finished run that comes with the explorer is copied into the folder of runs."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from core.runs.directory import RUBBISH


def arrive(source: Path, root: Path) -> None:
    """Copy a run directory into a folder of runs, whole or not at all.

    Args:
        source: The run directory; its name is the name of the run.
        root: The folder of runs. Nothing happens if it has a run of this name.

    Raises:
        OSError: The source is missing, or the disk is full.
    """
    # Under a name by which the next start of the server removes what a kill has left.
    part = root / f"{RUBBISH}{source.name}-{secrets.token_hex(3)}"
    try:
        shutil.copytree(source, part)
        if not (root / source.name).exists():
            part.rename(root / source.name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
