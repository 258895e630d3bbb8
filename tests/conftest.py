"""What holds for all tests: one thread for small tensors, and no run lands in a real folder."""

import os
import tempfile

import hypothesis
import pytest
import torch
from fresh_python import FreshPython

torch.set_num_threads(1)
os.environ["EXPLORER_RUNS_DIR"] = tempfile.mkdtemp(prefix="explorer-runs-")
# How long an example takes says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile("explorer", deadline=None)
hypothesis.settings.load_profile("explorer")


@pytest.fixture(scope="session")
def fresh_python(tmp_path_factory):
    """Runs a script in a process that has nothing of this project."""
    python = FreshPython(tmp_path_factory.mktemp("fresh"))
    yield python
    python.close()
