"""A pipeline on its way into the runs of the dashboard, and out of them again."""

import time
from urllib.parse import parse_qs

import pytest

from core.runs.directory import RunDirectory
from explorer.shelf import PictureShelf
from explorer.training_dashboard.augmenting import offer
from explorer.training_dashboard.controls import row_message
from explorer.training_dashboard.lesson import TrainingDashboard
from explorer.training_dashboard.settings import training_config

TEXT = "hflip:0.3;rotation:degrees=20;cutmix"
QUICK = {"model": "softmax", "epochs": "1", "optimizer": "adam", "rate": "0.01"}


def field(lesson):
    fields = row_message(lesson, None)["fields"]
    return next((one for one in fields if one["name"] == "augment"), None)


def test_a_link_names_what_is_done_to_training_pictures():
    lesson = TrainingDashboard({**QUICK, "augment": TEXT})
    assert training_config(lesson.settings, 1).augment == TEXT
    assert parse_qs(lesson.address())["augment"] == [TEXT]
    assert field(lesson)["options"][0] == [TEXT, "horizontal flip and 2 more"]
    assert "rotation, cutmix" in field(lesson)["help"]


def test_without_one_it_is_off_among_the_further_settings_and_not_in_the_address():
    lesson = TrainingDashboard(QUICK)
    assert (field(lesson)["more"], field(lesson)["value"]) == (True, "")
    assert "augment" not in lesson.address()
    assert training_config(lesson.settings, 1).augment == ""


@pytest.mark.parametrize("text", ["hflop", "rotation:degrees=900", "normalise;jitter"])
def test_a_bad_pipeline_in_a_link_is_named(text):
    lesson = TrainingDashboard({**QUICK, "augment": text})
    assert lesson.settings.augment is None
    assert "augmentation cannot be" in lesson.problems[0]


def test_it_is_handed_over_once_and_taken_away_by_hand():
    shelf, lesson = PictureShelf(), TrainingDashboard(QUICK)
    shelf.hand("training_dashboard", TEXT)
    offer(lesson, shelf.take("training_dashboard"))
    assert lesson.settings.augment == TEXT
    assert "horizontal flip, rotation, cutmix" in lesson.notice
    lesson.apply(({"type": "set", "name": "augment", "value": ""},))
    assert lesson.settings.augment is None
    offer(lesson, shelf.take("training_dashboard"))
    assert lesson.settings.augment is None


def test_a_run_with_it_is_told_by_its_name_and_settings():
    lesson = TrainingDashboard({**QUICK, "augment": TEXT})
    lesson.apply(({"type": "hello", "owner": "c" * 24}, {"type": "start"}))
    until = time.monotonic() + 90
    while lesson.status().state != "finished" and time.monotonic() < until:
        time.sleep(0.05)
    run = lesson.directory
    assert isinstance(run, RunDirectory)
    assert run.spec().config.augment == TEXT
    assert run.spec().name == "Softmax regression, Adam, augmented"
    assert len(run.rows()) == 1
