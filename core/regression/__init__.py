"""The mathematics of the linear regression page: points, losses, gradients and descent."""
