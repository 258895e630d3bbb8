"""Who waits for a run is told how many are before theirs."""

from dataclasses import replace

import pytest

from core.runs.status import RunStatus
from explorer.training_dashboard.curves import Run
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.stage import stage_message


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(0, "next in the queue"), (1, "1 run before yours"), (7, "7 runs before yours")],
)
def test_a_queued_run_shows_its_place(monkeypatch, ahead, words):
    lesson = TrainingDashboard({})
    status = replace(RunStatus("queued", epochs=3), ahead=ahead)
    monkeypatch.setattr(lesson, "status", lambda: status)
    monkeypatch.setattr(lesson, "shown", lambda run: Run(run, "Mine", "guest", 3, [], [], [], 1))
    header, _ = stage_message(lesson, None)
    assert header["run"]["where"] == f"Mine: {words}"
    assert header["run"]["live"]
