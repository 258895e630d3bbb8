"""Runs scripts as a learner would: in a process that has nothing of this project.

PyTorch takes seconds to import. So one process imports it, does nothing else, and is copied
(`os.fork`) for each script: the script finds a Python in which nothing has happened, after
milliseconds instead of seconds. Where there is no fork, each script has a new Python.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

LONGEST_S = 120
HOST = """
import json, os, runpy, signal, sys, traceback, warnings
import torch

def carry_out(order):
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["folder"])
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(order[name], flags), number)
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", closefd=False)
        for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    sys.argv = [order["script"], *order["words"]]
    warnings.simplefilter("error")
    signal.alarm(order["seconds"])
    status = 0
    try:
        runpy.run_path(order["script"], run_name="__main__")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

for line in sys.stdin:
    order = json.loads(line)
    if order["pictures"]:
        import torchvision.transforms.v2
    if order["learns"]:
        import torch._dynamo  # which every first optimizer of a process imports
    child = os.fork()
    if child == 0:
        carry_out(order)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""

# Many scripts in one process, each with names of its own.
EACH = """
import contextlib, io, json, sys
import torch
def printed(source):
    torch.set_default_dtype(torch.float32)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(source, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue()
print(json.dumps([printed(source) for source in json.load(sys.stdin)]))
"""


class FreshPython:
    """A Python for scripts; it starts with the first one.

    Args:
        folder: An empty folder of its own.
    """

    def __init__(self, folder):
        self._folder = folder
        self._host = None

    def __call__(self, script, *words, stdin="", cwd=None):
        """Run a script; every warning is an error.

        Args:
            script: Its path, or its text.
            words: What stands behind its name on the command line.
            stdin: What it reads from its standard input.
            cwd: The folder in which it runs; None takes that of the script.

        Returns:
            A `subprocess.CompletedProcess` with what it has printed.
        """
        if not isinstance(script, Path):
            text, script = script, self._folder / "script.py"
            script.write_text(text, encoding="utf-8")
        script, folder = script.absolute(), Path(cwd or script.parent).absolute()
        words = [str(word) for word in words]
        if not hasattr(os, "fork"):
            command = [sys.executable, "-I", "-W", "error", str(script), *words]
            more = {"input": stdin, "cwd": folder, "timeout": LONGEST_S}
            return subprocess.run(command, capture_output=True, text=True, check=False, **more)
        return self._copied(script, words, stdin, folder)

    def printed(self, script, *words, **more):
        """Run a script that has to succeed; returns what it prints."""
        done = self(script, *words, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def each(self, sources):
        """Run many scripts, one after the other in one process; returns what each prints."""
        return json.loads(self.printed(EACH, stdin=json.dumps(sources)))

    def close(self):
        """End the process."""
        if self._host is not None:
            self._host.stdin.close()
            self._host.wait()
            self._host.stdout.close()

    def _copied(self, script, words, stdin, folder):
        files = {name: self._folder / name for name in ("stdin", "stdout", "stderr")}
        files["stdin"].write_text(stdin, encoding="utf-8")
        text = script.read_text(encoding="utf-8") + stdin
        order = {
            "script": str(script),
            "words": words,
            "folder": str(folder),
            "env": dict(os.environ),
            "seconds": LONGEST_S,
            "pictures": "torchvision" in text,
            "learns": "torch.optim" in text,
            **{name: str(path) for name, path in files.items()},
        }
        host = self._started()
        host.stdin.write(json.dumps(order) + "\n")
        host.stdin.flush()
        status = int(host.stdout.readline())
        said = [files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr")]
        return subprocess.CompletedProcess([str(script), *words], status, *said)

    def _started(self):
        if self._host is None:
            self._host = subprocess.Popen(
                [sys.executable, "-I", "-c", HOST],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=self._folder,
            )
        return self._host
