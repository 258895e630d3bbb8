import dataclasses
from itertools import pairwise

import pytest
import torch
from torch import Generator, nn

from core.errors import InputError
from core.networks.carry_over import carry_over
from core.networks.config import INITIALISATIONS, LayerConfig, NetworkConfig
from core.networks.model import build, layer_shapes, layer_sizes, parameter_count
from core.networks.units import activation_names


def network(layers, outputs=1, seed=0, **options):
    config = NetworkConfig(layers=tuple(layers), **options)
    return build(config, outputs, Generator().manual_seed(seed))


def units(*sizes, **options):
    return [LayerConfig(size, **options) for size in sizes]


def test_n_times_m_plus_m():
    names = ("x1", "x2", "x1_squared", "x2_squared", "product", "sin_x1", "sin_x2")
    config = NetworkConfig(features=names, layers=(LayerConfig(5),))
    assert layer_shapes(config, 1)[0].parameters == 40
    assert parameter_count(nn.Linear(7, 5)) == 40
    assert layer_shapes(config, 1)[0].formula == "7×5+5 = 40"
    mock = layer_shapes(NetworkConfig(layers=tuple(units(8, 6))), 1)
    assert [shape.formula for shape in mock] == ["2×8+8 = 24", "8×6+6 = 54", "6×1+1 = 7"]
    assert [shape.name for shape in mock] == ["hidden 1", "hidden 2", "output"]


@pytest.mark.parametrize("sizes", [(), (1,), (4, 2), (16,) * 8])
@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "prelu"])
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_arithmetic_is_that_of_the_model(sizes, batch_norm, activation, outputs):
    config = NetworkConfig(
        layers=tuple(units(*sizes, batch_norm=batch_norm, activation=activation))
    )
    model = build(config, outputs, Generator())
    assert sum(s.parameters for s in layer_shapes(config, outputs)) == parameter_count(model)
    shapes = [(linear.in_features, linear.out_features) for linear in model.linears()]
    sizes = layer_sizes(config, outputs)
    assert shapes == list(pairwise(sizes))
    assert model(torch.zeros(5, 2)).shape == (5, outputs)
    assert [stage.shape[1] for stage in model.stages(torch.zeros(5, 2))] == sizes


ACTIVATIONS = [*activation_names(), "=max(0.1*x, x) + 0.2*sin(3*x)"]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_forward_pass_is_that_of_a_sequential(name):
    model = network(units(5, 3, activation=name), outputs=2)
    one, two = model.hidden
    plain = nn.Sequential(one.linear, one.activation, two.linear, two.activation, model.output)
    x = torch.randn(20, 2, generator=Generator().manual_seed(1))
    assert torch.equal(model(x), plain(x))
    stages = model.stages(x)
    assert torch.equal(stages[2], plain[:4](x))


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_parameter_gets_a_gradient(name, batch_norm):
    model = network(units(6, 5, activation=name, batch_norm=batch_norm), outputs=2)
    with torch.no_grad():
        for linear in model.linears():
            linear.bias.add_(0.1)
    x = torch.randn(64, 2, generator=Generator().manual_seed(1))
    (model(x) ** 2).sum().backward()
    for key, parameter in model.named_parameters():
        assert parameter.grad is not None, key
        assert torch.isfinite(parameter.grad).all(), key
        level = name == "step" and key.startswith("hidden")  # its slope is 0 everywhere
        undone = batch_norm and key.endswith("linear.bias")  # the mean takes it away again
        if not (level or undone):
            assert parameter.grad.abs().sum() > 0, key


@pytest.mark.parametrize("way", INITIALISATIONS)
def test_initial_weights_come_from_the_generator_alone(way):
    shared = torch.get_rng_state()
    one = network(units(16, 16, dropout=0.2, batch_norm=True), initialisation=way)
    one(torch.zeros(4, 2))
    two = network(units(16, 16), initialisation=way)
    assert torch.equal(shared, torch.get_rng_state())
    for a, b in zip(one.linears(), two.linears(), strict=True):
        assert torch.equal(a.weight, b.weight)
        assert (a.bias == 0).all()
    other = network(units(16, 16), initialisation=way, seed=1)
    same = torch.equal(other.linears()[1].weight, two.linears()[1].weight)
    assert same == (way == "zero")
    spread = two.linears()[1].weight.std().item()
    # Uniform on ±a has the standard deviation a/√3; a = √(6/32) and √(6/16).
    wanted = {"xavier": (2 / 32) ** 0.5, "he": (2 / 16) ** 0.5, "normal": 0.5, "zero": 0.0}
    assert spread == pytest.approx(wanted[way], rel=0.1)


def test_dropout_and_batch_norm_do_what_pytorch_does():
    model = network(units(8, dropout=0.4, batch_norm=True))
    layer = model.hidden[0]
    x = torch.randn(500, 2, generator=Generator().manual_seed(1))
    plain = nn.BatchNorm1d(8)
    assert torch.equal(layer.norm(layer.linear(x)), plain(layer.linear(x)))
    ones = layer.dropout(torch.ones(500, 8))
    assert set(ones.unique().tolist()) == {0.0, torch.tensor(1 / 0.6).item()}
    assert (ones == 0).float().mean().item() == pytest.approx(0.4, abs=0.03)
    assert torch.isfinite(layer(x[:1])).all()  # one example: the running statistics
    model.eval()
    assert torch.equal(model(x), model(x))


