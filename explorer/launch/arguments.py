"""The command line of the launcher."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from explorer.launch.errors import LaunchError

_DESCRIPTION = """\
Starts the deep learning explorer and opens it in the browser. The first start makes .venv
and installs what is needed there; later starts install nothing.

  python3 -m explorer                  start the explorer
  python3 -m explorer test [...]       lint, types and all tests; [...] goes to pytest
"""


@dataclass(frozen=True)
class Options:
    """What the command line asks for.

    Attributes:
        test: Run the tests instead of the server.
        pytest_arguments: Passed on to pytest.
        host: The address to listen on.
        port: The first port to try; 0 lets the system choose.
        browser: Open the browser when the first page is ready.
        data_dir: A folder that holds data sets already, if given.
        runs_dir: The folder for training runs, if given.
        current_env: Use the Python that runs this instead of `.venv`.
    """

    test: bool = False
    pytest_arguments: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8501
    browser: bool = True
    data_dir: Path | None = None
    runs_dir: Path | None = None
    current_env: bool = False


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage."""
        raise LaunchError(f"{message}: see python3 -m explorer --help", status=2)


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line.

    Args:
        arguments: The words after `python3 -m explorer`.

    Returns:
        What they ask for.

    Raises:
        LaunchError: They make no sense; the exit status is 2.
    """
    here = bool(os.environ.get("EXPLORER_CURRENT_ENV"))
    words = [word for word in arguments if word != "--current-env"]
    if words[:1] == ["test"] and words[1:2] not in (["-h"], ["--help"]):
        rest = words[2:] if words[1:2] == ["--"] else words[1:]
        chosen = here or len(words) < len(arguments)
        return Options(test=True, pytest_arguments=tuple(rest), current_env=chosen)
    given = _parser().parse_args(arguments)
    return Options(
        host=given.host,
        port=given.port,
        browser=not given.no_browser,
        data_dir=given.data_dir,
        runs_dir=given.runs_dir,
        current_env=here or given.current_env,
    )


def _parser() -> argparse.ArgumentParser:
    """Describe the flags."""
    parser = _Parser(
        prog="python3 -m explorer",
        usage="python3 -m explorer [flags] | python3 -m explorer test [pytest arguments]",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    parser.set_defaults(host=Options.host, port=Options.port)
    add("--host", help="address to listen on (127.0.0.1; 0.0.0.0 lets a class in)")
    add("--port", type=_port, help="first port to try (8501)")
    add("--no-browser", action="store_true", help="do not open the browser")
    add("--data-dir", type=_folder, metavar="DIR", help="folder that holds data sets already")
    add("--runs-dir", type=_place, metavar="DIR", help="folder for training runs")
    add(
        "--current-env",
        action="store_true",
        help="use this Python and its packages, install nothing (or set EXPLORER_CURRENT_ENV=1)",
    )
    parser.add_argument("command", nargs="?", choices=["test"], help=argparse.SUPPRESS)
    return parser


def _port(text: str) -> int:
    """Read a port number."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port, choose one from 1024 to 65535")
    return int(text)


def _folder(text: str) -> Path:
    """Read the path of a folder that has to exist."""
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder, create it or leave the flag out")
    return path


def _place(text: str) -> Path:
    """Read the path of a folder that may be made later."""
    path = Path(text).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file, give a folder")
    return path
