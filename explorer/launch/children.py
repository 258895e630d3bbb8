"""Processes that the launcher starts, none of which outlives it."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from explorer.launch.errors import LaunchError

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 6.0
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Interrupted(BaseException):
    """Ctrl-C, or a signal that asks the launcher to end.

    Attributes:
        signum: The signal's number.
    """

    def __init__(self, signum: int) -> None:
        super().__init__(signum)
        self.signum = signum


class Children:
    """Runs processes one at a time and ends each with all that it started.

    Within its context the signals that ask the launcher to end are noted. While a process
    runs, nothing is raised in the middle of things: the process is ended first.
    """

    def __init__(self) -> None:
        self._signals: list[int] = []
        self._busy = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Children":
        """Take over the signals."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        watch: Callable[[str], None] | None = None,
        quiet: bool = False,
        tick: Callable[[], None] | None = None,
        gentle: str = "SIGINT",
    ) -> int:
        """Run a process to its end.

        Args:
            command: The program and its arguments.
            cwd: Its working directory.
            env: Its environment variables, instead of the launcher's.
            watch: Gets each line of its standard error, which then goes nowhere else.
            quiet: `watch` gets its standard output as well.
            tick: Called about twenty times a second while it runs.
            gentle: The signal that asks it to end. SIGTERM goes to the process alone,
                SIGINT to all that it started as well, as from a terminal.

        Returns:
            Its exit status, negative for a signal.

        Raises:
            Interrupted: The launcher was asked to end; the process is gone.
            LaunchError: It could not be started.
        """
        self._busy = True
        process: subprocess.Popen[bytes] | None = None
        try:
            pipes = _pipes(watch is not None, quiet)
            process = _start(command, cwd, env, pipes)
            reader = _read(process, watch) if watch else None
            while process.poll() is None and not self._signals:
                if tick:
                    tick()
                time.sleep(_POLL_SECONDS)
        finally:
            if process is not None:
                self._end(process, gentle)
            self._busy = False
        if reader:
            reader.join(timeout=2)
        if self._signals:
            raise Interrupted(self._signals[0])
        return int(process.returncode)

    def _note(self, signum: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self._signals.append(signum)
        if not self._busy:
            raise Interrupted(signum)

    def _end(self, process: "subprocess.Popen[bytes]", gentle: str) -> None:
        """Ask a process to end, then end it and whatever it left. A second Ctrl-C hurries."""
        seen = len(self._signals)
        if process.poll() is None:
            _ask(process, gentle)
        limit = time.monotonic() + _GRACE_SECONDS
        while process.poll() is None and len(self._signals) == seen and time.monotonic() < limit:
            time.sleep(_POLL_SECONDS)
        _kill(process)
        process.wait()


def _pipes(watched: bool, quiet: bool) -> tuple[int | None, int | None]:
    """Choose where the two outputs of a process go."""
    if not watched:
        return None, None
    return (subprocess.PIPE, subprocess.STDOUT) if quiet else (None, subprocess.PIPE)


def _start(
    command: Sequence[str],
    cwd: Path | None,
    env: Mapping[str, str] | None,
    pipes: tuple[int | None, int | None],
) -> "subprocess.Popen[bytes]":
    """Start a process in a group of its own."""
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        return subprocess.Popen(
            list(command),
            cwd=cwd,
            env=env,
            stdout=pipes[0],
            stderr=pipes[1],
            start_new_session=sys.platform != "win32",
            creationflags=flags,
        )
    except (FileNotFoundError, PermissionError) as error:
        raise LaunchError(f"{command[0]} cannot be started: {error.strerror}") from error


def _read(process: "subprocess.Popen[bytes]", watch: Callable[[str], None]) -> threading.Thread:
    """Hand on what a process writes, line by line."""
    pipe = process.stderr or process.stdout

    def follow() -> None:
        if pipe is None:
            return
        with pipe:
            for line in pipe:
                watch(line.decode("utf-8", "replace"))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    return thread


def _ask(process: "subprocess.Popen[bytes]", gentle: str) -> None:
    """Ask a process to end."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.send_signal(signal.CTRL_BREAK_EVENT)
        elif gentle == "SIGTERM":
            process.terminate()
        else:
            os.killpg(process.pid, signal.Signals[gentle])


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process, if it still runs, and all that is left of its group."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32":
            os.killpg(process.pid, signal.SIGKILL)
        elif process.poll() is None:
            tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
            subprocess.run(tree, capture_output=True, check=False)
            process.kill()
