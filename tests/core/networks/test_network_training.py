import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.errors import InputError
from core.networks.config import (
    LOSS_NAMES,
    OPTIMIZER_NAMES,
    SCHEDULES,
    LayerConfig,
    NetworkConfig,
)
from core.networks.datasets import DATASETS
from core.networks.losses import LOSSES, default_loss
from core.networks.optimizers import OPTIMIZERS
from core.networks.plane import PlaneData
from core.networks.training import Training
from core.networks.units import activation_names

ACTIVATIONS = [*activation_names(), "=max(0.1*x, x) + 0.2*sin(3*x)"]


def points(name="circles", n=60, noise=0.05, classes=None, share=0.5, seed=1):
    generator = np.random.default_rng(seed)
    return DATASETS[name].make(n, noise, classes, generator).split(share, generator)


def run(config=None, **data):
    return Training(*points(**data), config or NetworkConfig())


def state(training):
    values = [value.tolist() for value in training.model.state_dict().values()]
    place = training.place  # between two epochs the next order is drawn anew
    left = place.order[place.cursor :].tolist() if place.cursor else []
    return training.now, left, place.generator.get_state().tolist(), values


CONTRACTS = (
    [({"name": name, "classes": DATASETS[name].most_classes}, {}) for name in DATASETS]
    + [({}, {"layers": (LayerConfig(4, name),)}) for name in ACTIVATIONS]
    + [({}, {"optimizer": name}) for name in OPTIMIZER_NAMES]
    + [({}, {"loss": name}) for name in LOSS_NAMES]
    + [({"name": "spirals", "classes": 4}, {"loss": name}) for name in LOSS_NAMES]
    + [({}, {"schedule": name}) for name in SCHEDULES]
    + [({}, {"layers": ()}), ({}, {"l1": 0.01, "l2": 0.01}), ({}, {"batch_size": 1000})]
    + [({}, {"layers": (LayerConfig(6, dropout=0.3, batch_norm=True),), "batch_size": 29})]
)


@pytest.mark.parametrize(("data", "change"), CONTRACTS, ids=str)
def test_same_seed_same_run_and_time_travel(data, change):
    """By epoch, by batch, rewound, and gone back in time: always the same digits."""
    training_points, _ = sets = points(**data)
    config = NetworkConfig(**({"loss": default_loss(training_points.classes)} | change))
    one, two = Training(*sets, config), Training(*sets, config)
    initial = state(one)
    assert one.advance_epochs(6) == 6
    while two.epoch < 6:
        assert two.advance_batch() is not None
    assert state(one) == state(two)
    assert [row.epoch for row in one.rows] == list(range(7))
    assert all(math.isfinite(row.training_loss) for row in one.rows)
    assert state(one) != initial

    assert one.go_to(2) == 2
    assert one.now == one.rows[-1]
    one.advance_epochs(4)
    assert str(one.rows) == str(two.rows)  # as text, because NaN is not equal to itself
    assert str(state(one)) == str(state(two))

    one.rewind()
    assert str(state(one)) == str(initial)
    one.advance_epochs(6)
    assert str(state(one)) == str(state(two))


def test_registries_and_config_name_the_same_things():
    assert tuple(LOSSES) == LOSS_NAMES
    assert tuple(OPTIMIZERS) == OPTIMIZER_NAMES


def test_other_seeds_are_other_runs():
    losses = set()
    for seed in range(4):
        training = run(NetworkConfig(seed=seed))
        losses.add(training.now.training_loss)
    assert len(losses) == 4


def test_the_four_points_of_xor_are_learnt_by_the_default_network(record_property):
    training = run(name="xor_exact", share=0.0)
    assert math.isnan(training.now.validation_loss)
    training.advance_epochs(500)
    record_property("loss", training.now.training_loss)
    assert training.now.training_accuracy == 1.0
    assert training.now.training_loss < 0.02


def test_circles_are_learnt_by_the_default_network(record_property):
    training = run(n=500)
    training.advance_epochs(40)
    reached = [row.epoch for row in training.rows if row.validation_loss < 0.05]
    record_property("epochs", reached[0])
    assert reached[0] <= 20
    assert training.now.validation_loss < 0.05


def test_a_straight_line_is_learnt_without_hidden_layers():
    config = NetworkConfig(layers=(), loss="mse")
    training = run(config, name="plane", n=200, noise=0.0)
    training.advance_epochs(60)
    assert training.now.validation_loss < 1e-6
    assert training.model.output.weight[0].tolist() == pytest.approx([0.1, 0.1], abs=1e-3)


def test_examples_batches_and_epochs_are_one_clock():
    training = run(n=52)  # 26 points: batches of 10, 10, 6
    events = [training.advance_batch() for _ in range(3)]
    assert [event.examples for event in events] == [10, 10, 6]
    assert [event.epoch_ended for event in events] == [False, False, True]
    assert (training.epoch, training.step_count) == (1, 3)
    for _ in range(4):
        assert training.advance_example().examples == 1
    assert training.advance_batch().examples == 10
    assert len(training.next_examples) == 10
    assert training.advance_epochs(1) == 1  # what was left of the epoch
    assert (training.epoch, training.step_count) == (2, 10)
    assert sorted(training.place.order.tolist()) == list(range(26))


