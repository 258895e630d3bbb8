"""The pair of runs and the verdict over seeds, against SciPy's paired test."""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy import stats

from core.augmentation.race import pair, verdict
from core.errors import InputError
from core.training.augmenting import training_part
from core.training.data import prepared_for, sets_of
from core.training.state import start


def test_the_interval_is_that_of_the_paired_t_test():
    chance = np.random.default_rng(3)
    for count in (2, 3, 8):
        without = chance.normal(90, 2, count).tolist()
        along = (np.array(without) + chance.normal(1, 1, count)).tolist()
        said = verdict(without, along)
        test = stats.ttest_rel(along, without)
        expected = test.confidence_interval(0.95)
        assert math.isclose(said.low, expected.low, rel_tol=1e-9)
        assert math.isclose(said.high, expected.high, rel_tol=1e-9)
        assert (said.word == "open") == (test.pvalue > 0.05)


def test_intervals_contain_the_true_difference_as_often_as_they_say():
    chance = np.random.default_rng(0)
    hits = 0
    for _ in range(1500):
        without = chance.normal(80, 3, 3)
        said = verdict(without.tolist(), (without + chance.normal(2, 1.5, 3)).tolist())
        hits += said.low <= 2 <= said.high
    assert abs(hits / 1500 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 1500)


def test_words():
    assert verdict([80, 81, 82], [85, 86.1, 87]).word == "helps"
    assert verdict([85, 86.1, 87], [80, 81, 82]).word == "hurts"
    assert verdict([80, 81, 82], [79, 84, 82]).word == "open"
    assert verdict([80], [90]).word == "open"
    for without, along in (([], []), ([1.0], [1.0, 2.0])):
        with pytest.raises(InputError, match="both runs"):
            verdict(without, along)


def test_the_two_runs_differ_in_nothing_but_the_pipeline():
    plain, changed = pair("digits", 50, 10, 3, "rotation")
    assert replace(changed, augment="") == plain
    assert asdict(changed)["augment"] == "rotation"
    digits = sets_of("digits")
    first, second = (prepared_for(one, digits) for one in (plain, changed))
    assert (first.validation.labels == second.validation.labels).all()
    assert (first.train.labels == second.train.labels).all()
    weights = [list(start(one, (1, 28, 28), 10)[0].parameters()) for one in (plain, changed)]
    assert all((a == b).all() for a, b in zip(*weights, strict=True))
    assert training_part(first, plain) is first.train


def test_large_sets_are_watched_with_a_thousand_pictures():
    assert pair("digits", 50, 1, 0, "")[0].validation_share == 0.5
    assert round(60_000 * pair("mnist", 50, 1, 0, "")[0].validation_share) == 1000
    assert pair("stored:mine", 50, 1, 0, "")[0].validation_share == 0.5
