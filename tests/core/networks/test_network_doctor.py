"""What the doctor finds in real runs, and whether his remedies change it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from test_network_training import points, run, state

from core.networks.config import LayerConfig, NetworkConfig
from core.networks.dealing import deal
from core.networks.doctor import diagnose
from core.networks.plane import from_points
from core.networks.training import Training


def treated(training):
    """The run after the remedy, as the page carries it out."""
    remedy = diagnose(training).remedy
    changes, layers = dict(remedy.changes), training.config.layers
    if "activation" in changes:
        name = changes.pop("activation")
        changes["layers"] = tuple(replace(layer, activation=name) for layer in layers)
    if "add_layer" in changes:
        changes["layers"] = (*layers, LayerConfig(changes.pop("add_layer")))
    training.reconfigure(replace(training.config, **changes))
    if remedy.rewind:
        training.rewind()
    return training


def test_nothing_learnt_and_healthy():
    training = run(n=500)
    assert diagnose(training).level == "ok"
    assert "Press play" in diagnose(training).text
    training.advance_epochs(60)
    found = diagnose(training)
    assert (found.level, found.remedy) == ("ok", None)
    now = training.now
    assert f"training loss {now.training_loss:.3g}" in found.text
    assert f"validation loss {now.validation_loss:.3g}" in found.text


def test_the_numbers_are_those_of_the_loss_that_is_in_force():
    training = run(n=500)
    training.advance_epochs(60)
    training.reconfigure(replace(training.config, loss="mse"))
    assert f"training loss {training.now.training_loss:.3g}" in diagnose(training).text


def test_divergence_and_a_smaller_rate():
    config = NetworkConfig(optimizer="sgd", learning_rate=10.0, layers=(), loss="mse")
    training = run(config, name="plane", n=200)
    training.advance_epochs(30)
    found = diagnose(training)
    assert training.diverged
    assert (found.level, found.remedy.label) == ("warning", "Learning rate 1, from the start")
    for rate in (1.0, 0.1, 0.01):
        if not training.diverged:
            break
        treated(training)
        assert (training.config.learning_rate, training.epoch) == (rate, 0)
        training.advance_epochs(20)
    assert not training.diverged
    assert diagnose(training).level == "ok"


def test_an_activation_without_values():
    training = run(NetworkConfig(layers=(LayerConfig(4, "=log(x)"),)))
    assert diagnose(training).remedy.label == "Take tanh"
    assert diagnose(treated(training)).level == "ok"


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_units_that_start_alike(activation):
    training = run(NetworkConfig(initialisation="zero", layers=(LayerConfig(4, activation),)))
    training.advance_epochs(30)
    weight = training.model.linears()[0].weight
    assert torch.allclose(weight, weight[0].expand_as(weight), atol=1e-6)
    assert "stay alike" in diagnose(training).text
    assert treated(training).epoch == 0
    assert "alike" not in diagnose(training).text
    weight = training.model.linears()[0].weight
    assert not torch.allclose(weight, weight[0].expand_as(weight), atol=1e-2)


def test_dead_relus():
    training = run(NetworkConfig(layers=(LayerConfig(4, "relu"), LayerConfig(3, "relu"))))
    training.advance_epochs(2)
    training.set_bias(1, 0, -50)
    assert "ReLU units" not in diagnose(training).text  # one of three
    training.set_bias(1, 2, -50)
    found = diagnose(training)
    assert "2 of the 3 ReLU units of hidden layer 2" in found.text
    treated(training)
    assert {layer.activation for layer in training.config.layers} == {"leaky_relu"}
    assert training.model.linears()[1].bias[0].item() == -50  # The weights stay.
    assert "ReLU units" not in diagnose(training).text


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_saturation(activation, dropout):
    training = run(NetworkConfig(layers=(LayerConfig(4, activation, dropout),), l2=0.01))
    assert "flat ends" not in diagnose(training).text
    for to in range(4):
        for source in range(2):
            value = training.model.linears()[0].weight[to, source].item()
            training.set_weight(0, to, source, 100.0 if value > 0 else -100.0)
    found = diagnose(training)
    assert "hidden layer 1" in found.text
    assert "flat ends" in found.text
    with torch.no_grad():
        sums = training.examples.inputs @ training.model.linears()[0].weight.T
    said = torch.tanh(sums / (1 if activation == "tanh" else 2))  # 2σ(x) − 1 = tanh(x/2)
    share = (said.abs() > 0.995).float().mean().item()
    assert found.text.startswith(f"{share:.0%}")
    assert found.remedy.label == "L2 0.03 keeps weights small"  # three times what there was
    before = training.model.linears()[0].weight.abs().mean().item()
    treated(training).advance_epochs(60)
    assert training.model.linears()[0].weight.abs().mean().item() < before


def test_vanishing_gradients():
    layers = (LayerConfig(4, "sigmoid"),) * 8
    training = run(NetworkConfig(layers=layers))
    found = diagnose(training)
    assert "vanishes on its way back" in found.text
    assert "vanishes" not in diagnose(treated(training)).text
    assert {layer.activation for layer in training.config.layers} == {"relu"}
    assert training.config.initialisation == "he"


def test_learning_by_heart():
    layers = (LayerConfig(8), LayerConfig(8))
    sets = deal(points(n=60, noise=0.4)[0], 0.5, 1)
    training = Training(*sets, NetworkConfig(layers=layers))
    training.advance_epochs(150)
    found = diagnose(training)
    rows = training.rows
    best = min(row.validation_loss for row in rows)
    far = rows[-1].validation_loss - rows[-1].training_loss
    assert found.level == "warning"
    assert f"{far:.2g} above training loss" in found.text
    assert f"{rows[-1].validation_loss / best:.1f} times its best" in found.text
    labels = set()
    for _ in range(5):
        found = diagnose(training)
        if "by heart" not in found.text:
            break
        labels.add(found.remedy.label)
        treated(training).advance_epochs(100)
    assert "by heart" not in found.text
    after = training.now
    assert after.validation_loss - after.training_loss < far
    assert after.validation_loss < rows[-1].validation_loss


def test_too_small_a_network_and_one_layer_more():
    training = run(NetworkConfig(layers=()), n=400)
    training.advance_epochs(60)
    found = diagnose(training)
    assert f"{training.now.training_accuracy:.0%} of the training points are right" in found.text
    assert found.remedy.label == "Add a layer of 6 units"
    treated(training).advance_epochs(60)
    assert diagnose(training).level == "ok"
    assert training.now.training_accuracy > 0.95


@pytest.mark.parametrize("rate", [1e-5, 0.3, 1.0])
def test_what_helps_against_slowness_is_never_what_is_there(rate):
    layers = (LayerConfig(1), LayerConfig(1))
    training = run(NetworkConfig(layers=layers, optimizer="sgd", learning_rate=rate))
    training.advance_epochs(60)
    found = diagnose(training)
    assert "too slowly" in found.text
    before = training.config
    assert treated(training).config != before
    assert training.config.learning_rate > before.learning_rate or rate >= 1


def test_classes_out_of_balance():
    crowd = [(0.1 * index, 1.0, 0) for index in range(30)]
    few = [(-1.0, -0.1 * index, 1) for index in range(11)]
    nothing = deal(from_points(crowd), 0, 1)[1]
    for some, said in ((few, "30, 11 training points"), ([], "paint some")):
        training = Training(from_points(crowd + some), nothing, NetworkConfig())
        assert said in diagnose(training).text
    balanced = Training(from_points(crowd + few * 2), nothing, NetworkConfig())
    assert diagnose(balanced).level == "ok"


@pytest.mark.parametrize(("count", "said"), [(19, True), (20, False), (0, False)])
def test_too_few_points_to_check_with(count, said):
    data = points(n=100)[0]
    training = Training(data, data.take(np.arange(count)), NetworkConfig())
    found = diagnose(training)
    assert (f"Only {count} points to check with" in found.text) == said


@pytest.mark.parametrize(
    "layers", [(LayerConfig(4, "tanh", 0.4),), (LayerConfig(4, "tanh", 0, True),)]
)
def test_to_ask_the_doctor_changes_nothing(layers):
    one, two = run(NetworkConfig(layers=layers)), run(NetworkConfig(layers=layers))
    for _ in range(3):
        diagnose(one)
        one.advance_epochs(1)
        two.advance_epochs(1)
    assert state(one) == state(two)
