"""The installation of the pinned requirements."""

import os
import re
import sys
import tempfile
from pathlib import Path

from explorer.launch import torch_build
from explorer.launch.children import Children
from explorer.launch.damage import remove_damaged
from explorer.launch.environment import Environment
from explorer.launch.errors import LaunchError
from explorer.launch.loading import load_once
from explorer.launch.requirement import read
from explorer.launch.stamp import Stamp

# Ten thousand files would be compiled, of which a start needs a tenth; see `load_once`.
_OPTIONS = ("--disable-pip-version-check", "--no-compile")
DISK_FULL = (
    "the disk is full: free about 8 GB here and in the folder for temporary files "
    "(TMPDIR moves that), then start again"
)
_NO_NETWORK = (
    "no network: the package index does not answer; connect (or set HTTPS_PROXY, "
    "or pip's own index settings), then start again, what is installed already is kept"
)
_OFFLINE_MARKS = (
    "Failed to establish a new connection",
    "NewConnectionError",
    "NameResolutionError",
    "Temporary failure in name resolution",
    "Name or service not known",
    "getaddrinfo failed",
    "nodename nor servname",
    "Network is unreachable",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "Read timed out",
    "ProxyError",
    "Connection aborted",
    "IncompleteRead",
)


def ensure_installed(
    root: Path, environment: Environment, *, test: bool, children: Children
) -> bool:
    """Install the requirements, if they are not installed already.

    Args:
        root: The project, with its requirement files.
        environment: The explorer's own environment.
        test: Install what the tests need as well.
        children: Runs the processes.

    Returns:
        True if something was installed.

    Raises:
        LaunchError: The installation failed.
    """
    if environment.folder is None or environment.packages is None:
        return False
    stamp = Stamp(root, environment.folder, environment.version)
    purpose = "test" if test else "run"
    if stamp.fits(purpose):
        return False
    stamp.remove()
    for name in remove_damaged(environment.packages):
        print(f"explorer: {name} was left unfinished and is installed again", flush=True)
    name = "requirements-test.txt" if test else "requirements.txt"
    print(f"explorer: installing {name} (only when it changes)", flush=True)
    torch_build.prefer_cpu(list(read(root / name)), environment, children, pip)
    words = ["--requirement", name, "--constraint", "constraints.txt"]
    output = pip(root, environment, words, children)
    if output is not None:
        raise LaunchError(diagnose(output, environment.version))
    stamp.write(*(["run", "test"] if test else ["run"]))
    load_once(root, environment, children)
    return True


def pip(
    root: Path,
    environment: Environment,
    words: list[str],
    children: Children,
    settings: dict[str, str] | None = None,
) -> str | None:
    """Run `pip install`, its progress going to the terminal.

    Args:
        root: The directory to run it in.
        environment: The environment to install into.
        words: What to install, and options.
        children: Runs the process.
        settings: More environment variables.

    Returns:
        None if it succeeded, else what it wrote to standard error.
    """
    lines: list[str] = []

    def show(line: str) -> None:
        lines.append(line)
        sys.stderr.write(line)
        sys.stderr.flush()

    command = [environment.python, "-m", "pip", "install", *_OPTIONS]
    env = {**os.environ, "PIP_USER": "0", **(settings or {})}
    # pip's leftovers in the folder for temporary files are as large as what it installs.
    with tempfile.TemporaryDirectory(prefix="explorer-pip-", ignore_cleanup_errors=True) as spare:
        env.update(TMPDIR=spare, TEMP=spare, TMP=spare)
        status = children.run([*command, *words], cwd=root, env=env, watch=show)
    return None if status == 0 else "".join(lines) or f"pip ended with status {status}"


def diagnose(output: str, version: str) -> str:
    """Say in one line what went wrong in an installation, and the remedy.

    Args:
        output: What pip wrote to standard error.
        version: The version of the environment's Python.

    Returns:
        The line.
    """
    if "No space left on device" in output or "not enough space on the disk" in output:
        return DISK_FULL
    if any(mark in output for mark in _OFFLINE_MARKS):
        return _NO_NETWORK
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    missing = re.search(
        r"(?:satisfies the requirement|Cannot install) (.+?) (?:\(|because)", output
    )
    if missing:
        return (
            f"no network, or no build of {missing[1]} for Python {version} on this system: "
            "see that the package index answers, or delete .venv and start with Python 3.11 to 3.14"
        )
    if "ermission denied" in output or "Access is denied" in output:
        return "a file could not be written: see that the folder .venv is yours, then start again"
    if "No module named pip" in output:
        return "the folder .venv has no pip: delete that folder, then start again"
    errors = [line for line in lines if line.startswith("ERROR")] or lines
    return f"the installation failed ({errors[-1]}): start again, or delete .venv first"
