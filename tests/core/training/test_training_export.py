"""What a run gives away, read back by other programs; and what only the test set may say."""

import io
import json
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from recorded_runs import record_run
from safetensors import safe_open
from sklearn.metrics import accuracy_score

from core.errors import InputError
from core.runs.directory import RunDirectory
from core.training import finished as opening
from core.training.config import TrainingConfig
from core.training.data import split_for
from core.training.export import to_onnx, to_safetensors, to_state_dict
from core.training.script import script

CONFIG = TrainingConfig(
    model="conv 6 5 2; bn; relu; maxpool 2; skip(conv 6 3; bn); flatten; dropout 0.2; linear 10",
    train_size=400,
    validation_share=0.2,
    epochs=3,
    batch_size=32,
    learning_rate=0.01,
    seed=3,
    threads=1,
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, digits):
    return record_run(tmp_path_factory.mktemp("runs") / "one", CONFIG, digits)


@pytest.fixture(scope="module")
def one(recorded, digits):
    return opening.finished(recorded, sets=digits)


def scores_by_hand(one, images, digits):
    """What the network says about bytes, normalised here."""
    seen = split_for(CONFIG, digits).train.images.double() / 255
    with torch.no_grad():
        ready = (images.double() / 255 - seen.mean()) / seen.std(correction=0)
        return one.model(ready.float()).numpy()


def test_the_epoch_that_is_opened_is_the_one_of_the_run(one, recorded, digits):
    row = recorded.rows()[-1]
    assert one.epoch == row.epoch == 3
    images = split_for(CONFIG, digits).validation
    right = scores_by_hand(one, images.images, digits).argmax(1) == images.labels.numpy()
    assert right.mean() == row.validation_accuracy
    best = recorded.best_epoch()
    assert opening.finished(recorded, best, digits).epoch == best
    with pytest.raises(InputError):
        opening.finished(recorded, 77, digits)


def test_safetensors_hold_the_weights_and_how_to_use_them(one, tmp_path):
    made = to_safetensors(one)
    assert made.largest_difference == 0.0
    assert made.pictures == len(one.prepared.validation) == 288
    file = tmp_path / "network.safetensors"
    file.write_bytes(made.data)
    with safe_open(file, "pt") as weights:
        assert set(weights.keys()) == set(one.model.state_dict())
        for name, value in one.model.state_dict().items():
            assert torch.equal(weights.get_tensor(name), value)
        facts = {name: json.loads(text) for name, text in weights.metadata().items()}
    assert facts["input_shape"] == [1, 28, 28]
    assert facts["classes"] == list("0123456789")
    assert facts["model"] == CONFIG.model
    assert facts["epoch"] == 3
    assert facts["mean"] == one.prepared.train.mean.tolist()


def test_the_weights_fit_the_network_of_the_script(one):
    """Without the explorer: the script's network with the file's weights says the same."""
    made = to_state_dict(one)
    assert made.largest_difference == 0.0
    weights = torch.load(io.BytesIO(made.data), weights_only=True)
    source = script(CONFIG, 1)
    start, end = source.index("class Skip"), source.index("weights = [")
    lines = (
        "import torch\nfrom torch import nn\nfrom collections import OrderedDict\nDEVICE='cpu'\n"
    )
    space = {}
    before = torch.get_rng_state()
    exec(compile(lines + source[start:end], "script.py", "exec"), space)
    torch.set_rng_state(before)
    model = space["model"].eval()
    model.load_state_dict(weights)
    pictures = one.prepared.validation.images.permute(0, 3, 1, 2)
    with torch.no_grad():
        assert torch.equal(model(pictures), one.scores)


def test_onnx_takes_bytes_and_says_the_same(one, digits):
    made = to_onnx(one)
    assert 0 <= made.largest_difference < 1e-4
    assert made.pictures == 288
    session = onnxruntime.InferenceSession(made.data, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    assert (given.name, given.type, given.shape[1:]) == ("pictures", "tensor(uint8)", [1, 28, 28])
    images = split_for(CONFIG, digits).validation.images
    worst = 0.0
    for count in (1, 7, 288):  # any number of pictures
        (scores,) = session.run(["scores"], {"pictures": images[:count].numpy()})
        wanted = scores_by_hand(one, images[:count], digits)
        worst = max(worst, float(np.abs(scores - wanted).max()))
    assert worst < 1e-4
    facts = session.get_modelmeta().custom_metadata_map
    assert json.loads(facts["classes"]) == list("0123456789")


def test_a_difference_is_found_where_there_is_one(one, monkeypatch):
    """A file that holds other weights does not pass for a good one."""
    real = torch.save

    def spoilt(weights, file):
        real({name: value * 1.01 for name, value in weights.items()}, file)

    monkeypatch.setattr(torch, "save", spoilt)
    assert to_state_dict(one).largest_difference > 1e-3


def test_without_validation_files_are_compared_on_the_training_pictures(tmp_path, digits):
    config = replace(CONFIG, model="softmax", validation_share=0.0, train_size=50)
    run = record_run(tmp_path / "run", config, digits)
    made = to_safetensors(opening.finished(run, sets=digits))
    assert (made.pictures, made.largest_difference) == (50, 0.0)


def test_the_test_set_is_asked_about_the_newest_epoch(one, recorded, digits):
    found = opening.test_accuracy(recorded)
    test = split_for(CONFIG, digits).test
    said = scores_by_hand(one, test.images, digits).argmax(1)
    assert found.total == len(test) == 359
    assert found.right / found.total == accuracy_score(test.labels.numpy(), said)
    low, high = found.interval
    assert low < found.right / found.total < high
    assert found.epoch == 3


def test_exports_do_not_touch_the_test_set(recorded, digits):
    one = opening.finished(recorded, sets=digits)
    one.prepared.test.images.fill_(float("nan"))
    for made in (to_safetensors(one), to_state_dict(one)):
        assert made.largest_difference == 0.0


def test_a_run_without_an_epoch_has_nothing_to_give(tmp_path, recorded):
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "spec.json").write_bytes((recorded.path / "spec.json").read_bytes())
    with pytest.raises(InputError, match="no finished epoch"):
        opening.finished(RunDirectory(empty))
