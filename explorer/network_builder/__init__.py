"""The network builder: what it keeps, answers and shows."""
