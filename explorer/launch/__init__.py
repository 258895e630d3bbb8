"""The launcher: an environment, the server, the browser, and the tests, from a bare Python.

Everything here uses the standard library only; it runs before anything is installed.
"""

import errno
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from explorer.launch.arguments import Options, parse
from explorer.launch.checks import run_checks
from explorer.launch.children import Children, Interrupted
from explorer.launch.environment import Environment, current, own
from explorer.launch.errors import LaunchError
from explorer.launch.install import DISK_FULL, ensure_installed
from explorer.launch.requirement import demand
from explorer.launch.server import serve

ROOT = Path(__file__).resolve().parents[2]

__all__ = ["ROOT", "main"]


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks and return the exit status.

    Args:
        arguments: The words after `python3 -m explorer`.

    Returns:
        0 when all went well, 1 for an error that was named, 2 for a wrong command line,
        128 plus the signal's number when it was interrupted, else the server's own status.
    """
    started = time.monotonic()
    try:
        options = parse(arguments)
        with Children() as children:
            environment = _prepare(options, children)
            if options.test:
                return run_checks(ROOT, environment, options.pytest_arguments, children)
            return serve(ROOT, environment, options, children, started)
    except Interrupted as interruption:
        print("\nexplorer: ended.", flush=True)
        return 128 + interruption.signum
    except LaunchError as error:
        print(f"explorer: {error}", file=sys.stderr, flush=True)
        return error.status
    except OSError as error:
        full = error.errno == errno.ENOSPC
        print(f"explorer: {DISK_FULL if full else error}", file=sys.stderr, flush=True)
        return 1


def _prepare(options: Options, children: Children) -> Environment:
    """Return an environment that has what is needed."""
    requirements = "requirements-test.txt" if options.test else "requirements.txt"
    if options.current_env:
        demand(ROOT / requirements)
        return current()
    environment = own(ROOT / ".venv", children)
    ensure_installed(ROOT, environment, test=options.test, children=children)
    return environment
