"""The cards on the test set, on the layers and on speed, of a run that was really trained."""

import time
from base64 import b64encode
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.images.digits import read_digits
from core.images.image_set import ImageSet
from core.networks.probes import wilson
from core.runs.devices import Device
from core.training.data import store
from core.training.finished import test_accuracy as final_accuracy
from core.training.stored import delete_stored
from explorer import fields
from explorer.training_dashboard import choosing, layers, racing
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import pictures_of, trained
from explorer.training_dashboard.pictures import source, stretched
from explorer.training_dashboard.settings import training_config
from explorer.training_dashboard.stage import stage_message

OWN = "conv 6 5 2; relu; conv 8 3; relu; maxpool 2; flatten; linear 10"


@pytest.fixture(scope="module")
def finished():
    lesson = TrainingDashboard({"model": "own", "spec": OWN, "epochs": "3", "seed": "21"})
    lesson.apply(({"type": "hello", "owner": "k" * 24}, {"type": "start"}))
    until = time.monotonic() + 90
    while lesson.status().state != "finished":
        assert time.monotonic() < until, lesson.status()
        time.sleep(0.05)
    return lesson


def cards(lesson):
    header, _ = board_message(lesson, None)
    return {card["kind"]: card for card in header["cards"]}


def test_the_test_set_is_asked_on_a_click_and_counted(finished):
    before = cards(finished)["test"]
    assert (before["answer"], before["note"], before["enabled"]) == (None, "not asked yet", True)
    assert "measures luck" in before["words"]
    finished.apply(({"type": "ask_test"},))
    after = cards(finished)["test"]
    said = final_accuracy(finished.directory)
    assert after["note"] == "asked once"
    assert after["answer"]["accuracy"] == f"{100 * said.right / said.total:.2f} %"
    assert f"n = {said.total}" in after["answer"]["text"]
    assert (after["answer"]["low"], after["answer"]["high"]) == wilson(said.right, said.total)
    finished.apply(({"type": "ask_test"},))
    assert cards(finished)["test"]["note"] == "asked twice"
    assert "has become a validation set" in cards(finished)["test"]["words"]
    other = TrainingDashboard({"run": finished.settings.run})
    assert cards(other)["test"]["note"] == "asked twice"


def test_the_test_set_is_not_asked_while_a_run_goes_on(finished, monkeypatch):
    real = finished.status()
    monkeypatch.setattr(finished, "status", lambda: type(real)("running"))
    finished.notice = None
    finished.apply(({"type": "ask_test"},))
    assert "for the end" in finished.notice
    assert not cards(finished)["test"]["enabled"]
    assert cards(finished)["test"]["note"] == "asked twice"


def test_the_maps_are_what_the_layer_makes_of_the_picture(finished):
    finished.apply(({"type": "set", "name": "filter_tab", "value": "maps"},))
    finished.apply(({"type": "set", "name": "layer", "value": "relu2"},))
    card = cards(finished)["filters"]
    assert card["epoch"] == 3
    assert [name for name, _ in card["layers"]] == ["conv1", "relu1", "conv2", "relu2", "maxpool1"]
    assert "8 maps of 14×14" in card["note"]
    found = trained(finished.directory)
    split = pictures_of(finished.directory.spec().config)
    picture = split.validation.images[finished.picture]
    assert card["picture"]["src"] == source(picture.numpy())
    ready = ((picture.float() / 255 - float(found.mean[0])) / float(found.std[0]))[None]
    with torch.no_grad():
        expected = found.model.relu2(
            found.model.conv2(found.model.relu1(found.model.conv1(ready)))
        )[0]
    shown = layers._layer_maps(str(finished.directory.path), 3, picture.numpy().tobytes(), "relu2")
    np.testing.assert_allclose(shown, expected.numpy(), atol=0.02)  # Weights of half precision.
    assert len(card["maps"]) == 8
    assert card["maps"][0]["src"] == source(stretched(shown[0]))


def test_earlier_epochs_have_other_maps_and_the_drawing_is_taken(finished):
    newest = cards(finished)["filters"]["maps"]
    finished.apply(({"type": "filter_epoch", "epoch": 1},))
    card = cards(finished)["filters"]
    assert (card["epoch"], card["epochs"]) == (1, [1, 2, 3])
    assert card["maps"] != newest
    pad = np.kron(read_digits().images[33, 0].numpy(), np.ones((4, 4), dtype=np.uint8))
    ink = {"type": "ink", "size": 112, "pixels": b64encode(pad.tobytes()).decode()}
    finished.apply((ink,))
    drawn = cards(finished)["filters"]
    assert drawn["picture"]["words"] == "your drawing"
    assert drawn["picture"]["src"] == source(finished.digit.seen.pixels)
    finished.epoch = None


def test_a_network_without_maps_says_so():
    lesson = TrainingDashboard({"model": "softmax", "epochs": "1", "filter_tab": "maps"})
    lesson.apply(({"type": "hello", "owner": "k" * 24}, {"type": "start"}))
    until = time.monotonic() + 90
    while lesson.status().state != "finished":
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "no layer of it gives a picture" in cards(lesson)["filters"]["empty"]


