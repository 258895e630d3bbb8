import numpy as np
import pytest
import torch

SIZES = ((1, 1), (2, 3), (28, 28), (224, 224))


@pytest.fixture
def colour():
    """A colour picture of 40×50 pixels, smooth with some noise."""
    generator = np.random.default_rng(7)
    ramp = np.add.outer(np.arange(40) * 3, np.arange(50) * 2)[:, :, None] + [0, 10, 30]
    return np.clip(ramp + generator.normal(0, 8, (40, 50, 3)), 0, 255).astype(np.uint8)


@pytest.fixture
def grey(colour):
    return colour[:28, :28, 0].copy()


@pytest.fixture(autouse=True)
def global_chance_untouched():
    """No test of this package moves the random numbers that all visitors share."""
    before = torch.get_rng_state()
    yield
    assert torch.equal(before, torch.get_rng_state())


@pytest.fixture
def as_torchvision_draws():
    """Call something as a script would: with the global seed, which is restored afterwards."""

    def run(seed, function, *arguments):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return function(*arguments)

    return run