def test_a_changed_activation_keeps_every_weight():
    old, new = network(units(4, 2)), network(units(4, 2, activation="relu"), seed=1)
    said = carry_over(old, new)
    assert all(torch.equal(a, b) for a, b in zip(old.parameters(), new.parameters(), strict=True))
    assert said[0] == "Hidden layer 1 keeps its weights."
    assert said[-1] == "The output layer keeps its weights."


def test_added_units_leave_the_old_ones_alone():
    old, fresh = network(units(4, 2)), network(units(6, 2), seed=1)
    new = network(units(6, 2), seed=1)
    said = carry_over(old, new)
    (w1, w2, w3), (o1, o2, o3) = new.linears(), old.linears()
    assert torch.equal(w1.weight[:4], o1.weight)
    assert torch.equal(w1.weight[4:], fresh.linears()[0].weight[4:])
    assert torch.equal(w2.weight[:, :4], o2.weight)
    assert torch.equal(w2.weight[:, 4:], fresh.linears()[1].weight[:, 4:])
    assert torch.equal(w3.weight, o3.weight)
    assert said == [
        "Hidden layer 1 keeps its weights; 2 new units freshly initialised.",
        "Hidden layer 2 keeps its weights; weights from 2 new inputs freshly initialised.",
        "The output layer keeps its weights.",
    ]


def test_removed_units_take_their_weights_along():
    old, new = network(units(4, 3)), network(units(4, 2), seed=1)
    said = carry_over(old, new)
    assert torch.equal(new.linears()[1].weight, old.linears()[1].weight[:2])
    assert torch.equal(new.linears()[2].weight, old.linears()[2].weight[:, :2])
    assert said[1] == "Hidden layer 2 keeps its weights."


def test_a_layer_put_in_leaves_what_is_before_and_after():
    old, new = network(units(4, 2)), network(units(4, 3, 2), seed=1)
    said = carry_over(old, new)
    assert torch.equal(new.linears()[0].weight, old.linears()[0].weight)
    assert torch.equal(new.linears()[3].weight, old.linears()[2].weight)
    assert [("keeps" in one) for one in said] == [True, False, False, True]
    back = network(units(4, 2), seed=2)
    assert [("keeps" in one) for one in carry_over(new, back)] == [True, False, True]


def test_features_keep_their_own_columns():
    old = network(units(4), features=("x1", "x2"))
    new = network(units(4), seed=1, features=("product", "x2", "x1"))
    said = carry_over(old, new)
    assert torch.equal(new.linears()[0].weight[:, [2, 1]], old.linears()[0].weight)
    assert (
        said[0] == "Hidden layer 1 keeps its weights; weights from 1 new input freshly initialised."
    )
    none = network(units(4), seed=1, features=("sin_x1",))
    assert carry_over(old, none)[0] == "Hidden layer 1 is newly initialised."


def test_other_outputs_and_no_hidden_layer():
    old = network([], outputs=3, loss="cross_entropy")
    more = network([], outputs=4, loss="cross_entropy", seed=1)
    assert "1 new unit " in carry_over(old, more)[0]
    assert torch.equal(more.output.weight[:3], old.output.weight)
    one = network([], outputs=1, seed=1)
    assert carry_over(old, one) == ["The output layer is newly initialised."]
    deep = network(units(4), outputs=3, loss="cross_entropy", seed=1)
    assert all("newly" in one for one in carry_over(old, deep))


def test_running_statistics_come_along():
    layers = units(4, batch_norm=True, activation="prelu")
    old, new = (network(layers, seed=seed) for seed in (0, 1))
    with torch.no_grad():
        old.hidden[0].activation.weight.fill_(0.7)
    old(torch.randn(50, 2, generator=Generator().manual_seed(1)))
    carry_over(old, new)
    for key, value in old.state_dict().items():
        assert torch.equal(value, new.state_dict()[key]), key


@pytest.mark.parametrize(
    "change",
    [
        {"features": ()},
        {"features": ("x9",)},
        {"layers": (LayerConfig(),) * 9},
        {"initialisation": "magic"},
        {"loss": "hinge"},
        {"optimizer": "lion"},
        {"schedule": "never"},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"l1": -1.0},
        {"l2": 2.0},
        {"batch_size": 0},
        {"seed": -1},
    ],
)
def test_configs_that_make_no_sense(change):
    with pytest.raises(InputError):
        dataclasses.replace(NetworkConfig(), **change)


@pytest.mark.parametrize(
    "change",
    [{"units": 0}, {"units": 17}, {"dropout": 1.0}, {"activation": "wow"}, {"activation": "=x +"}],
)
def test_layers_that_make_no_sense(change):
    with pytest.raises(InputError):
        LayerConfig(**change)
