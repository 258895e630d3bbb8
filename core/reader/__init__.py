"""A drawn or photographed digit, brought to MNIST's form and read."""
