"""All that a network has learnt, as one row of numbers, and in a script."""

import numpy as np
import pytest
import torch
from test_network_training import points, run

from core.errors import InputError
from core.networks.config import LayerConfig, NetworkConfig
from core.networks.losses import default_loss
from core.networks.script import script
from core.networks.training import Training
from core.networks.values import put_values, values_of

NORMAL = (LayerConfig(5, "prelu", 0.2, True), LayerConfig(3, "=x*tanh(x)"))
CASES = [
    ({}, {}),
    ({}, {"layers": ()}),
    ({}, {"layers": NORMAL}),
    ({"name": "spirals", "classes": 4}, {"layers": NORMAL, "features": ("x2", "product")}),
    ({"name": "multi_gauss"}, {}),
]


def trained(data, change):
    sets = points(**data)
    config = NetworkConfig(**({"loss": default_loss(sets[0].classes)} | change))
    training = Training(*sets, config)
    training.advance_epochs(4)
    return training


@pytest.mark.parametrize(("data", "change"), CASES, ids=str)
def test_another_network_of_the_kind_says_the_same_with_them(data, change):
    one = trained(data, change)
    two = Training(one.training, one.validation, one.config)
    values = values_of(one.model)
    parts = [*one.model.parameters(), *one.model.buffers()]
    assert len(values) == sum(part.numel() for part in parts)
    assert values[: parts[0].numel()].tolist() == parts[0].flatten().tolist()
    two.use_values(values)
    assert two.now.training_loss == one.now.training_loss
    assert two.now.validation_loss == one.now.validation_loss or len(one.validation) == 0
    for name, value in one.model.state_dict().items():
        assert torch.equal(two.model.state_dict()[name], value), name


def test_they_are_a_copy():
    one = run()
    values = values_of(one.model)
    before = values.copy()
    one.advance_epochs(1)
    assert np.array_equal(values, before)


@pytest.mark.parametrize("wrong", [22, 24, 0, "nan", "inf"])
def test_too_many_too_few_or_none_leave_the_network_alone(wrong):
    one = run()
    before = values_of(one.model)
    values = np.full(25, float(wrong), np.float32) if isinstance(wrong, str) else np.zeros(wrong)
    with pytest.raises(InputError, match=r"has 25 numbers; these are|finite"):
        put_values(one.model, values.astype(np.float32))
    assert np.array_equal(values_of(one.model), before)


def test_scripts_with_given_weights_print_their_losses(fresh_python):
    runs = [trained(data, change) for data, change in CASES]
    for one in runs:
        one.set_weight(0, 0, 1, -3.3)
        one.set_bias(0, 0, 1e-9)
    sources = [
        script(one.config, one.training, one.validation, 0, values_of(one.model)) for one in runs
    ]
    assert max(len(line) for source in sources for line in source.splitlines()) <= 88
    for one, printed in zip(runs, fresh_python.each(sources), strict=True):
        losses = [float(line.split(" = ")[1]) for line in printed.splitlines()]
        wanted = [one.now.training_loss, one.now.validation_loss]
        assert losses == pytest.approx(wanted, rel=1e-6)
