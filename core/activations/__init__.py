"""The mathematics of the page on activation functions: curves, neurons, chains and depth."""
