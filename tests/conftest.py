"""What holds for all tests: one thread for small tensors, and no run lands in a real folder."""

import os
import tempfile

import torch

torch.set_num_threads(1)
os.environ["EXPLORER_RUNS_DIR"] = tempfile.mkdtemp(prefix="explorer-runs-")
