"""What holds for all tests: small tensors are computed by one thread, as the server does it."""

import torch

torch.set_num_threads(1)
