"""What holds for all tests: one thread for small tensors, and no run lands in a real folder."""

import os
import tempfile

import hypothesis
import torch

torch.set_num_threads(1)
os.environ["EXPLORER_RUNS_DIR"] = tempfile.mkdtemp(prefix="explorer-runs-")
# How long an example takes says how busy the machine is, and nothing about the code.
hypothesis.settings.register_profile("explorer", deadline=None)
hypothesis.settings.load_profile("explorer")
