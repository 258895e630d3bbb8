"""A Chromium for the browser tests."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from explorer.launch.children import Children
from explorer.launch.environment import Environment
from explorer.launch.errors import LaunchError
from explorer.launch.system import MACOS, WINDOWS

NO_CHROMIUM = (
    "no Chromium to be had for the browser tests: install Chromium, Chrome or Edge "
    "and set EXPLORER_CHROMIUM to its path"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_EDGE_NAMES = ("microsoft-edge", "msedge")
_MAC_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
_WINDOWS_PLACES = (
    "Chromium/Application",
    "Google/Chrome/Application",
    "Microsoft/Edge/Application",
)
_CACHE_PATTERNS = (
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/chrome.exe",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
)
# The same engine without windows, menus and extensions: all browser tests take a third less time.
_SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
_SHELL_PATTERN = "chromium_headless_shell-*/chrome-*/*headless*shell*"


def find_chromium() -> Path | None:
    """Look for a Chromium on this machine.

    Returns:
        The path of its program, or None.

    Raises:
        LaunchError: EXPLORER_CHROMIUM names one that does not start.
    """
    named = os.environ.get("EXPLORER_CHROMIUM")
    if named:
        if not _starts(Path(named)):
            raise LaunchError(f"EXPLORER_CHROMIUM: {named} does not start: correct or unset it")
        return Path(named)
    return next((path for path in _candidates() if _starts(path)), None)


def ensure_chromium(environment: Environment, children: Children) -> Path | None:
    """Find a Chromium for the tests, or get one: the lightest that there is.

    Args:
        environment: The environment that has Playwright.
        children: Runs the processes.

    Returns:
        The path of its program, or None if there is none to be had.
    """
    if os.environ.get("EXPLORER_CHROMIUM"):
        return find_chromium()
    return (
        _find_shell()
        or _from_debian("chromium-headless-shell", children)
        or find_chromium()
        or _from_playwright(environment, children)
        or _from_debian("chromium", children)
    )


def _from_playwright(environment: Environment, children: Children) -> Path | None:
    """Have Playwright load its own Chromium."""
    print("explorer: no Chromium found, Playwright loads its own", flush=True)
    quiet = {**os.environ, "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    command = [environment.python, "-m", "playwright", "install", "--only-shell", "chromium"]
    children.run(command, env=quiet, watch=lambda line: None)
    return find_chromium()


def _from_debian(package: str, children: Children) -> Path | None:
    """Install one of Debian's packages of Chromium, where that is possible."""
    apt = which("apt-get")
    if apt is None or getattr(os, "geteuid", lambda: -1)() != 0:
        return None
    print(f"explorer: apt-get installs {package}", flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    hurried = (apt, "-qq", "-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=15")
    children.run([*hurried, "update"], env=env)
    careful = ("install", "--yes", "--no-remove", "--no-install-recommends")
    children.run([*hurried, *careful, package], env=env)
    return _find_shell() or find_chromium()


def _find_shell() -> Path | None:
    """Look for a Chromium that has nothing but the engine."""
    named = (which(name) for name in _SHELLS)
    cached = sorted(_cache().glob(_SHELL_PATTERN), reverse=True)
    shells = [*(Path(path) for path in named if path), *cached]
    return next((path for path in shells if _starts(path)), None)


def _candidates() -> Iterator[Path]:
    """List the places of a Chromium, the best first."""
    for name in (*_NAMES, *_EDGE_NAMES):
        path = which(name)
        if path:
            yield Path(path)
    if MACOS:
        for app in _MAC_APPS:
            yield Path(f"/Applications/{app}.app/Contents/MacOS/{app}")
    if WINDOWS:
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            for place in _WINDOWS_PLACES:
                folder = Path(os.environ.get(variable, "")) / place
                yield from (folder / "chrome.exe", folder / "msedge.exe")
    for pattern in _CACHE_PATTERNS:
        yield from sorted(_cache().glob(pattern), reverse=True)
    shell = _find_shell()
    if shell:
        yield shell


def _cache() -> Path:
    """Return the folder in which Playwright keeps its browsers."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        return Path(named)
    if WINDOWS:
        return Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright"
    if MACOS:
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path.home() / ".cache" / "ms-playwright"


def _starts(program: Path) -> bool:
    """Tell whether a browser starts; some are placeholders, some lack libraries."""
    if WINDOWS:
        return program.is_file()
    try:
        command = [str(program), "--version"]
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False
