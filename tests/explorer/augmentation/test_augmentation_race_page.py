"""The race on the page: real runs in pairs, its card, and the way to other pages."""

import time
from urllib.parse import parse_qs

import numpy as np
import pytest
import torch
from augmentation_messages import card

from core.augmentation.race import verdict
from core.images.image_set import ImageSet
from core.training.data import sets_of
from explorer.augmentation.lesson import Augmentation
from explorer.augmentation.race import kept
from explorer.training_dashboard.runner import runner

QUICK = {"pipeline": "rotation:degrees=10", "few": "20", "epochs": "10", "seeds": "3"}


def ended(lesson, seconds=120):
    until = time.monotonic() + seconds
    while lesson.race.live and time.monotonic() < until:
        time.sleep(0.1)
    assert not lesson.race.live
    return lesson


@pytest.fixture(scope="module")
def raced():
    lesson = Augmentation(QUICK)
    lesson.apply(({"type": "guess", "value": "hurts"}, {"type": "race_start"}))
    assert lesson.race.live
    assert card(lesson, "augment_race")["live"]
    assert not card(lesson, "augment_race")["guessable"]
    return ended(lesson)


def test_each_seed_has_two_runs_that_differ_in_the_pipeline_alone(raced):
    for seed, lap in enumerate(raced.race.laps):
        plain, changed = (runner().directory(name).spec().config for name in lap.runs)
        assert (plain.seed, plain.augment) == (seed, "")
        assert changed.augment == "rotation:degrees=10"
        assert {**vars(changed), "augment": ""} == vars(plain)


def test_the_card_shows_what_the_runs_have_written(raced):
    made = card(raced, "augment_race")
    runs = [[runner().directory(name).rows() for name in lap.runs] for lap in raced.race.laps]
    without, along = (
        [100 * pair[side][-1].validation_accuracy for pair in runs] for side in (0, 1)
    )
    assert [len(rows) for pair in runs for rows in pair] == [10] * 6
    assert raced.race.done == 1
    said = verdict(without, along)
    assert made["verdict"]["mean"] == pytest.approx(said.mean)
    assert made["verdict"]["each"] == pytest.approx(np.subtract(along, without).tolist())
    assert made["verdict"]["word"] == said.word
    assert "You guessed: it hurts." in made["verdict"]["text"]
    assert "0 points" not in made["verdict"]["detail"].split("from")[0]
    training = 100 * np.mean([pair[0][-1].training_accuracy for pair in runs])
    gap = training - np.mean(without)
    assert f"Gap **{gap:.1f} points**" in made["gaps"][0].replace("−", "-")
    labels = [one["label"] for one in made["plots"][1]["series"]]
    assert labels == ["", "", "", "training", "validation"]


def test_an_interval_with_0_in_it_is_no_verdict(raced, monkeypatch):
    monkeypatch.setattr(type(raced.race), "finals", lambda self: ([80, 81, 82], [79, 84, 82]))
    said = card(raced, "augment_race")["verdict"]
    assert said["word"] == "open"
    assert "No clear difference" in said["text"]
    assert "contains 0" in said["text"]


def test_another_pipeline_afterwards_is_told_from_the_one_that_ran(raced):
    assert not card(raced, "augment_race")["stale"]
    raced.apply(({"type": "add", "name": "hflip"},))
    assert card(raced, "augment_race")["stale"]
    raced.apply(({"type": "undo"},))


def test_stopping_ends_what_waits_and_the_settings_are_in_the_address():
    lesson = Augmentation(QUICK | {"epochs": "100"})
    lesson.apply(({"type": "race_start"}, {"type": "race_stop"}))
    ended(lesson)
    assert card(lesson, "augment_race")["verdict"] is None
    query = {name: found[0] for name, found in parse_qs(lesson.address()).items()}
    assert (query["few"], query["epochs"], query["seeds"], query["race"]) == (
        *("20", "100", "3"),
        "digits",
    )


def test_nothing_to_race_is_said():
    lesson = Augmentation({"pipeline": "-hflip"})
    lesson.apply(({"type": "race_start"},))
    assert "both runs would be the same" in lesson.notice
    assert lesson.race.laps == ()


def test_an_own_set_is_kept_small_where_runs_find_it(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    images = torch.randint(256, (24, 3, 96, 96), dtype=torch.uint8)
    own = ImageSet(images, torch.arange(24) % 2, ("cat", "dog"), "Own pictures")
    name = kept(own)
    assert kept(own) == name
    data, test = sets_of(name)
    assert test is None
    assert data.shape == (3, 32, 32)
    assert data.classes == ("cat", "dog")
    assert torch.equal(data.labels, own.labels)


def test_the_pipeline_goes_along_to_another_page():
    lesson = Augmentation({"pipeline": "hflip;normalise;jitter"})
    lesson.apply(({"type": "hand_over", "slug": "training_dashboard"},))
    assert lesson.outdated()
    journey = lesson.leaving.take()
    assert journey.slug == "training_dashboard"
    assert lesson.leaving.take() is None
    # What cannot act behind Normalise is switched off, so that the other page can use it.
    assert journey.text == journey.parameters["augment"] == "hflip;normalise;-jitter"
    lesson.apply(({"type": "hand_over", "slug": "glossary"},))
    assert lesson.leaving.take() is None
    assert "takes no pipeline" in lesson.notice
    links = card(lesson, "augment_race")["links"]
    assert links[0]["slug"] == "training_dashboard"