def test_the_loss_of_an_event_is_that_of_its_batch():
    training = run()
    training.advance_batch()
    batch = training.next_examples
    scores = training.model(training.examples.inputs[batch])
    loss = training.objective.value(scores, training.examples.targets[batch]).item()
    assert training.advance_batch().loss == loss


def test_a_budget_of_time_is_kept_to():
    training = run(n=1000)
    done = training.advance_epochs(10_000, budget_s=0.03)
    assert done < 10_000
    assert training.step_count > 0
    steps = training.step_count
    training.advance_epochs(1, budget_s=0.0)
    assert training.step_count == steps + 1


def test_snapshots_that_follow_each_other_share_what_chance_has_drawn_for_both():
    training = run()  # 624 numbers are drawn at once, and an epoch takes one for each point
    training.advance_epochs(30)
    kept = [one.chance for one in training.history.snapshots.values()]
    assert len({small for small, _ in kept}) == len(kept)
    assert len({id(large) for _, large in kept}) < len(kept) / 2
    before = training.place.generator.get_state()
    training.go_to(10)
    training.advance_epochs(20)
    assert torch.equal(training.place.generator.get_state(), before)


def test_history_is_thinned_and_stays_exact():
    training = run(NetworkConfig(layers=(), batch_size=1000), n=12)
    training.advance_epochs(1100)
    kept = training.history.epochs
    assert len(training.history.snapshots) <= 500
    assert len(training.rows) == 1101
    assert (kept[0], kept[-1]) == (0, 1100)
    assert np.diff(kept[:-1]).max() == 4
    end = state(training)
    assert training.go_to(1001) == 1000
    assert training.now == training.rows[-1]
    assert training.go_to(5000) == 1100  # the end was remembered
    assert state(training) == end
    training.go_to(400)
    training.advance_epochs(700)
    assert state(training) == end


def test_going_back_keeps_the_later_ones_until_it_goes_on():
    training = run()
    training.advance_epochs(8)
    training.advance_batch()
    end = state(training)
    training.go_to(3)
    assert len(training.rows) == 4
    training.go_to(6)
    assert training.now.epoch == 6
    training.go_to(8)
    assert state(training) == end  # the batch after epoch 8 as well
    training.go_to(5)
    training.advance_batch()
    assert training.history.epochs == list(range(6))
    assert training.go_to(8) == 5


def test_divergence_is_noticed_and_said():
    training = run(
        NetworkConfig(loss="mse", layers=(), optimizer="sgd", learning_rate=10.0), name="plane"
    )
    assert training.problem is None
    assert training.advance_epochs(100) < 100
    assert training.diverged
    assert "smaller learning rate" in training.problem
    assert training.advance_batch() is None
    training.go_to(0)
    assert not training.diverged
    training.reconfigure(replace(training.config, learning_rate=0.01))
    assert training.advance_epochs(5) == 5


@pytest.mark.parametrize(
    ("sets", "config", "match"),
    [
        (points("plane"), NetworkConfig(), "MSE or Huber"),
        ((points()[0].take(np.array([], dtype=np.int64)), points()[1]), NetworkConfig(), "one"),
        ((points()[0], points("spirals", classes=3)[1]), NetworkConfig(), "classes"),
    ],
)
def test_refusals(sets, config, match):
    with pytest.raises(InputError, match=match):
        Training(*sets, config)


def test_nothing_touches_the_generator_that_is_shared():
    shared, numpy_shared = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    training = run(NetworkConfig(layers=(LayerConfig(4, dropout=0.5, batch_norm=True),)))
    training.advance_epochs(2)
    training.reconfigure(replace(training.config, layers=(LayerConfig(3),)))
    assert torch.equal(shared, torch.get_rng_state())
    assert np.array_equal(numpy_shared, np.random.get_state()[1])  # noqa: NPY002


def test_one_single_point_can_be_learnt():
    one = PlaneData(np.array([[1, 2]], np.float32), np.array([1]), 2)
    training = Training(one, one, NetworkConfig(layers=(LayerConfig(3, batch_norm=True),)))
    assert training.advance_epochs(30) == 30
    assert training.now.training_loss < training.rows[0].training_loss


def test_an_activation_without_a_value_is_noticed_at_once():
    training = run(NetworkConfig(layers=(LayerConfig(4, "=log(x)"),)))
    assert training.diverged
    assert "another one" in training.problem
    assert training.advance_epochs(3) == 0
    assert training.go_to(0) == 0
    assert training.diverged
    training.reconfigure(NetworkConfig())
    assert not training.diverged
    assert training.advance_epochs(1) == 1
