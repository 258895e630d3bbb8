"""A server of its own for measurements and browser tests, ended with all that it started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from explorer.launch.ports import free_port
from explorer.launch.server import answers

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
PATIENCE_SECONDS = 60.0
BARE = ("-m", "explorer.server")
LAUNCHED = ("-m", "explorer", "--current-env", "--no-browser")


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        url: Its address, without a slash at the end.
        log: What it writes.
        started: When its command was given, on the clock of `time.perf_counter`.
        pid: The number of its process.
    """

    url: str
    log: Path
    started: float
    pid: int

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rsplit(":", 1)[1])

    @property
    def runs(self) -> Path:
        """Where it keeps its runs, if no other place was given."""
        return self.log.parent / "runs"

    def wrote(self) -> str:
        """Return all that it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def serving(
    log: Path, command: Sequence[str] = BARE, env: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start a server on a free port and end it with its whole process group.

    Args:
        log: Where its output goes.
        command: What Python is to run; the port is put behind it.
        env: Further environment variables.

    Yields:
        The server, once it answers.

    Raises:
        RuntimeError: It ended, or gave no answer in time.
    """
    with _running(log, command, env) as (server, process):
        wait(server, process)
        yield server


@contextmanager
def begun(log: Path) -> Iterator[Server]:
    """As `serving`, but the server is yielded before it answers: `wait` waits for that."""
    with _running(log, BARE, None) as (server, _):
        yield server


@contextmanager
def _running(
    log: Path, command: Sequence[str], env: Mapping[str, str] | None
) -> Iterator[tuple[Server, "subprocess.Popen[bytes]"]]:
    port = free_port(HOST, 0)
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "EXPLORER_RUNS_DIR": str(log.parent / "runs"), **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
        )
        try:
            yield Server(f"http://{HOST}:{port}", log, started, process.pid), process
        finally:
            end(process)


def wait(server: Server, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Wait until a server answers.

    Args:
        server: The server.
        process: Its process, where it is one of this process: that it has ended is seen at once.

    Raises:
        RuntimeError: It ended, or gave no answer in time.
    """
    limit = time.monotonic() + PATIENCE_SECONDS
    while not answers(HOST, server.port):
        if time.monotonic() > limit or (process is not None and process.poll() is not None):
            raise RuntimeError(f"the server did not start: {server.wrote()}")
        time.sleep(0.02)


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a server to end, wait, and end whatever it left of its process group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
