"""What a run is to do, as it was handed in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from core.errors import InputError
from core.runs.sealed import missing, read_sealed, sealed, write_whole
from core.training.config import TrainingConfig

NAME = "spec.json"
LONGEST_NAME = 80


@dataclass(frozen=True)
class RunSpec:
    """A run before anything has happened.

    Attributes:
        name: What a person calls it, 1 to 80 characters.
        session: Whose it is.
        created: When it was handed in, seconds since 1970.
        config: What to train.

    Raises:
        InputError: A name that is empty or too long.
    """

    name: str
    session: str
    created: float
    config: TrainingConfig

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise InputError(f"The name of a run has 1 to {LONGEST_NAME} characters.")


def write_spec(folder: Path, spec: RunSpec) -> None:
    """Write what a run is to do into its directory.

    Raises:
        OSError: The disk is full, for instance.
    """
    write_whole(folder / NAME, sealed(asdict(spec)), durable=True)


def read_spec(folder: Path) -> RunSpec:
    """What a run is to do.

    Raises:
        InputError: The file is missing or damaged.
    """
    values = read_sealed(folder / NAME)
    try:
        name, session = str(values["name"]), str(values["session"])
        created = float(values["created"])
        return RunSpec(name, session, created, TrainingConfig.from_mapping(values["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"The settings of this run cannot be used: {error}") from error


def spec_mark(folder: Path) -> tuple[int, int, int]:
    """What is another for every file that `write_spec` has written.

    Raises:
        InputError: The file is missing.
    """
    try:
        found = (folder / NAME).stat()
    except OSError as error:
        raise missing(NAME) from error
    return found.st_ino, found.st_mtime_ns, found.st_size
