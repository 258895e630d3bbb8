"""The lesson on linear regression: what it keeps, answers and shows."""
