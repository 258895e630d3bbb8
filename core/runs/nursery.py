"""Where worker processes come from on Linux: a process that has imported PyTorch and splits.

Starting Python and importing PyTorch takes seconds of a core; a process that has done it once and
then splits for every worker hands out the next one in a tenth of that, and all of them share the
memory that the import has filled. It never calculates: who splits must have no other threads.

A worker is watched by a process between it and the nursery, which says its number and later its
exit code through a pipe. Whoever is gone is known by the end of a pipe: the nursery ends with the
server, a worker with its input.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
from typing import NoReturn

LARGEST = 1 << 18  # bytes of an order, its environment included
FILES = 4  # input, output, errors, and the pipe of the watch


def nurse(orders: socket.socket, modules: list[str]) -> None:
    """Start a worker for every order, until no order can come any more.

    Args:
        orders: Where they come from: each a JSON object with `module`, `env` and `cwd`, and the
            files of the process.
        modules: What is imported before the first one.
    """
    for name in modules:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # The collector would write to what all workers share.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody asks how a watch has ended.
    while True:
        text, files, _, _ = socket.recv_fds(orders, LARGEST, FILES)
        if not text:
            return
        with contextlib.suppress(OSError):  # No room for a process: the end of its pipe says so.
            if os.fork() == 0:
                orders.close()
                _watch(json.loads(text), files)
        for file in files:
            os.close(file)


def _watch(order: dict[str, object], files: list[int]) -> NoReturn:
    """Be the process between: start the worker, say its number, and how it has ended."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        *its, pipe = files
        worker = os.fork()
        if worker == 0:
            os.close(pipe)
            _work(order, its)
        for file in its:
            os.close(file)
        os.write(pipe, f"{worker}\n".encode())
        code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        os.write(pipe, f"{code}\n".encode())
    finally:
        os._exit(0)


def _work(order: dict[str, object], files: list[int]) -> NoReturn:
    """Be the worker, as if Python had just been started for it."""
    try:
        os.setsid()
        for place, file in enumerate(files):
            os.dup2(file, place)
            os.close(file)
        env = order["env"]
        assert isinstance(env, dict)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(str(order["cwd"]))
        importlib.import_module(str(order["module"])).main()
    except BaseException:
        with contextlib.suppress(OSError):
            traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    nurse(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
    os._exit(0)
