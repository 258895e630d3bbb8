"""The lesson on activation functions: what it keeps, answers and shows."""
