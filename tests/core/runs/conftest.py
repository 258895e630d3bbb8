import dataclasses
import time

import pytest
import torch

from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
from core.training.data import prepared_for, sets_of
from core.training.loop import train
from core.training.state import start

SMALL = TrainingConfig(
    model="flatten; dropout 0.2; linear 16; relu; linear 10",
    epochs=12,
    batch_size=8,
    learning_rate=0.001,
    threads=1,
)


def _wait(condition, seconds=90.0):
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def wait():
    return _wait


@pytest.fixture(scope="session")
def small():
    """A run of a second or two."""
    return SMALL


@pytest.fixture(scope="session")
def undisturbed():
    """The weights and rows of a run in this process, never interrupted: the yardstick."""
    sets = sets_of("digits")
    known = {}

    def trained(config):
        if config not in known:
            before = torch.get_num_threads()
            torch.set_num_threads(config.threads)
            prepared = prepared_for(config, sets)
            model, state = start(config, prepared.shape, len(prepared.classes))
            list(train(model, prepared, config, state))
            torch.set_num_threads(before)
            known[config] = model.state_dict(), [numbers(row) for row in state.rows]
        return known[config]

    return trained


def numbers(row):
    """A row without its times."""
    return dataclasses.astuple(row)[:7]


@pytest.fixture(scope="session")
def same_as(undisturbed):
    """Asserts that a finished run is the undisturbed one to the last bit."""

    def check(run, config):
        weights, rows = undisturbed(config)
        found = run.checkpoint()
        assert found.epoch == config.epochs
        assert found.snapshot.weights().keys() == weights.keys()
        for key, value in found.snapshot.weights().items():
            assert torch.equal(value, weights[key]), key
        assert [numbers(row) for row in run.rows()] == rows

    return check


@pytest.fixture
def runner_at():
    """Makes runners and ends them."""
    made = []

    def make(root, **options):
        made.append(LocalRunner(root, **{"slots": 1, **options}))
        return made[-1]

    yield make
    for runner in made:
        runner.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One runner for the tests of a module that kill nothing."""
    runner = LocalRunner(tmp_path_factory.mktemp("runs"), slots=1)
    yield runner
    runner.close()
