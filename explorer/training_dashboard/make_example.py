"""How the shipped example was trained: ``python -m explorer.training_dashboard.make_example``."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from core.runs.directory import RunDirectory
from core.runs.local import LocalRunner
from explorer.training_dashboard.example import EXAMPLE, EXAMPLE_NAME, SHIPPED, example_config

LONGEST_S = 600.0


def main() -> str | None:
    """Train the example as any run is trained, and put it where it ships from.

    Returns what went wrong, or None.
    """
    with tempfile.TemporaryDirectory() as folder:
        runner = LocalRunner(Path(folder))
        run = runner.directory(runner.submit(example_config(), EXAMPLE, EXAMPLE_NAME))
        until = time.monotonic() + LONGEST_S
        while not runner.status(run.id).ended and time.monotonic() < until:
            runner.watch(run.id)
            time.sleep(0.1)
        runner.close()
        if run.status().state != "finished":
            return f"The run did not finish: {run.status().message}"
        _keep(run)
    return None


def _keep(run: RunDirectory) -> None:
    """Copy the run without the lock and without epochs that nobody asks for."""
    for other in SHIPPED.glob("2*"):
        shutil.rmtree(other)
    shutil.copytree(run.path, SHIPPED / run.id, ignore=shutil.ignore_patterns("lock"))
    kept = {run.best_epoch(), run.epochs()[-1]}
    for path in (SHIPPED / run.id / "checkpoints").iterdir():
        if int(path.stem.split("_")[1]) not in kept:
            path.unlink()


if __name__ == "__main__":
    sys.exit(main())
