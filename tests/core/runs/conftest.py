import dataclasses
import time

import pytest
import torch

from core.runs.local import LocalRunner
from core.training.config import TrainingConfig
from core.training.data import prepared_for, sets_of
from core.training.events import EpochEnded
from core.training.loop import train
from core.training.state import start

# It goes on until it is stopped: however busy the machine is, no run has ended before it is paused.
SMALL = TrainingConfig(
    model="flatten; dropout 0.2; linear 16; relu; linear 10",
    epochs=1000,
    train_size=400,
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
    """A run of a second for every dozen epochs, with more of them than any test waits for."""
    return SMALL


@pytest.fixture(scope="session")
def stop_after():
    """Lets a run go on up to an epoch at least, then stops it."""

    def stop(runner, run, epoch):
        rows = runner.directory(run).rows
        wanted = ("running", "paused")
        _wait(lambda: runner.status(run).ended or (rows() and rows()[-1].epoch >= epoch))
        assert runner.status(run).state in wanted, runner.status(run).message
        runner.stop(run)
        _wait(lambda: runner.status(run).ended)
        assert runner.status(run).state == "stopped", runner.status(run).message

    return stop


class Yardstick:
    """A run in this process, never interrupted; it goes as far as somebody has asked for.

    Args:
        config: What is learnt.
    """

    def __init__(self, config):
        prepared = prepared_for(config, sets_of("digits"))
        self._threads = config.threads
        self._model, self._state = start(config, prepared.shape, len(prepared.classes))
        self._events = train(self._model, prepared, config, self._state)
        self._weights = {}

    def after(self, epoch):
        """The weights and the rows of the first epochs."""
        before = torch.get_num_threads()
        torch.set_num_threads(self._threads)
        while epoch not in self._weights:
            if isinstance(next(self._events), EpochEnded):
                weights = {key: one.clone() for key, one in self._model.state_dict().items()}
                self._weights[self._state.epoch] = weights
        torch.set_num_threads(before)
        return self._weights[epoch], [numbers(row) for row in self._state.rows[:epoch]]


def numbers(row):
    """A row without its times."""
    return dataclasses.astuple(row)[:7]


@pytest.fixture(scope="session")
def same_as():
    """Asserts that what a run has kept is the undisturbed one to the last bit."""
    known = {}

    def check(run, config):
        kind = dataclasses.replace(config, epochs=SMALL.epochs)
        if kind not in known:
            known[kind] = Yardstick(kind)
        found = run.checkpoint()
        weights, rows = known[kind].after(found.epoch)
        assert found.epoch == config.epochs or run.status().state == "stopped"
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
