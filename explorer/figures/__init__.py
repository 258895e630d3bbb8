"""Figures at rest: pure functions from data to a Plotly figure."""
