"""How a process of this server begins: split from the nursery where it can be, else anew."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from core.cores import everywhere
from core.runs.split import Process, Split

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
_PROGRAM = (sys.executable, "-m", "core.runs.nursery")


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
