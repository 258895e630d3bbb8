"""How a process of this server begins: split from the nursery where it can be, else anew."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, Protocol

from core.cores import everywhere

CODE = Path(__file__).resolve().parents[2]
# Threads that wait for each other turn in circles for a moment only, then they sleep. Without an
# end to it, turning makes a run with two threads ten times slower and more where a browser needs
# the same cores; sleeping at once costs a run that is alone a fifth of its speed (measured).
WAITING = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "10000"}
# Read by Python, PyTorch and their libraries when they begin: a nursery cannot change them.
READ_EARLY = (
    *("PYTHON", "LD_", "MALLOC", "GLIBC", "OMP_", "GOMP_", "MKL_", "OPENBLAS_"),
    *("PYTORCH", "ATEN", "DNNL_", "ONEDNN_", "CUDA", "NVIDIA"),
)
# Where there is a graphics card, PyTorch must not be split: an import may have asked the card, and
# what splits afterwards cannot use it any more.
CARDS = tuple(Path("/dev") / name for name in ("nvidiactl", "nvidia0", "kfd", "dxg"))
# The worker, what its first optimizer imports, and what reads the data set that is used first.
IMPORTED = ("core.runs.worker", "torch._dynamo", "sklearn.datasets")
UNBORN = 71  # the code of a process for which there was no room: EX_OSERR of sysexits.h
_PROGRAM = (sys.executable, "-m", "core.runs.nursery")


class Process(Protocol):
    """What is asked of a process; `subprocess.Popen` has it."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def stdin(self) -> IO[bytes] | None:
        """Where it reads."""
        ...

    def poll(self) -> int | None:
        """Its exit code (minus the signal that killed it), or None while it lives."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


def begin(
    module: str, said: IO[bytes], errors: IO[bytes] | None = None, *, light: bool = False
) -> Process:
    """Start a process that carries out a module.

    Args:
        module: Its dotted name; its `main` is called.
        said: Where what it prints goes to.
        errors: Where what it complains about goes to; the same place if there is none.
        light: It imports no PyTorch, so a nursery is used that is there, but none is started.

    Raises:
        OSError: No process can be started.
    """
    env = environment()
    errors = errors or said
    splits = sys.platform == "linux" and not any(card.exists() for card in CARDS)
    with everywhere():
        if splits and (_NURSERY.lives or not light):
            with contextlib.suppress(OSError):
                return _NURSERY.split(module, said, errors, env)
        return subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=errors,
            env=env,
            start_new_session=True,  # Ctrl-C is for the server, which then ends its workers
        )


def environment() -> dict[str, str]:
    """Return the variables of a process that finds the code of this project."""
    path = os.pathsep.join([str(CODE), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**WAITING, **os.environ, "PYTHONPATH": path}


class Split:
    """A worker that has split from the nursery; it has what `Process` wants.

    Args:
        stdin: Where it reads.
        watch: Where its number and its exit code come from.
    """

    def __init__(self, stdin: IO[bytes], watch: int) -> None:
        self.stdin = stdin
        self._watch = watch
        self._said = b""
        self._ended = False
        self._lock = threading.Lock()

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._watch)

    @property
    def pid(self) -> int:
        """Its number; waits for it if the nursery is not ready yet. 0 if it was never born."""
        while not self._lines() and not self._ended:
            self._hear(None)
        return int(self._lines()[0]) if self._lines() else 0

    def poll(self) -> int | None:
        """Its exit code (minus the signal that killed it, `UNBORN`), or None while it lives."""
        self._hear(0)
        if not self._ended:
            return None
        lines = self._lines()
        return int(lines[1]) if len(lines) > 1 else 1 if lines else UNBORN

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        until = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired("worker", timeout or 0)
            self._hear(left)
        return code

    def kill(self) -> None:
        """End it at once."""
        pid = self.pid
        if pid and self.poll() is None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def _lines(self) -> list[bytes]:
        return self._said.split(b"\n")[:-1]

    def _hear(self, patience_s: float | None) -> None:
        """Take in what the watch has said; wait for it for so long."""
        with self._lock:
            while not self._ended and select.select([self._watch], [], [], patience_s)[0]:
                said = os.read(self._watch, 100)
                self._said += said
                self._ended = not said or len(self._lines()) > 1
                patience_s = 0


class Nursery:
    """The process that splits (see `core.runs.nursery`), started when it is first needed.

    Args:
        modules: What it imports.
    """

    def __init__(self, modules: tuple[str, ...] = IMPORTED) -> None:
        self._modules = modules
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._early: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def lives(self) -> bool:
        """Whether it is there, or about to be."""
        return self._process is not None and self._process.poll() is None

    def split(self, module: str, said: IO[bytes], errors: IO[bytes], env: dict[str, str]) -> Split:
        """Start a worker; it may be a moment until it is there.

        Raises:
            OSError: There is no nursery, or none that could do it.
        """
        with self._lock:
            self._be_there(env)
            assert self._orders is not None
            if _early(env) != self._early:
                raise OSError("A process with other settings has to begin anew.")
            reading, writing = os.pipe()
            hearing, saying = os.pipe()
            order = {"module": module, "env": env, "cwd": os.getcwd()}
            files = [reading, said.fileno(), errors.fileno(), saying]
            try:
                socket.send_fds(self._orders, [json.dumps(order).encode()], files)
            except OSError:
                for one in (writing, hearing):
                    os.close(one)
                raise
            finally:
                for one in (reading, saying):
                    os.close(one)
        return Split(os.fdopen(writing, "wb"), hearing)

    def close(self) -> None:
        """End it; the workers that it has started live on."""
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._orders = self._process = None

    def _be_there(self, env: dict[str, str]) -> None:
        if self.lives:
            return
        self.close()
        atexit.unregister(self.close)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [*_PROGRAM, str(theirs.fileno()), *self._modules],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=env,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except OSError:
                ours.close()
                raise
        self._orders, self._early = ours, _early(env)
        atexit.register(self.close)


def _early(env: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in env.items() if name.startswith(READ_EARLY)}


_NURSERY = Nursery()
