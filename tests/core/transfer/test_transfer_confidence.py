"""Temperature, calibration error and "none of these"."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from sklearn.covariance import EmpiricalCovariance
from torch.nn import functional as F

from core.errors import InputError
from core.transfer.calibration import calibrated, calibration_error, reliability, temperature
from core.transfer.rejecting import reject_threshold


def honest(count, classes, seed=0):
    """Logits, and targets that are drawn from just these probabilities."""
    chance = torch.Generator().manual_seed(seed)
    logits = 2 * torch.randn(count, classes, generator=chance)
    targets = torch.multinomial(logits.softmax(1), 1, generator=chance)[:, 0]
    return logits, targets


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
def test_the_temperature_finds_the_factor_that_was_put_in(factor):
    logits, targets = honest(20_000, 4)
    assert temperature(logits * factor, targets) == pytest.approx(factor, rel=0.05)


def test_the_temperature_is_the_lowest_point_of_the_cross_entropy():
    logits, targets = honest(300, 3)

    def loss(t):
        return float(F.cross_entropy(logits.double() * 3 / t, targets))

    best = minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-8}).x
    assert temperature(logits * 3, targets, careful=False) == pytest.approx(best, rel=1e-4)


def test_ten_right_answers_do_not_make_a_certainty():
    logits = 5 * F.one_hot(torch.arange(10) % 2).float()
    targets = torch.arange(10) % 2
    assert temperature(logits, targets, careful=False) == pytest.approx(0.05)
    sure = calibrated(logits, temperature(logits, targets)).max(1).values
    assert sure.tolist() == pytest.approx([11 / 12] * 10, abs=1e-6)  # Laplace's rule


def test_without_pictures_nothing_is_changed():
    assert temperature(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64)) == 1.0


def test_the_calibration_error_of_two_bins_by_hand():
    shares = torch.tensor([[0.9, 0.1], [0.9, 0.1], [0.3, 0.7], [0.7, 0.3]])
    targets = torch.tensor([0, 1, 1, 1])
    # Two at 0.9, half of them right; two at 0.7, half of them right.
    assert calibration_error(shares, targets, 10) == pytest.approx(0.5 * 0.4 + 0.5 * 0.2)
    filled = [one for one in reliability(shares, targets, 10) if one.count]
    assert [(one.count, one.accuracy) for one in filled] == [(2, 0.5), (2, 0.5)]


def test_a_temperature_brings_the_calibration_error_down():
    logits, targets = honest(4000, 5)
    seen, new = slice(0, 2000), slice(2000, 4000)
    proud = 3 * logits
    t = temperature(proud[seen], targets[seen])
    before = calibration_error(proud[new].softmax(1), targets[new])
    after = calibration_error(calibrated(proud[new], t), targets[new])
    assert before > 0.15
    assert after < 0.04


def spheres(seed=0):
    """Own pictures of two classes, new ones of both, and pictures of something else."""
    chance = torch.Generator().manual_seed(seed)

    def around(at, count):
        centre = torch.zeros(64)
        centre[at] = 12.0
        return centre + torch.randn(count, 64, generator=chance)

    own, new = (torch.cat([around(0, 40), around(1, 40)]) for _ in range(2))
    return own, new, around(2, 80)


def test_none_of_these_keeps_ones_own_and_refuses_the_rest():
    own, new, other = spheres()
    threshold = reject_threshold(own)
    assert (threshold.distances(new) <= threshold.distance).float().mean() > 0.85
    assert (threshold.distances(other) > threshold.distance).all()
    assert 0.9 <= threshold.kept <= 1.0


def test_the_distance_is_the_mean_to_the_nearest_three_of_length_one():
    own, new, _ = spheres()
    unit = own.numpy() / np.linalg.norm(own.numpy(), axis=1, keepdims=True)
    one = new.numpy() / np.linalg.norm(new.numpy(), axis=1, keepdims=True)
    every = np.linalg.norm(one[:, None] - unit[None], axis=2)
    threshold = reject_threshold(own)
    assert np.allclose(threshold.distances(new), np.sort(every, 1)[:, :3].mean(1), atol=1e-5)
    assert (threshold.neighbours(new)[:, 0].numpy() == every.argmin(1)).all()


def test_the_bound_keeps_the_share_that_was_asked_for():
    chance = torch.Generator().manual_seed(0)
    own, new = (torch.randn(2000, 8, generator=chance) for _ in range(2))
    for share in (0.05, 0.2):
        threshold = reject_threshold(own, far=share)
        refused = float((threshold.distances(new) > threshold.distance).float().mean())
        assert refused == pytest.approx(share, abs=0.03)
        assert threshold.kept == pytest.approx(1 - share, abs=0.01)


def test_copies_of_a_picture_do_not_make_everything_else_far():
    own, new, other = spheres()
    frames = own.repeat_interleave(5, 0) + 0.001
    groups = torch.arange(80).repeat_interleave(5)
    alone, together = reject_threshold(frames), reject_threshold(frames, groups=groups)
    assert (alone.distances(new) > alone.distance).float().mean() > 0.9
    assert (together.distances(new) <= together.distance).float().mean() > 0.8
    assert (together.distances(other) > together.distance).all()


def test_confidence_counts_too():
    own, _, _ = spheres()
    judged = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.55, 0.45]])
    assert 0.4 < reject_threshold(own, judged).confidence < 0.55
    assert reject_threshold(own, judged, unsure=0).confidence == 0
    assert reject_threshold(own).confidence == 0


def test_a_single_picture_sets_no_bound_but_nothing_breaks():
    assert reject_threshold(torch.ones(1, 4)).distance == 2.0
    with pytest.raises(InputError):
        reject_threshold(torch.zeros(0, 4))


def test_mahalanobis_is_no_help_where_pictures_are_fewer_than_features():
    """Why the nearest neighbours are used: the covariance of few pictures cannot be inverted."""
    own, _, _ = spheres()
    assert np.linalg.matrix_rank(EmpiricalCovariance().fit(own[:20].numpy()).covariance_) < 64
