"""Something small that is measured or read in a process of its own and answers in lines.

A run has a directory, a queue and checkpoints; an errand has none of that. It is lost with the
server, and the memory it took goes with its process.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

from core.errors import InputError
from core.runs.birth import begin
from core.runs.courtesy import step_back

Line = dict[str, Any]


class Errand:
    """A process that carries out a module of `core`, seen from the server.

    Args:
        module: Its dotted name; its `main` calls `carry_out`.
        order: What it is to do, for JSON.
        light: It imports no PyTorch, or only to say what went wrong.

    Raises:
        OSError: No process can be started.
    """

    def __init__(self, module: str, order: Line, *, light: bool = False) -> None:
        hearing, saying = os.pipe()
        self._said = os.fdopen(hearing, "rb")
        try:
            with os.fdopen(saying, "wb") as said, open(os.devnull, "wb") as nowhere:
                self._process = begin(module, said, nowhere, light=light)
        except OSError:
            self._said.close()
            raise
        self._lines: list[Line] = []
        self._stopped = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, name="errand", daemon=True)
        self._thread.start()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it is gone; `problem` says so
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def lines(self) -> list[Line]:
        """What it has answered so far, but for a failure."""
        return [line for line in list(self._lines) if "failed" not in line]

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return not self._thread.is_alive()

    @property
    def problem(self) -> str:
        """A sentence once it has failed, else empty."""
        for line in list(self._lines):
            if "failed" in line:
                return str(line["failed"])
        code = self._process.poll()
        if self.ended and code and not self._stopped:
            said: str = _failures().ending(code)
            return said.replace("training process", "process")
        return ""

    def follow(self) -> Iterator[Line]:
        """Yield its answers as they come, until it has ended.

        Raises:
            InputError: It failed.
        """
        seen, ended = 0, False
        while not ended:
            ended = self.ended  # before the lines: after that, no more come
            found = self._lines[seen:]
            seen += len(found)
            yield from (line for line in found if "failed" not in line)
            with self._changed:
                if not ended and len(self._lines) == seen:
                    self._changed.wait(0.2)
        if self.problem:
            raise InputError(self.problem)

    def stop(self) -> None:
        """End it at once."""
        self._stopped = True
        with contextlib.suppress(OSError):
            self._process.kill()
        self._thread.join(5 if self._lines else 0.5)  # It may be that it has not even begun.

    def _read(self) -> None:
        with self._said as said:
            for text in said:
                with contextlib.suppress(ValueError):
                    line = json.loads(text)
                    with self._changed:
                        self._lines.append(line)
                        self._changed.notify_all()
        self._process.wait()
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()


def carry_out(work: Any) -> None:
    """Be the process: read the order, hand out what `work(order)` yields, end with the server.

    Args:
        work: A generator function from the order to answers for JSON. What it raises becomes
            the sentence of the failure.
    """
    step_back()
    order = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    try:
        for answer in work(order):
            _say(answer)
    except InputError as error:
        _say({"failed": str(error)})
    except Exception as error:
        _say({"failed": _failures().sentence(error)})
    os._exit(0)  # threads of PyTorch that still live would make the interpreter abort


def _failures() -> Any:
    """The sentences, imported when there is one to say: they need PyTorch, which takes seconds."""
    return importlib.import_module("core.runs.failures")


def _say(line: Line) -> None:
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def _end_with_the_server() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)
