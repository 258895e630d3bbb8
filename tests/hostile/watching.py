"""What a process does to the disk, to others and to the network, written down as it happens."""

import os
import site
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rename": 2,
    "os.rmdir": 1,
    "os.symlink": 2,
    "os.link": 2,
    "os.truncate": 1,
    "os.chmod": 1,
    "shutil.rmtree": 1,
    "shutil.copyfile": 2,
    "shutil.move": 2,
}
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
OUTSIDE = ("socket.connect", "socket.getaddrinfo", "urllib.Request", "ftplib.connect")
CODE = ("pickle.find_class",)
# What Python and torch ask the system for: no file of anybody.
SYSTEM = ("/proc/", "/sys/", "/dev/null", "/dev/urandom", "/dev/shm/", "/etc/localtime")


class Watcher:
    """Notes every file outside of the allowed folders, every program, every connection.

    Args:
        folders: Where may be read and written; the temporary folder belongs to them.
    """

    def __init__(self, *folders):
        self.events = []
        self.on = False
        installed = {*site.getsitepackages(), *sysconfig.get_paths().values(), sys.prefix}
        self._readable = [str(ROOT), *map(str, installed), sys.base_prefix]
        self._writable = [os.path.realpath(one) for one in (*folders, tempfile.gettempdir())]
        sys.addaudithook(self._hear)

    def __enter__(self):
        self.on = True
        return self

    def __exit__(self, *_):
        self.on = False

    def _hear(self, event, arguments):
        if not self.on:
            return
        if event == "open":
            self._opened(*arguments[:3])
        elif event in CHANGES:
            for path in arguments[: CHANGES[event]]:
                self._check(event, path, self._writable)
        elif event in CODE or event in PROGRAMS or event in OUTSIDE:
            self.events.append(f"{event} {str(arguments)[:200]}")

    def _opened(self, path, mode, flags):
        writes = bool((flags or 0) & WRITES) or (mode and set(mode) & set("wax+"))
        allowed = self._writable if writes else [*self._writable, *self._readable]
        self._check("write" if writes else "read", path, allowed)

    def _check(self, event, path, allowed):
        if isinstance(path, int) or path is None:
            return
        real = os.path.realpath(os.fsdecode(path))
        if real.startswith(SYSTEM):
            return
        if not any(real == one or real.startswith(one.rstrip("/") + "/") for one in allowed):
            self.events.append(f"{event} {real}")
