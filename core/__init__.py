"""The mathematics of the explorer: PyTorch and NumPy, no screen."""
