from itertools import islice

import numpy as np
import pytest

from core.networks.from_scratch import EPOCHS, SEED, initial_weights, numpy_losses, torch_losses

TRUE = {0: 0.283190, 2000: 2.7393e-4, 4000: 1.1045e-4, 6000: 6.7161e-5, 8000: 4.7693e-5}


def start(hidden=4):
    return initial_weights(np.random.RandomState(SEED), hidden)


def test_numpy_and_pytorch_give_the_numbers_of_the_course():
    """PyTorch for a while only; the test of the page goes on with both to the end."""
    by_hand = list(islice(numpy_losses(start()), EPOCHS + 1))
    for epoch, loss in TRUE.items():
        assert by_hand[epoch].loss == pytest.approx(loss, rel=2e-5)
    assert np.round(by_hand[-1].predictions, 3).tolist() == [0.004, 0.995, 0.993, 0.007]
    both = zip(by_hand, torch_losses(start()), strict=False)
    for mine, theirs in islice(both, 800):
        assert mine.epoch == theirs.epoch
        assert mine.loss == pytest.approx(theirs.loss, abs=1e-9)
        assert mine.predictions == pytest.approx(theirs.predictions, abs=1e-9)


def test_the_start_is_the_stream_of_the_course():
    random = np.random.RandomState(42)
    weights = start()
    assert weights.w1[0, 0] == pytest.approx(0.4967141530112327)  # the well-known first number
    assert np.array_equal(weights.w1, random.randn(2, 4))
    assert np.array_equal(weights.w2, random.randn(4, 1))
    assert not weights.b1.any()
    assert not weights.b2.any()


@pytest.mark.parametrize("hidden", [1, 2, 7])
def test_other_sizes_agree_and_leave_the_start_alone(hidden):
    weights = start(hidden)
    before = weights.w1.copy()
    both = zip(numpy_losses(weights, 5.0), torch_losses(weights, 5.0), strict=False)
    for mine, theirs in islice(both, 300):
        assert mine.loss == pytest.approx(theirs.loss, abs=1e-9)
        assert mine.weights.w1 == pytest.approx(theirs.weights.w1, abs=1e-9)
    assert np.array_equal(weights.w1, before)