def test_a_run_that_takes_the_readers_place_names_its_own_classes(request):
    """Ten classes of grey pictures of one's own: the pad is read with their names."""
    digits = read_digits()
    names = tuple(f"sign {digit}" for digit in range(10))
    data = ImageSet(digits.images[:600], digits.labels[:600], names, "Signs")
    lesson = TrainingDashboard({"model": "softmax", "epochs": "2", "reader": "run"})
    lesson.apply(({"type": "hello", "owner": "m" * 24},))
    dataset = store(data, f"{lesson.data.prefix}signs")  # Where the worker finds it, too.
    request.addfinalizer(lambda: delete_stored(dataset))
    lesson.settings = replace(lesson.settings, data=dataset)
    lesson.apply(({"type": "start"},))
    until = time.monotonic() + 90
    while lesson.status().state != "finished":
        assert time.monotonic() < until
        time.sleep(0.05)
    lesson.apply(({"type": "show_run", "run": lesson.settings.run},))
    message, _ = stage_message(lesson, None)
    assert message["digit"]["classes"] == names
    assert "sign " in message["digit"]["words"]
    assert "this run" in message["digit"]["detail"]
    reader = message["digit"]["reader"]
    assert (reader["value"], reader["ready"]) == ("run", True)
    assert [name for name, _ in reader["options"]] == ["shipped", "run"]


class Errand:
    """What a measurement has answered."""

    def __init__(self, lines, ended=True):
        self.lines, self.ended, self.problem = lines, ended, ""

    def stop(self):
        self.ended = True


def test_the_race_says_who_is_faster_from_what_was_measured(finished, monkeypatch):
    two = [racing.lanes(2)[0], racing.lanes(2)[-1]]
    monkeypatch.setattr(racing, "lanes", lambda _: two)
    last = {"seconds": 4.0, "pictures": 6400, "steps": 100}
    lines = [
        {"lane": 0, "seconds": 1.0, "pictures": 1600},
        {"lane": 0, **last, "samples_per_s": 1600.0, "ms_per_step": 40.0},
        {"lane": 1, **last, "samples_per_s": 2400.0, "ms_per_step": 26.7},
    ]
    monkeypatch.setitem(racing.KINDS, "lanes", lambda _: Errand(lines))
    finished.apply(({"type": "race", "what": "lanes"},))
    part = cards(finished)["speed"]["parts"][0]
    assert part["series"][0]["y"] == [0, 1600, 6400]
    assert part["rows"][1][1:] == ["2,400", "26.7"]
    assert "1.5 times as fast" in part["verdict"]
    assert f"**{two[1].name}**" in part["verdict"]


def test_one_measurement_at_a_time_and_none_beside_a_run(finished, monkeypatch):
    going = Errand([], ended=False)
    monkeypatch.setitem(racing.KINDS, "batches", lambda _: going)
    finished.apply(({"type": "race", "what": "batches"},))
    assert cards(finished)["speed"]["parts"][1]["running"]
    other = TrainingDashboard({})
    other.apply(({"type": "race", "what": "lanes"},))
    assert "Somebody measures just now" in other.notice
    finished.apply(({"type": "stop_race", "what": "batches"},))
    assert not cards(finished)["speed"]["parts"][1]["running"]
    for event in ({"what": "nothing"}, {}):
        finished.notice = None
        finished.apply(({"type": "race", **event},))
        assert finished.notice


def test_the_devices_of_the_machine_are_named_with_what_is_missing(finished):
    devices = cards(finished)["speed"]["devices"]
    assert devices[0][0] == "CPU"
    assert "GB of memory" in devices[0][1]
    for _, words, ok in devices:
        assert ok or words.endswith(".")
    if not torch.cuda.is_available():
        finished.notice = None
        finished.apply(({"type": "set", "name": "device", "value": "cuda"},))
        assert "Runs are trained on the CPU" in finished.notice
        assert finished.settings.device == "cpu"
        assert TrainingDashboard({"device": "cuda"}).problems


def test_of_two_cards_each_can_be_chosen_and_no_third(finished, monkeypatch):
    here = [Device("cpu", "Processor", True)]
    here += [Device(name, "Card, 80 GB", True) for name in ("cuda", "cuda:1")]
    for module in (choosing, fields):
        monkeypatch.setattr(module, "devices", lambda: tuple(here))
    offered = fields.device_field("cuda:1")["options"]
    assert offered == [["cpu", "CPU"], ["cuda", "GPU"], ["cuda:1", "GPU 2"]]
    for name in ("cuda:1", "cuda:2"):
        finished.notice = None
        finished.apply(({"type": "set", "name": "device", "value": name},))
        assert finished.settings.device == "cuda:1"
    assert finished.notice.startswith("There is no cuda:2 here.")
    assert TrainingDashboard({"device": "cuda:1"}).settings.device == "cuda:1"
    config = training_config(finished.settings, 2)
    assert config.mixed_precision
    finished.apply(({"type": "set", "name": "device", "value": "cpu"},))
    assert not training_config(finished.settings, 2).mixed_precision
