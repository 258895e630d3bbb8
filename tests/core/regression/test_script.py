import subprocess
import sys

import numpy as np
import pytest

from core.errors import InputError
from core.regression.datasets import DATASETS
from core.regression.descent import Descent
from core.regression.losses import LOSSES
from core.regression.points import Points
from core.regression.script import script

START = (-1.0, 5.0)
RUNS = (
    [(0.05, 7)],
    [(0.1, 3), (0.02, 9)],
    [(0.01, 12), (0.05, 0), (0.02, 12)],
    [(0.1, 0)],
    [],
    [(2.0, 30)],  # diverges
)


def expected_lines(run):
    at, label = run.current, LOSSES[run.loss_name].label
    rmse = LOSSES["mse"].mean(run.points, at.m, at.b) ** 0.5
    return {"m": at.m, "b": at.b, label: at.loss, "RMSE": rmse}


def test_every_script_prints_the_numbers_of_its_run(fresh_python):
    cases, sources = [], []
    for dataset in DATASETS.values():
        points = dataset.make(10, 1.0, np.random.default_rng(5))
        for name in LOSSES:
            for batch_size in (None, 1, 4, 5):
                for segments in RUNS:
                    run = Descent(points, name, START, batch_size, 3)
                    run.replay(segments)
                    cases.append(run)
                    shown = run.segments() or segments
                    sources.append(script(points, name, START, shown, batch_size, 3))
    assert sum(run.diverged for run in cases) >= 20
    for run, printed in zip(cases, fresh_python.each(sources), strict=True):
        wanted = expected_lines(run)
        lines = [line.split(" = ") for line in printed.splitlines()]
        assert [key for key, _ in lines] == list(wanted)
        numbers = {key: float(value) for key, value in lines}
        assert numbers == pytest.approx(wanted, rel=1e-6, abs=1e-6)
        assert (numbers["m"], numbers["b"]) == (wanted["m"], wanted["b"])  # to the last digit


def test_the_course_as_a_process_of_its_own(tmp_path):
    points = Points.from_pairs([(1, 3), (2, 5)])
    file = tmp_path / "line.py"
    file.write_text(script(points, "mse", START, [], None, 0), encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout == "m = -1.0\nb = 5.0\nMSE = 2.5\nRMSE = 1.5811388300841898\n"


def test_it_is_short_and_reads_like_a_training_loop():
    points = Points.from_pairs([(1, 3), (2, 5), (3, 4)])
    for batch_size in (None, 2):
        source = script(points, "mse", START, [(0.1, 3), (0.2, 4)], batch_size, 0)
        assert len(source.splitlines()) <= 40
        assert max(map(len, source.splitlines())) <= 88
        order = ["F.mse_loss(", "zero_grad()", "backward()", "optimizer.step()"]
        assert sorted(order, key=source.index) == order


def test_only_what_is_needed_is_there():
    points = Points.from_pairs([(1, 3), (2, 5), (3, 4), (5, 5)])
    plain = script(points, "huber", START, [(0.1, 20)], None, 0)
    assert "for step in range(20):" in plain
    assert "rates" not in plain
    assert "Generator" not in plain
    whole_epochs = script(points, "huber", START, [(0.1, 20)], 2, 9)
    assert "for epoch in range(10):" in whole_epochs
    assert "manual_seed(9)" in whole_epochs
    assert "break" not in whole_epochs
    assert "optimizer" not in script(points, "huber", START, [], 2, 9)


def test_many_points_are_wrapped():
    points = DATASETS["noisy_line"].make(60, 1.0, np.random.default_rng(0))
    source = script(points, "mae", START, [(0.1, 5)], 8, 1)
    compile(source, "script.py", "exec")
    assert max(map(len, source.splitlines())) <= 88
    assert len(source.splitlines()) < 50


def test_refusals():
    points = Points.from_pairs([(1, 3), (2, 5)])
    with pytest.raises(InputError, match="no loss"):
        script(points, "rmse", START, [], None, 0)
    with pytest.raises(InputError, match="batch"):
        script(points, "mse", START, [], 0, 0)
