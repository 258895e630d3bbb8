"""The cards with the script and the files of a run."""

import struct
import time
from base64 import b64decode

import pytest
import torch
from safetensors.torch import load

from explorer import served
from explorer.components.packing import packed
from explorer.training_dashboard import taking
from explorer.training_dashboard.cards import board_message
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.looking import trained

QUICK = {"model": "softmax", "epochs": "2", "optimizer": "adam", "rate": "0.01", "seed": "11"}


@pytest.fixture(scope="module")
def finished():
    lesson = TrainingDashboard(QUICK)
    lesson.apply(({"type": "hello", "owner": "c" * 24}, {"type": "start"}))
    assert lesson.notice is None
    until = time.monotonic() + 90
    while lesson.status().state != "finished":
        assert time.monotonic() < until, lesson.status()
        time.sleep(0.05)
    return lesson


def cards_of(lesson):
    header, values = board_message(lesson, None)
    packed(header, values)
    return {card["kind"]: card for card in header["cards"]}, header["cards"]


def taken(lesson, name):
    lesson.notice = None
    lesson.apply(({"type": "export", "name": name},))
    assert lesson.notice is None
    cards, _ = cards_of(lesson)
    item = next(item for item in cards["take"]["items"] if item["name"] == name)
    return item, b64decode(item["file"]["base64"])


def test_script_and_files_come_before_the_prose(finished):
    cards, listed = cards_of(finished)
    assert [(card["kind"], card["span"]) for card in listed[-3:-1]] == [("script", 7), ("take", 5)]
    assert listed[-1]["kind"] == "prose"
    assert {item["state"] for item in cards["take"]["items"]} == {"idle"}


def test_the_script_prints_the_numbers_of_the_run_on_the_page(finished, fresh_python):
    cards, _ = cards_of(finished)
    assert cards["script"]["filename"].endswith(".py")
    rows = finished.directory.rows()
    lines = fresh_python.printed(cards["script"]["source"]).splitlines()
    assert len(lines) == len(rows) == 2
    for line, row in zip(lines, rows, strict=True):
        said = dict(part.rsplit(" ", 1) for part in line.split(", "))
        assert float(said["validation loss"]) == pytest.approx(row.validation_loss, abs=1e-6)
        assert float(said["accuracy"]) == row.validation_accuracy


def test_the_weights_are_those_of_the_run(finished):
    item, data = taken(finished, "safetensors")
    assert item["note"] == "32 kB; largest difference from the run over 288 validation pictures: 0"
    weights = load(data)
    model = trained(finished.directory).model
    assert set(weights) == set(model.state_dict())
    assert all(torch.equal(weights[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("name", "filename", "begins"),
    [
        ("state_dict", "network.pt", b"PK"),
        ("onnx", "network.onnx", b"\x08"),
        ("card", "model_card.md", b"# Softmax regression, Adam"),
        ("tensorboard", "events.out.tfevents.", struct.pack("<Q", 24)),
    ],
)
def test_every_kind_of_file_is_made(finished, name, filename, begins):
    item, data = taken(finished, name)
    assert item["state"] == "ready"
    assert item["file"]["filename"].startswith(filename)
    assert data.startswith(begins)
    assert "kB" in item["note"]


def test_a_file_that_is_asked_for_again_has_a_new_version(finished):
    first, data = taken(finished, "card")
    second, again = taken(finished, "card")
    assert second["file"]["version"] > first["file"]["version"]
    assert again == data


def test_a_large_file_stays_on_the_server_and_only_its_address_is_sent(finished, monkeypatch):
    monkeypatch.setattr(served, "SMALL", 1000)
    finished.apply(({"type": "export", "name": "safetensors"},))
    cards, _ = cards_of(finished)
    item = next(one for one in cards["take"]["items"] if one["name"] == "safetensors")
    assert "base64" not in item["file"]
    session, name = item["file"]["address"].split("/")[-2:]
    kept = served.SHELF.find(session, name)
    assert len(load(kept.data)) == 2
    assert item["file"]["size"] == len(kept.data)
    served.SHELF.drop(session, name)
    cards, _ = cards_of(finished)
    item = next(one for one in cards["take"]["items"] if one["name"] == "safetensors")
    assert (item["state"], item["file"]) == ("idle", None)


def test_files_belong_to_the_run_that_is_shown(finished):
    taken(finished, "card")
    other = TrainingDashboard({"run": finished.settings.run})
    cards, _ = cards_of(other)
    assert {item["state"] for item in cards["take"]["items"]} == {"idle"}
    mine, finished.settings = finished.settings, TrainingDashboard(QUICK).settings
    cards, _ = cards_of(finished)
    assert {item["state"] for item in cards["take"]["items"]} == {"idle"}
    finished.settings = mine


def test_what_cannot_be_made_is_said(finished, monkeypatch):
    for event in ({"name": "exe"}, {"name": 7}, {}):
        finished.notice = None
        finished.apply(({"type": "export", **event},))
        assert finished.notice
    monkeypatch.setattr(taking, "LARGEST", 1000)
    finished.exports.made.clear()
    finished.apply(({"type": "export", "name": "safetensors"},))
    assert "is the most that goes through the browser" in finished.notice
    cards, _ = cards_of(finished)
    assert next(iter(cards["take"]["items"]))["file"] is None
