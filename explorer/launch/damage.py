"""Packages that an interrupted installation left half written."""

import csv
import shutil
from pathlib import Path


def remove_damaged(packages: Path) -> list[str]:
    """Forget the packages that are not complete, so that pip installs them again.

    pip takes a package for installed as soon as its metadata are there. A package is
    complete when every file that its record lists is there in its full length.

    Args:
        packages: The folder of the packages.

    Returns:
        The names of the metadata folders that were removed.
    """
    damaged = [info for info in packages.glob("*.dist-info") if not complete(packages, info)]
    for info in damaged:
        shutil.rmtree(info)
    return sorted(info.name for info in damaged)


def complete(packages: Path, info: Path) -> bool:
    """Tell whether a package is there with all its files.

    Args:
        packages: The folder of the packages.
        info: The package's folder of metadata.

    Returns:
        True if it is.
    """
    try:
        with (info / "RECORD").open(encoding="utf-8", newline="") as record:
            rows = [row for row in csv.reader(record) if len(row) == 3 and row[2]]
        sizes = {row[0]: int(row[2]) for row in rows}
        present = all((packages / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, csv.Error):
        return False
    return present and (info / "INSTALLER").exists()
