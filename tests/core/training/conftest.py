import dataclasses

import pytest
import torch

from core.training.config import TrainingConfig
from core.training.data import prepared_for, sets_of
from core.training.loop import train
from core.training.state import start

SMALL = TrainingConfig(
    model="softmax", train_size=100, epochs=3, batch_size=32, learning_rate=0.003, threads=1
)


@pytest.fixture(scope="session")
def small():
    """Settings that train in a blink."""
    return SMALL


@pytest.fixture(scope="session")
def digits():
    return sets_of("digits")


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def run(digits):
    """Trains with some settings changed; gives model, state and events."""

    def trained(until=None, **changes):
        config = dataclasses.replace(SMALL, **changes)
        prepared = prepared_for(config, digits)
        model, state = start(config, prepared.shape, len(prepared.classes))
        events = []
        for event in train(model, prepared, config, state):
            events.append(event)
            if until is not None and until(event):
                break
        return model, state, events

    return trained
