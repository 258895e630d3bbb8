"""Real image data sets as tensors: finding, downloading, reading, splitting, dealing out."""
