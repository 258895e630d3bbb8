"""A server of a test's own, which may be killed and started again, and a wire that may be cut."""

import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.serving import HOST, ROOT, end
from core.runs.directory import RunDirectory
from explorer.launch.ports import free_port
from explorer.launch.server import answers

# The usual server, but for how soon a run that nobody watches is paused, and without what it
# prepares for its first visitors, which only takes time here.
SERVER = """
from functools import partial
from explorer.training_dashboard import runner
runner.LocalRunner = partial(runner.LocalRunner, unwatched_pause_s={pause_s})
from explorer import server
server.PREPARED = ()
server.main()
"""


SHOWN = "new URL(location.href).searchParams.get('run')"


def until(condition, what, seconds=60):
    """Wait for something that happens outside of the browser."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"{what} did not come about"
        time.sleep(0.05)


def run_of(server, page):
    """The run that a page shows."""
    return RunDirectory(server.runs / page.evaluate(SHOWN))


class Own:
    """A server with a folder of its own."""

    def __init__(self, folder, pause_s=2.0, runs=None):
        self.folder, self.port, self.process = Path(folder), free_port(HOST, 0), None
        self.runs = runs or self.folder / "runs"
        self.script = SERVER.format(pause_s=pause_s)
        self.url = f"http://{HOST}:{self.port}"

    def start(self):
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", self.script, "--port", str(self.port)],
                cwd=ROOT,
                env={
                    **os.environ,
                    "EXPLORER_RUNS_DIR": str(self.runs),
                    "XDG_CACHE_HOME": str(self.folder / "cache"),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until(lambda: answers(HOST, self.port), "a server")
        return self

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self):
        end(self.process)

    def wrote(self):
        return (self.folder / "log.txt").read_text(errors="replace")

    def processes(self):
        """The processes that work for this folder, by what they do."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with suppress(OSError):
                wanted = f"EXPLORER_RUNS_DIR={self.runs}".encode()
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    words = (folder / "cmdline").read_bytes().decode().split("\0")
                    found[int(folder.name)] = " ".join(words[1:4])[:60]
        return found


class Wire:
    """What lies between a browser and a server; it can be cut and mended."""

    def __init__(self, port):
        self._to, self._whole, self._open = port, True, []
        self.delay_s = 0.0  # for everything that passes, either way
        self._listening = socket.create_server((HOST, 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Break every connection and let none through."""
        self._whole = False
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def mend(self):
        self._whole = True

    def close(self):
        self.cut()
        self._listening.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near):
        try:
            far = socket.create_connection((HOST, self._to))
        except OSError:
            near.close()
            return
        for one in (near, far):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open += [near, far]
        with near, far, selectors.DefaultSelector() as watching, suppress(OSError):
            watching.register(near, selectors.EVENT_READ, far)
            watching.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in watching.select():
                    data = key.fileobj.recv(1 << 16)
                    if not data:
                        return
                    time.sleep(self.delay_s)
                    key.data.sendall(data)
