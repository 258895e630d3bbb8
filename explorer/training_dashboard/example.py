"""The run that the page opens on: trained before by ``make_example``, shown to everybody."""

from contextlib import suppress
from functools import cache
from pathlib import Path

from core.errors import InputError
from core.runs.arriving import arrive
from core.runs.directory import RunDirectory
from core.training.config import TrainingConfig
from core.vision.models import MODELS
from explorer.training_dashboard.runner import runner

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "assets" / "example_run"
EXAMPLE = "example"  # Whose runs are shown to everybody.
EXAMPLE_NAME = "Fast CNN on digits"
THREADS = 2


def example_config() -> TrainingConfig:
    """Return what the example trains: seconds of work on scikit-learn's digits."""
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
        threads=THREADS,
    )


@cache
def shipped() -> Path:
    """Return the directory of the example as it comes with the explorer."""
    (found,) = (path for path in SHIPPED.iterdir() if path.is_dir())
    return found


def example() -> RunDirectory | None:
    """Return the example run, copied into the folder of runs if it is not there.

    None where the disk does not take it.
    """
    with suppress(InputError):
        return runner().directory(shipped().name)
    with suppress(OSError, InputError):
        arrive(shipped(), runner().root)
        return runner().directory(shipped().name)
    return None
