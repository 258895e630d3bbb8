"""A small project with the real launcher, a stub server and a stub pip."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Answers the health page, has a child of its own, and notes what it was given.
SERVER = """
import argparse, http.server, json, os, signal, subprocess, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--host")
parser.add_argument("--port", type=int)
given = parser.parse_args()
mode = os.environ.get("STUB_MODE", "")
if mode == "dies":
    sys.exit(7)
if mode == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-I", "-S", "-c", "import time; time.sleep(60)"])
names = ("EXPLORER_DATA_DIR", "EXPLORER_RUNS_DIR")
note = {name: os.environ.get(name) for name in names}
note.update(pids=[os.getpid(), child.pid], cwd=os.getcwd(), host=given.host, port=given.port)
with open("note.json", "w") as file:
    json.dump(note, file)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/_stcore/health" else 404)
        self.end_headers()
    def log_message(self, *words):
        pass
http.server.HTTPServer((given.host, given.port), Handler).serve_forever()
"""

# Stands for the Python of an environment: `-m pip` notes its words and does as it is told.
PYTHON = """#!/bin/sh
if [ "$2" = pip ]; then
    echo "$@" >> "{notes}"
    cat "{folder}/pip-says" >&2 2>/dev/null
    exit "$(cat "{folder}/pip-status" 2>/dev/null || echo 0)"
fi
[ "$1" = -m ] && [ "$2" != explorer.server ] && echo "$2" >> "{folder}/ran" && exit 0
exec "{real}" "$@"
"""


class Launched:
    """A launcher that runs, and what it has printed so far."""

    def __init__(self, process, output):
        self.process = process
        self._output = output

    def text(self):
        return self._output.read_text(encoding="utf-8")

    def wait_for(self, words, seconds=8.0):
        limit = time.monotonic() + seconds
        while words not in self.text():
            assert time.monotonic() < limit, f"{words!r} not in {self.text()!r}"
            assert self.process.poll() is None or words in self.text(), self.text()
            time.sleep(0.02)

    def end(self, signum=signal.SIGINT):
        self.process.send_signal(signum)
        return self.process.wait(timeout=10)


class Project:
    """A project folder with the launcher in it."""

    def __init__(self, root):
        self.root = root
        (root / "explorer").mkdir(parents=True)
        for name in ("__init__.py", "__main__.py"):
            shutil.copy(ROOT / "explorer" / name, root / "explorer" / name)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "explorer" / "launch", root / "explorer" / "launch", ignore=ignore)
        (root / "explorer" / "server.py").write_text(SERVER, encoding="utf-8")
        for name in ("requirements.txt", "constraints.txt"):
            (root / name).write_text("# nothing\n", encoding="utf-8")
        (root / "requirements-test.txt").write_text("-r requirements.txt\n", encoding="utf-8")
        self.running = []

    def start(self, *words, cwd=None, **variables):
        output = self.root / f"output-{len(self.running)}.txt"
        env = {**os.environ, "PYTHONPATH": str(self.root), **variables}
        for name in ("EXPLORER_CURRENT_ENV", "EXPLORER_DATA_DIR", "EXPLORER_RUNS_DIR"):
            env.pop(name, None) if name not in variables else None
        with output.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "explorer", *words],
                cwd=cwd or self.root,
                env=env,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        launched = Launched(process, output)
        self.running.append(launched)
        return launched

    def run(self, *words, **options):
        launched = self.start(*words, **options)
        status = launched.process.wait(timeout=20)
        return status, launched.text()

    def environment(self):
        """Make an environment whose pip installs nothing."""
        folder = self.root / ".venv"
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        packages = folder / "lib" / f"python{version}" / "site-packages"
        put_package(packages, "pip", {"pip/__init__.py": "pass\n"})
        (folder / "bin").mkdir()
        (folder / "pyvenv.cfg").write_text(f"version = {version}.0\n", encoding="utf-8")
        script = PYTHON.format(notes=self.root / "pip-notes", folder=folder, real=sys.executable)
        (folder / "bin" / "python").write_text(script, encoding="utf-8")
        (folder / "bin" / "python").chmod(0o755)
        return folder

    def installations(self):
        """Return the command lines that pip got."""
        notes = self.root / "pip-notes"
        return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def put_package(packages, name, files):
    """Write a package as pip leaves it."""
    info = packages / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    rows = []
    for path, text in files.items():
        (packages / path).parent.mkdir(parents=True, exist_ok=True)
        (packages / path).write_text(text, encoding="utf-8")
        rows.append(f"{path},sha256=x,{len(text)}")
    rows.append(f"{info.name}/RECORD,,")
    (info / "RECORD").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (info / "INSTALLER").write_text("pip\n", encoding="utf-8")
    (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n", encoding="utf-8")
    return info


@pytest.fixture
def project(tmp_path):
    made = Project(tmp_path / "project")
    yield made
    for launched in made.running:
        if launched.process.poll() is None:
            launched.process.kill()
            launched.process.wait()


@pytest.fixture
def children():
    from explorer.launch.children import Children

    with Children() as made:
        yield made


@pytest.fixture
def package_writer():
    return put_package
