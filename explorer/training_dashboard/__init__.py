"""The training dashboard: what it keeps, answers and shows."""
