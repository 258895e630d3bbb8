"""Runs that train the backbone on, through the page."""

import time

import pytest
import torch
from transfer_gestures import OWNER, settled

from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.runner import runner
from explorer.transfer_learning.cards import board_message
from explorer.transfer_learning.code import code
from explorer.transfer_learning.controls import row_message
from explorer.transfer_learning.handing_in import tuning_config
from explorer.transfer_learning.lesson import TransferLearning
from explorer.transfer_learning.stage import stage_message
from explorer.transfer_learning.taking import _MAKERS

QUICK = {"classes": "3", "per_class": "8", "epochs": "3", "method": "last", "batch": "8"}


@pytest.fixture(scope="module")
def ran():
    lesson = TransferLearning(QUICK)
    lesson.apply(({"type": "hello", "owner": OWNER}, {"type": "start"}))
    assert lesson.notice is None
    until = time.monotonic() + 90
    while runner().status(lesson.settings.run).state != "finished":
        assert time.monotonic() < until, lesson.status()
        lesson.apply(({"type": "look"},))
        time.sleep(0.05)
    return settled(lesson)


def cards(lesson):
    header, _ = board_message(lesson, None)
    return {card["kind"]: card for card in header["cards"] if card["kind"] != "pictures"}


def test_the_run_judges_by_pictures_that_it_has_not_learnt_from(ran):
    model = ran.model
    assert len(model.judged) == 6
    known = {one.id for one in ran.collecting.collection.samples}
    assert set(model.samples) <= known
    row = ran.tuning.directory.rows()[ran.tuning.directory.best_epoch() - 1]
    assert model.judged.accuracy == pytest.approx(row.validation_accuracy)


def test_the_run_predicts_and_has_a_map_of_its_own(ran):
    ran.apply(({"type": "fresh"},))
    while ran.tuning.missing:
        ran.apply(({"type": "look"},))
    header, places = stage_message(ran, None)
    assert len(places) == 2 * 24
    assert sum(bar["share"] for bar in header["query"]["bars"]) == pytest.approx(1)
    assert header["bar"]["state"] == "finished"


def test_runs_stand_beside_the_new_head_and_either_can_be_shown(ran):
    rows = cards(ran)["runs"]["runs"]
    assert [row["id"] for row in rows] == ["", ran.settings.run]
    assert rows[1]["shown"]
    name = ran.settings.run
    ran.apply(({"type": "show_run", "run": ""},))
    assert ran.settings.run is None
    assert ran.model is ran.learning.model
    ran.apply(({"type": "show_run", "run": name},))
    assert ran.model.name.startswith("Last block too")


def test_the_curve_is_that_of_the_run(ran):
    card = cards(ran)["lines"]
    assert card["title"] == "Learning curve"
    assert card["plan"] == 3


def test_a_run_is_taken_away_with_its_own_backbone(ran):
    data, _, note = _MAKERS["safetensors"](ran)
    assert len(data) > 1_000_000
    assert float(note.rsplit(" ", 1)[1].replace("e−", "e-")) < 1e-4
    assert "last of backbone:built_in" in _MAKERS["card"](ran)[0].decode()
    assert code(ran)["filename"] == "predict.py"


def test_the_dashboard_does_not_list_the_runs_of_this_page(ran):
    dashboard = TrainingDashboard({})
    dashboard.apply(({"type": "hello", "owner": OWNER},))
    assert ran.settings.run not in [run.id for run in dashboard.managed.listed()]


def test_the_link_of_a_run_shows_it_again(ran):
    query = dict(part.split("=") for part in ran.address().split("&"))
    again = TransferLearning(query)
    assert again.settings.run == ran.settings.run
    assert torch.equal(again.model.head.weight, ran.model.head.weight)


def test_a_run_that_is_gone_is_said():
    lesson = TransferLearning({"run": "20200101-000000-abcdef"})
    assert "not on this machine any more" in lesson.problems[0]
    assert lesson.settings.run is None


def test_a_class_with_one_picture_is_named_before_anything_is_trained():
    lesson = TransferLearning(QUICK)
    first = lesson.collecting.collection.labels[0]
    for sample in first.samples[1:]:
        lesson.apply(({"type": "remove_sample", "sample": sample.id},))
    lesson.apply(({"type": "start"},))
    assert "heart has one picture" in lesson.notice
    assert lesson.settings.run is None


def test_the_course_s_rate_that_is_too_high_is_one_click():
    lesson = TransferLearning({})
    lesson.apply(({"type": "set", "name": "method", "value": "last"},))
    lesson.apply(({"type": "set", "name": "recipe", "value": "too_high"},))
    assert (lesson.settings.method, lesson.settings.rate) == ("all", 0.01)
    assert lesson.settings.layer_decay == 1


def test_a_pipeline_of_the_augmentation_page_goes_into_the_next_run():
    lesson = TransferLearning({})
    lesson.take_pipeline("hflip;rotation:degrees=20")
    assert lesson.settings.method == "last"
    assert "horizontal flip, rotation" in lesson.notice
    config = tuning_config(lesson.settings, "built_in", "stored:x")
    assert config.augment == "hflip;rotation:degrees=20"
    fields = {field["name"]: field for field in row_message(lesson, None)["fields"]}
    assert fields["augment"]["value"] == lesson.settings.augment
    lesson.apply(({"type": "set", "name": "augment", "value": ""},))
    assert lesson.settings.augment is None
