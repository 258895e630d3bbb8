"""The requirement files, read without pip."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import zip_longest
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path

from explorer.launch.errors import LaunchError

_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "==": eq,
    "!=": ne,
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
}


@dataclass(frozen=True)
class Requirement:
    """A package and the versions that will do.

    Attributes:
        name: The package's name.
        bounds: Pairs of a comparison and a version.
    """

    name: str
    bounds: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return self.name + ",".join(compare + bound for compare, bound in self.bounds)

    def met(self, found: str) -> bool:
        """Tell whether a version will do.

        Args:
            found: A version; its local part, such as "+cpu", does not count.

        Returns:
            True if it is within all bounds.
        """
        return all(_COMPARE[compare](_order(found, bound), 0) for compare, bound in self.bounds)


def read(file: Path) -> Iterator[Requirement]:
    """Read a requirement file and those that it names with -r.

    Args:
        file: Its path.

    Yields:
        Its requirements, in order.
    """
    for raw in file.read_text(encoding="utf-8").splitlines():
        line = raw.split("#")[0].split(";")[0].strip()
        if line.startswith("-r "):
            yield from read(file.parent / line[3:].strip())
        elif line and not line.startswith("-"):
            name = re.match(r"[\w.-]*", line)
            bounds = re.findall(r"(==|!=|>=|<=|>|<)\s*([\w.]+)", line)
            yield Requirement(name[0] if name else line, tuple(bounds))


def demand(file: Path) -> None:
    """Check the packages of the Python that runs this.

    Args:
        file: The requirement file.

    Raises:
        LaunchError: Packages are missing or of another version.
    """
    wrong = [need for need in read(file) if not _here(need)]
    if wrong:
        listed = " ".join(f'"{need}"' for need in wrong)
        raise LaunchError(
            f"this Python lacks {listed}: run {sys.executable} -m pip install "
            f"-r {file.name} -c constraints.txt, or leave out --current-env"
        )


def _here(need: Requirement) -> bool:
    """Tell whether the Python that runs this has a package."""
    try:
        return need.met(version(need.name))
    except PackageNotFoundError:
        return False


def _order(left: str, right: str) -> int:
    """Compare two versions: negative, zero or positive."""
    for one, other in zip_longest(_numbers(left), _numbers(right), fillvalue=0):
        if one != other:
            return one - other
    return 0


def _numbers(text: str) -> list[int]:
    """Return the numbers of a version's release part."""
    release = re.match(r"\d+(\.\d+)*", text)
    return [int(number) for number in release[0].split(".")] if release else []
