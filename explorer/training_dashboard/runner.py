"""The one runner of this server, and the example run that everybody may look at."""

import os
import threading
from functools import cache
from pathlib import Path

from core.errors import InputError
from core.runs.directory import RunDirectory, runs_root
from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
from core.vision.models import MODELS

EXAMPLE = "example"  # Whose runs are shown to everybody.
EXAMPLE_NAME = "Fast CNN on digits"
_STARTING = threading.Lock()


def threads() -> int:
    """Return how many CPU threads a run gets: all but what the page needs."""
    return max(1, min(4, (os.cpu_count() or 2)))


def example_config() -> TrainingConfig:
    """Return the run that the page opens on: seconds of work on scikit-learn's digits."""
    recipe = MODELS["fast_cnn"].recipe
    return TrainingConfig(
        dataset="digits",
        validation_share=0.2,
        model=MODELS["fast_cnn"].text,
        epochs=8,
        batch_size=64,
        optimizer=recipe.optimizer,
        learning_rate=recipe.learning_rate,
        schedule=recipe.schedule,
        seed=42,
        threads=threads(),
    )


def root() -> Path:
    """Return the folder of all runs: EXPLORER_RUNS_DIR, or the usual one."""
    given = os.environ.get("EXPLORER_RUNS_DIR")
    return Path(given).expanduser() if given else runs_root()


@cache
def runner() -> LocalRunner:
    """Return the runner, made when it is first asked for."""
    return LocalRunner(root(), threads=threads())


def example() -> RunDirectory | None:
    """Return the newest example run, and start one if there is none."""
    with _STARTING:
        for run in reversed(runner().runs()):
            if _is_example(run):
                return run
        return runner().directory(runner().submit(example_config(), EXAMPLE, EXAMPLE_NAME))


def _is_example(run: RunDirectory) -> bool:
    try:
        spec = run.spec()
    except InputError:
        return False
    usable = runner().status(run.id).state not in ("failed", "stopped", "interrupted")
    return spec.session == EXAMPLE and usable
