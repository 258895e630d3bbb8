"""What holds for all tests: one thread for small tensors, and no run lands in a real folder."""

import atexit
import importlib
import os
import shutil
import tempfile

# Before NumPy comes: where files run beside each other, a second thread only turns in circles
# and waits for a core (measured: eight times as slow).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis
import pytest
from fresh_python import FreshPython

# The other core has tests of its own, and threads of a run would wait for each other there.
os.environ.setdefault("EXPLORER_THREADS", "1")
# Tests that ask ONNX Runtime themselves report to nobody, as `core.onnx_session` does not.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ["EXPLORER_RUNS_DIR"] = tempfile.mkdtemp(prefix="explorer-runs-")
atexit.register(shutil.rmtree, os.environ["EXPLORER_RUNS_DIR"], ignore_errors=True)
# How long an example takes says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile("explorer", deadline=None)
hypothesis.settings.load_profile("explorer")
# Begun first, so that at the end no worker of pytest-xdist is alone with a long file.
LONG = (
    "test_types.py",
    "test_hostile_files.py",
    "test_run_accidents.py",
    "test_run_workers.py",
    "test_training_script.py",
    "test_transfer_exports.py",
    "test_transfer_taking.py",
    "test_training_taking.py",
    "test_leaving.py",
    "test_faults_killed.py",
    "test_faults_survived.py",
    "test_training_dashboard.py",
    "test_transfer_learning.py",
    "test_activations.py",
    "test_augmentation_race.py",
    "test_access.py",
    "test_augmentation.py",
    "test_network_builder.py",
)


def pytest_collection(session):
    """Where tests are collected; not where pytest-xdist only hands them out."""
    if getattr(session.config.option, "dist", "no") == "no":
        importlib.import_module("torch").set_num_threads(1)


def pytest_collection_modifyitems(items):
    place = {name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(scope="session")
def fresh_python(tmp_path_factory):
    """Runs a script in a process that has nothing of this project."""
    python = FreshPython(tmp_path_factory.mktemp("fresh"))
    yield python
    python.close()
