from dataclasses import replace

import numpy as np
import pytest
import torch
from test_network_training import points, run, state

from core.errors import InputError
from core.networks.config import LayerConfig, NetworkConfig
from core.networks.plane import from_points


def weights(training):
    return [parameter.detach().clone() for parameter in training.model.parameters()]


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": 0.5},
        {"schedule": "step"},
        {"l1": 0.1},
        {"l2": 0.1},
        {"batch_size": 3},
        {"layers": (LayerConfig(4, dropout=0.2), LayerConfig(2))},
    ],
)
def test_settings_of_the_training_reset_nothing(change):
    training = run()
    training.advance_epochs(3)
    training.advance_batch()
    before, memory = weights(training), training._snapshot().memory
    assert training.reconfigure(replace(training.config, **change)) == []
    assert same(before, weights(training))
    assert str(memory) == str(training._snapshot().memory)
    assert training.history.epochs == [0, 1, 2, 3]
    training.advance_epochs(2)
    assert training.epoch == 5
    assert not same(before, weights(training))


def test_a_new_learning_rate_counts_at_once():
    training = run(NetworkConfig(optimizer="sgd"))
    training.advance_batch()
    training.reconfigure(replace(training.config, learning_rate=1e-9))
    before = weights(training)
    training.advance_batch()
    moved = max((a - b).abs().max() for a, b in zip(before, weights(training), strict=True))
    assert moved < 1e-7


def test_another_optimizer_keeps_the_weights_and_says_so():
    training = run()
    training.advance_epochs(3)
    before = weights(training)
    said = training.reconfigure(replace(training.config, optimizer="momentum"))
    assert said == ["The weights stay; Momentum starts without memory of earlier steps."]
    assert same(before, weights(training))
    assert training.go_to(1) == 1  # a snapshot of the other optimizer
    training.advance_epochs(1)


def test_another_loss_keeps_the_weights_where_the_outputs_stay():
    training = run()
    training.advance_epochs(2)
    before = weights(training)
    said = training.reconfigure(replace(training.config, loss="huber"))
    assert (
        said == ["The weights stay; from here on the curves show the Huber."] or "Huber" in said[0]
    )
    assert same(before, weights(training))
    said = training.reconfigure(replace(training.config, loss="cross_entropy"))
    assert "The output layer is newly initialised." in said
    assert same(before[:4], weights(training)[:4])
    training.advance_epochs(1)


def test_another_structure_keeps_what_fits_and_can_be_undone():
    training = run()
    training.advance_epochs(4)
    before, said_of_old = state(training), weights(training)
    layers = (LayerConfig(6), LayerConfig(2, "relu"))
    said = training.reconfigure(replace(training.config, layers=layers))
    assert said[0] == "Hidden layer 1 keeps its weights; 2 new units freshly initialised."
    assert "time machine" in said[-1]
    assert torch.equal(training.model.linears()[0].weight[:4], said_of_old[0])
    assert training.history.epochs == [4]
    assert [row.epoch for row in training.rows] == [0, 1, 2, 3, 4]
    training.advance_epochs(2)
    assert training.history.epochs == [4, 5, 6]
    assert training.can_undo
    assert training.undo()
    assert state(training) == before
    assert training.config.layers == (LayerConfig(4), LayerConfig(2))
    assert not training.can_undo
    assert not training.undo()
    training.advance_epochs(2)
    straight = run()
    straight.advance_epochs(6)
    assert state(training) == state(straight)
    assert training.rows == straight.rows


@pytest.mark.parametrize("change", [{"seed": 7}, {"initialisation": "he"}])
def test_other_initial_weights_rewind(change):
    training = run()
    training.advance_epochs(3)
    said = training.reconfigure(replace(training.config, **change))
    assert "starts anew" in said[0]
    assert training.epoch == 0
    assert state(training) == state(run(NetworkConfig(**change)))


def test_more_noise_keeps_the_weights():
    training = run()
    training.advance_epochs(3)
    training.advance_batch()
    before = weights(training)
    assert "stay" in training.use_data(*points(noise=0.4))[0]
    assert same(before, weights(training))
    assert training.now.training_loss == training.rows[-1].training_loss
    assert training.advance_epochs(1) == 1
    assert sorted(training.place.order.tolist()) == list(range(30))


def test_other_tasks_change_only_the_outputs():
    training = run()
    training.advance_epochs(3)
    hidden = weights(training)[:4]
    with pytest.raises(InputError, match="MSE"):
        training.use_data(*points("plane"))
    assert same(hidden, weights(training)[:4])
    assert training.config.loss == "bce"
    said = training.use_data(*points("plane"), loss="mse")
    assert "The output layer is newly initialised." in said
    assert same(hidden, weights(training)[:4])
    training.use_data(*points("spirals", classes=3), loss="cross_entropy")
    assert same(hidden, weights(training)[:4])
    training.advance_epochs(2)
    training.undo()
    training.undo()
    assert training.config.loss == "bce"
    assert (training.epoch, training.objective.classes) == (3, 2)
    training.advance_epochs(1)


def test_own_points_one_after_another():
    training = run()
    grown = [(0.0, 0.0, 0)]
    for index in range(5):
        grown.append((index / 2, 1.0, index % 2))
        data = from_points(grown)
        training.use_data(*data.split(0, np.random.default_rng(0)))
        training.advance_epochs(1)
    assert training.epoch == 5


def test_weights_and_biases_by_hand():
    training = run()
    training.advance_epochs(2)
    training.advance_batch()
    before = state(training)
    for value in (0.5, 1.0, 1.5):  # one drag
        training.set_weight(1, 0, 3, value)
    assert training.model.linears()[1].weight[0, 3].item() == 1.5
    training.set_bias(2, 0, -0.25)
    assert training.model.output.bias[0].item() == -0.25
    training.undo()
    training.undo()
    assert state(training) == before
    training.advance_epochs(1)


def test_an_edit_at_the_end_of_an_epoch_is_in_curve_and_history():
    training = run()
    training.advance_epochs(5)
    training.go_to(3)
    training.set_weight(0, 0, 0, 9.0)
    assert training.history.epochs == [0, 1, 2, 3]
    assert training.rows[-1] == training.now
    training.advance_epochs(1)
    training.go_to(3)
    assert training.model.linears()[0].weight[0, 0].item() == 9.0


@pytest.mark.parametrize(
    "arguments", [(3, 0, 0, 1.0), (0, 4, 0, 1.0), (0, 0, 2, 1.0), (-1, 0, 0, 1.0), (0, 0, 0, 1e3)]
)
def test_weights_that_are_not_there(arguments):
    training = run()
    with pytest.raises(InputError):
        training.set_weight(*arguments)
    with pytest.raises(InputError):
        training.set_bias(0, 4, 0.0)
    with pytest.raises(InputError):
        training.set_bias(0, 0, float("nan"))
    assert not training.can_undo
