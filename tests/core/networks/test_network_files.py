"""What can be taken away: scripts, weights, ONNX."""

import json
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors import safe_open
from test_network_training import ACTIVATIONS, points

from core.errors import InputError
from core.networks.config import (
    INITIALISATIONS,
    LOSS_NAMES,
    OPTIMIZER_NAMES,
    SCHEDULES,
    LayerConfig,
    NetworkConfig,
)
from core.networks.datasets import DATASETS
from core.networks.export import to_onnx, to_safetensors
from core.networks.features import FEATURES
from core.networks.losses import default_loss
from core.networks.script import script
from core.networks.training import Training

DROPPED = (LayerConfig(6, dropout=0.3, batch_norm=True), LayerConfig(3, dropout=0.1))
CASES = (
    [({"name": name, "classes": DATASETS[name].most_classes}, {}) for name in DATASETS]
    + [({}, {"layers": (LayerConfig(4, name),)}) for name in ACTIVATIONS]
    + [({}, {"optimizer": name, "l2": 0.01}) for name in OPTIMIZER_NAMES]
    + [({}, {"loss": name}) for name in LOSS_NAMES]
    + [({"name": "spirals", "classes": 3}, {"loss": name}) for name in LOSS_NAMES]
    + [({}, {"schedule": name}) for name in SCHEDULES]
    + [({}, {"initialisation": name, "l1": 0.01}) for name in INITIALISATIONS]
    + [({}, {"layers": DROPPED}), ({}, {"layers": DROPPED, "batch_size": 29})]
    + [({}, {"features": tuple(FEATURES), "layers": ()}), ({"share": 0.0}, {"seed": 3})]
)


def trained(data, change, epochs):
    sets = points(**data)
    config = NetworkConfig(**({"loss": default_loss(sets[0].classes)} | change))
    training = Training(*sets, config)
    training.advance_epochs(epochs)
    return training


def test_every_script_prints_the_losses_of_its_run(fresh_python):
    runs = [trained(data, change, 4) for data, change in CASES]
    sources = [script(one.config, one.training, one.validation, 4) for one in runs]
    for case, one, printed in zip(CASES, runs, fresh_python.each(sources), strict=True):
        now = one.now
        wanted = {"training loss": now.training_loss}
        if len(one.validation):
            wanted["validation loss"] = now.validation_loss
        lines = [line.split(" = ") for line in printed.splitlines()]
        numbers = {key: float(value) for key, value in lines}
        assert numbers == pytest.approx(wanted, abs=1e-6, rel=1e-6), case


def test_a_script_is_short_and_reads_like_a_training_loop():
    for data, change in CASES:
        one = trained(data, change, 0)
        source = script(one.config, one.training, one.validation, 10)
        assert max(map(len, source.splitlines())) <= 88, change
        order = ["# forward", "# loss", "zero_grad()", "# backward", "# update"]
        assert sorted(order, key=source.index) == order
    default = trained({"n": 500}, {}, 0)
    source = script(default.config, default.training, default.validation, 10)
    assert "Dropout" not in source
    assert "import math" not in source
    assert len(source.splitlines()) < 200
    assert "for epoch" not in script(default.config, default.training, default.validation, 0)


def test_a_script_needs_a_loss_that_fits():
    training, validation = points("plane")
    with pytest.raises(InputError, match="MSE"):
        script(NetworkConfig(), training, validation, 1)


@pytest.mark.parametrize("layers", [(), DROPPED, (LayerConfig(16),) * 8])
def test_safetensors_give_the_same_network(layers, tmp_path):
    one = trained({}, {"layers": layers}, 2)
    export = to_safetensors(one.model, one.config)
    assert export.largest_difference == 0.0
    file = tmp_path / "weights.safetensors"
    file.write_bytes(export.data)
    with safe_open(file, "pt") as weights:
        assert set(weights.keys()) == set(one.model.state_dict())
        for name, value in one.model.state_dict().items():
            assert torch.equal(weights.get_tensor(name), value)
        assert json.loads(weights.metadata()["features"]) == ["x1", "x2"]
    assert one.model.training


@pytest.mark.parametrize(
    "change",
    [
        {"layers": DROPPED, "loss": "cross_entropy", "features": ("x2", "product")},
        {"layers": tuple(LayerConfig(3, name) for name in ACTIVATIONS[:8])},
        {"layers": tuple(LayerConfig(3, name) for name in ACTIVATIONS[-8:])},
    ],
)
def test_onnx_gives_the_same_answers(change):
    one = trained({}, change, 2)
    export = to_onnx(one.model)
    assert export.largest_difference < 1e-5
    session = onnxruntime.InferenceSession(export.data, providers=["CPUExecutionProvider"])
    one.model.eval()
    for count in (1, 7):  # any number of points
        inputs = one.examples.inputs[:count]
        (scores,) = session.run(None, {"inputs": inputs.numpy()})
        wanted = one.model(inputs).detach().numpy()
        assert np.abs(scores - wanted).max() < 1e-5


def test_the_config_of_a_file_has_to_be_that_of_the_network():
    one = trained({}, {}, 0)
    with pytest.raises(RuntimeError):
        to_safetensors(one.model, replace(one.config, layers=()))
