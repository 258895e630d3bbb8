import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix
from test_network_training import points, run, state

from core.networks.config import LayerConfig, NetworkConfig
from core.networks.losses import default_loss
from core.networks.probes import (
    accuracy,
    answer,
    confusion,
    dead_units,
    decision_map,
    gradient_norms,
    grid,
    unit_maps,
    values_at,
    wilson,
)
from core.networks.training import Training

DEEP = NetworkConfig(
    features=("x1", "product", "sin_x2"),
    layers=(LayerConfig(5, "relu", dropout=0.5, batch_norm=True), LayerConfig(3)),
)


def spirals(epochs=3, **change):
    sets = points("spirals", classes=3)
    training = Training(*sets, replace(DEEP, loss="cross_entropy", **change))
    training.advance_epochs(epochs)
    return training


def test_the_grid_is_painted_from_the_top_left():
    places = grid(3, 6.0)
    assert places[0].tolist() == [-4.0, 4.0]
    assert places[1].tolist() == [0.0, 4.0]
    assert places[-1].tolist() == [4.0, -4.0]


def test_maps_are_the_forward_pass_at_every_place():
    training = spirals()
    before = state(training)
    maps = unit_maps(training.model, 10)
    assert maps.shape == (3 + 5 + 3 + 3, 10, 10)
    assert maps.dtype == np.float32
    decisions = decision_map(training.model, training.objective, 10)
    assert decisions.shape == (10, 10, 3)
    places = grid(10).reshape(10, 10, 2)
    for row, column in ((0, 0), (3, 7), (9, 2)):
        x1, x2 = places[row, column].tolist()
        columns = values_at(training.model, x1, x2)
        flat = [value for one in columns for value in one]
        assert maps[:, row, column] == pytest.approx(flat, abs=1e-6)
        assert columns[0] == pytest.approx([x1, x1 * x2, math.sin(x2)], abs=1e-6)
        said = answer(training.model, training.objective, x1, x2)
        assert decisions[row, column] == pytest.approx(said, abs=1e-6)
        assert said == pytest.approx(columns[-1], abs=1e-6)
    assert decisions.sum(axis=2) == pytest.approx(1, abs=1e-5)
    assert training.model.training
    assert state(training) == before


def test_two_classes_and_regression():
    two = run()
    shown = decision_map(two.model, two.objective, 6)
    assert shown.shape == (6, 6, 2)
    assert shown[..., 1] == pytest.approx(unit_maps(two.model, 6)[-1], abs=1e-6)
    line = run(NetworkConfig(loss="mse"), name="plane")
    shown = decision_map(line.model, line.objective, 6)
    assert shown.shape == (6, 6, 1)
    assert shown[..., 0] == pytest.approx(unit_maps(line.model, 6)[-1], abs=1e-6)
    assert confusion(line.model, line.objective, line.training).shape == (0, 0)
    share, interval = accuracy(line.model, line.objective, line.training)
    assert math.isnan(share)
    assert interval == (0.0, 1.0)


@pytest.mark.parametrize(("name", "classes"), [("circles", 2), ("spirals", 5), ("gaussians", 6)])
def test_confusion_is_that_of_scikit_learn(name, classes):
    sets = points(name, n=300, noise=0.3, classes=classes)
    training = Training(*sets, NetworkConfig(loss=default_loss(classes)))
    training.advance_epochs(5)
    data = training.validation
    said = [
        int(np.argmax(answer(training.model, training.objective, *place)))
        for place in data.x.tolist()
    ]
    wanted = confusion_matrix(data.y, said, labels=range(classes))
    assert np.array_equal(confusion(training.model, training.objective, data), wanted)
    share, (low, high) = accuracy(training.model, training.objective, data)
    assert share == training.now.validation_accuracy == np.trace(wanted) / len(data)
    assert low < share < high


def test_wilson_is_that_of_scipy_and_of_the_literature():
    for right, of in ((0, 10), (3, 10), (118, 125), (50, 50), (1, 1)):
        wanted = binomtest(right, of).proportion_ci(0.95, "wilson")
        assert wilson(right, of) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_gradient_norms_are_those_of_backward():
    training = run()
    training.advance_epochs(2)
    norms = gradient_norms(training)
    model, examples = training.model, training.examples
    model.zero_grad()
    training.objective.value(model(examples.inputs), examples.targets).backward()
    for norm, linear in zip(norms, model.linears(), strict=True):
        parts = torch.cat([linear.weight.grad.flatten(), linear.bias.grad])
        assert norm == pytest.approx(parts.norm().item(), rel=1e-5)


def test_dead_units_are_found():
    config = NetworkConfig(layers=(LayerConfig(4, "relu"), LayerConfig(3), LayerConfig(2, "relu")))
    training = run(config)
    training.set_bias(0, 1, -100.0)
    training.set_bias(0, 3, -100.0)
    training.set_bias(2, 0, 50.0)
    first, last = dead_units(training)
    assert set(first.units) >= {1, 3}
    assert 0 not in last.units
    assert (first.layer, last.layer, first.of, last.of) == (0, 2, 4, 2)
    assert first.share == len(first.units) / 4
    assert dead_units(run()) == []
