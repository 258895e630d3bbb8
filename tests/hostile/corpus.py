"""Write the corpus of bad files into a folder: ``python -m tests.hostile.corpus FOLDER``."""

import sys
from pathlib import Path

from .archives import archives
from .models import models
from .pictures import pictures
from .tables import tables

CANARY = "canary"  # the folder that a pickle makes when somebody loads it


def corpus(canary):
    """All files, by kind and name."""
    return {
        "pictures": pictures(),
        "archives": archives(),
        "tables": tables(),
        "models": models(canary),
    }


def write(folder):
    """Write all files; returns how many there are and how many bytes they have."""
    count = size = 0
    for kind, files in corpus(folder / CANARY).items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / kind / name).write_bytes(data)
            count, size = count + 1, size + len(data)
    return count, size


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.hostile.corpus FOLDER")
    count, size = write(Path(sys.argv[1]))
    sys.stdout.write(f"{count} files, {size / 1e6:.1f} MB in {sys.argv[1]}\n")
