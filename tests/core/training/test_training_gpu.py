"""The path through a graphics card; skipped where there is none."""

import dataclasses
import subprocess
import time

import pytest
import torch

from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
from core.training.data import prepared_for
from core.training.loop import train
from core.training.race import lanes, race_of_lanes
from core.training.state import start

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card here")
CONFIG = TrainingConfig(
    model="conv 8 3 2; bn; relu; maxpool 2; flatten; dropout 0.2; linear 10",
    epochs=3,
    learning_rate=0.01,
    device="cuda",
    threads=1,
)


def trained(config, sets, until=None, snapshot=None):
    prepared = prepared_for(config, sets)
    model, state = start(config, prepared.shape, len(prepared.classes))
    if snapshot is not None:
        state.restore(snapshot, model)
    for event in train(model, prepared, config, state):
        if until is not None and type(event).__name__ == "EpochEnded" and event.epoch == until:
            break
    return model, state


def test_the_whole_set_lies_on_the_card_and_it_learns(digits):
    prepared = prepared_for(CONFIG, digits)
    assert prepared.train.images.is_cuda
    assert prepared.train.labels.is_cuda
    for mixed in (False, True):
        _, state = trained(dataclasses.replace(CONFIG, mixed_precision=mixed), digits)
        assert state.rows[-1].validation_accuracy > 0.8
        assert state.rows[-1].training_loss < state.rows[0].training_loss


@pytest.mark.parametrize("mixed", [False, True])
def test_a_run_on_the_card_goes_on_from_a_checkpoint(digits, mixed):
    config = dataclasses.replace(CONFIG, mixed_precision=mixed)
    _, whole = trained(config, digits)
    model, state = trained(config, digits, until=1)
    snapshot = state.capture(model)
    assert all(not tensor.is_cuda for tensor in snapshot.tensors.values())
    _, resumed = trained(config, digits, snapshot=snapshot)
    assert resumed.epoch == 3
    for one, other in zip(whole.rows, resumed.rows, strict=True):
        assert one.validation_loss == pytest.approx(other.validation_loss, rel=0.15, abs=0.05)


def test_the_memory_is_free_when_the_run_has_ended(tmp_path):
    runner = LocalRunner(tmp_path, slots=1)
    run = runner.submit(dataclasses.replace(CONFIG, epochs=1), "me")
    pid, until = 0, time.monotonic() + 120
    while not runner.status(run).ended:
        pid = runner.status(run).pid or pid
        assert time.monotonic() < until
        time.sleep(0.02)
    assert runner.status(run).state == "finished", runner.status(run).message
    asked = ("nvidia-smi", "--query-compute-apps=pid", "--format=csv,noheader")
    while str(pid) in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
        assert time.monotonic() < until, "its process still holds the card"
        time.sleep(0.2)
    runner.close()


def test_the_race_has_a_lane_for_the_card():
    assert [lane.device for lane in lanes(1)][:2] == ["cpu", "cuda"]
    answers = list(race_of_lanes(CONFIG, seconds=0.5).follow())
    assert {line["lane"] for line in answers} >= {0, 1}
