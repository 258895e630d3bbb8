"""What the first visitor of the dashboard should not wait for."""

from __future__ import annotations

from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.stage import stage_message


def prepare() -> None:
    """Read the run that the page opens on, with its pictures and its layers."""
    lesson = TrainingDashboard({})
    stage_message(lesson, None)
    board_message(lesson, None)
