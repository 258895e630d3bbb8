"""The Python environment that the explorer runs in."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

from explorer.launch.children import Children
from explorer.launch.damage import complete
from explorer.launch.errors import LaunchError
from explorer.launch.system import WINDOWS

_NO_VENV = (
    "this Python cannot make a virtual environment (no venv or ensurepip): install that part, "
    "on Debian and Ubuntu with sudo apt install python3-venv, then start again"
)
_COMPILES_NOTHING = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Environment:
    """A Python and its packages.

    Attributes:
        python: Its program.
        version: Its version, such as "3.12".
        folder: The folder of the explorer's own environment, None for somebody else's.
    """

    python: str
    version: str
    folder: Path | None = None

    @property
    def packages(self) -> Path | None:
        """The folder in which an own environment keeps its packages."""
        if self.folder is None:
            return None
        if WINDOWS:
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{self.version}" / "site-packages"

    def installed(self, name: str) -> str | None:
        """Return the version of a package in an own environment, if it is there.

        Args:
            name: The package's name.

        Returns:
            Its version, or None.
        """
        if self.packages is None:
            return None
        found = [d for d in distributions(path=[str(self.packages)]) if d.name == name]
        return found[0].version if found else None


def current() -> Environment:
    """Return the environment of the Python that runs this."""
    return Environment(sys.executable, _short(sys.version_info[:2]))


def own(folder: Path, children: Children) -> Environment:
    """Return the explorer's own environment, made or made anew where it has to be.

    Args:
        folder: Where it is, or is to be.
        children: Runs the processes.

    Returns:
        An environment whose Python starts.

    Raises:
        LaunchError: It cannot be made.
    """
    environment = _usable(folder)
    if environment is None:
        _make(folder, children)
        environment = _usable(folder)
        if environment is None:
            raise LaunchError(f"{folder} does not work: delete that folder, then start again")
    return environment


def variables() -> dict[str, str]:
    """Return the environment variables of a process that may keep what Python compiles.

    Packages are installed without being compiled, which takes longer than to load them: Python
    compiles those that are used, once. Where keeping that is forbidden, every process would
    compile all of them again.
    """
    return {name: value for name, value in os.environ.items() if name != _COMPILES_NOTHING}


def _program(folder: Path) -> Path:
    """Return the path of an environment's Python."""
    if WINDOWS:
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def _usable(folder: Path) -> Environment | None:
    """Return the environment in a folder, or None if it has to be made anew.

    It has to be if its Python does not start, is too old, or is no longer the version that
    the environment was made for (then its packages are where it does not look), and if pip
    is missing or half installed.
    """
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = [str(_program(folder)), "-I", "-S", "-c", ask]
    try:
        text = (folder / "pyvenv.cfg").read_text(encoding="utf-8")
        answer = subprocess.run(command, capture_output=True, timeout=60, check=True)
        version = answer.stdout.decode().strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    made_for = re.search(r"^version\w*\s*=\s*(\d+\.\d+)", text, re.MULTILINE)
    if made_for is None or made_for[1] != version:
        return None
    environment = Environment(command[0], version, folder)
    packages = environment.packages
    if packages is None or tuple(int(part) for part in version.split(".")) < (3, 11):
        return None
    has_pip = any(complete(packages, info) for info in packages.glob("pip-*.dist-info"))
    return environment if has_pip else None


def _make(folder: Path, children: Children) -> None:
    """Make an environment, replacing a broken one."""
    marker = folder / "pyvenv.cfg"
    broken = marker.exists()
    if folder.exists() and not broken and (not folder.is_dir() or any(folder.iterdir())):
        raise LaunchError(f"{folder} is no virtual environment: move it away, then start again")
    # An interruption leaves a folder that the next start knows for an environment.
    folder.mkdir(exist_ok=True)
    marker.touch()
    state = "is broken, unfinished or of another Python: made anew" if broken else "is made"
    python = f"Python {_short(sys.version_info[:2])}"
    print(f"explorer: {folder.name} {state} with {python}", flush=True)
    lines: list[str] = []
    clear = ["--clear"] if broken else []
    command = [sys.executable, "-m", "venv", *clear, str(folder)]
    if children.run(command, watch=lines.append, quiet=True) == 0:
        return
    text = "".join(lines)
    if "No space left" in text:
        raise LaunchError("the disk is full: free some space, then start again")
    if "ensurepip" in text or "No module named venv" in text:
        raise LaunchError(_NO_VENV)
    reason = (text.strip().splitlines() or ["no reason given"])[-1]
    raise LaunchError(f"{folder} could not be made ({reason}): see that the folder is writable")


def _short(version: tuple[int, ...]) -> str:
    """Write a version."""
    return ".".join(str(number) for number in version)
