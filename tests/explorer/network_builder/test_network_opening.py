"""A link that is wrong falls back and says so, quickly."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network_gestures import SMALL, opened, replayed, usable, values

from explorer.network_builder.encoded import values_to_text
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.opening import opened as read
from explorer.network_builder.settings import Settings
from explorer.network_builder.side import MOST_REPLAYED

BAD = {
    "features": ["", "x3", "x1,x1", "x1;x2", "x1," * 1000],
    "layers": [
        "",
        "17:tanh",
        "4:nothing",
        "4:=x.real",
        "1;" * 9 + "1",
        "4:=" + "x+" * 50_000 + "x",
    ],
    "initialisation": ["", "random"],
    "loss": ["", "hinge"],
    "optimizer": ["", "lion"],
    "learning_rate": ["0", "11", "nan", "x"],
    "schedule": ["", "linear"],
    "l1": ["-1", "2", "nan"],
    "l2": ["-1", "2", "inf"],
    "batch_size": ["0", "1001", "2.5"],
    "data": ["", "iris"],
    "points": ["11", "1001", "2.5"],
    "noise": ["-0.1", "0.6"],
    "share": ["-1", "91", "1e400"],
    "classes": ["1", "7"],
    "seed": ["-1", "10000", "x"],
    "own": ["AAAA", "AAAAG", "?", "A" * 1_000_000],
    "mode": ["", "step"],
    "speed": ["", "3", "inf"],
    "curve": ["", "both"],
    "matrix": ["", "test"],
    "unit": ["", "1", "1.x", "99.0", "-1.0"],
    "probe": ["", "1", "nan,1", "7,0", "1,2,3"],
    "epochs": ["-1", "100001", "nan"],
    "at": ["-1", "x"],
    "weights": ["AAA", "!", "AADAfw", "A" * 1_000_000],
    "b": ["layers~99:tanh", "loss~none", "batch_size~0"],
    "active": ["2", "-1"],
    "b_weights": ["AAA", "AACAfw"],
    "scratch": ["-1", "10001"],
}


def test_every_setting_is_tried():
    assert set(BAD) == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize(
    ("name", "text"), [(n, t) for n in BAD for t in BAD[n]], ids=lambda one: one[:16]
)
def test_a_wrong_value_costs_one_sentence_and_no_time(name, text):
    began = time.process_time()
    found, problems = read({name: text})
    assert time.process_time() - began < 2
    assert found == Settings()
    (problem,) = problems
    assert problem.startswith(f"The link says {name}=")
    assert len(problem) < 700


@given(st.dictionaries(st.sampled_from(list(BAD)), st.text(max_size=30), max_size=5))
@settings(deadline=None, max_examples=25)
def test_no_address_is_refused(parameters):
    lesson = replayed(NetworkBuilder({**SMALL, **parameters}))
    usable(lesson)
    assert opened(lesson.address()).problems == []


def test_the_usual_opening():
    lesson = NetworkBuilder()
    assert (lesson.opening, lesson.problems, lesson.notice) == (True, [], None)
    training = lesson.side.training
    assert (len(training.training), len(training.validation), training.epoch) == (250, 250, 0)
    assert not NetworkBuilder({"seed": "4"}).opening


@pytest.mark.parametrize(
    ("data", "loss", "stands"),
    [
        ("plane", "bce", "mean squared error"),
        ("multi_gauss", "cross_entropy", "mean squared error"),
    ],
)
def test_a_loss_that_does_not_fit_the_data_is_named(data, loss, stands):
    lesson = NetworkBuilder({"data": data, "loss": loss, **SMALL})
    (problem,) = lesson.problems
    assert stands in problem
    assert lesson.side.config.loss == "mse"


@pytest.mark.parametrize(
    ("data", "loss"), [("plane", "mse"), ("circles", "bce"), ("spirals", "cross_entropy")]
)
def test_without_a_loss_the_usual_one_stands_and_nothing_is_said(data, loss):
    lesson = NetworkBuilder({"data": data, "classes": "3", **SMALL})
    assert (lesson.side.config.loss, lesson.problems) == (loss, [])


def test_a_second_network_whose_loss_does_not_fit_is_named():
    lesson = NetworkBuilder({"data": "plane", "loss": "huber", "b": "loss~bce", **SMALL})
    (problem,) = lesson.problems
    assert "network B" in problem
    assert [side.config.loss for side in lesson.sides] == ["huber", "mse"]


@pytest.mark.parametrize("count", [0, 24, 26, 4000])
def test_weights_of_another_network_are_left_out(count):
    text = values_to_text(np.ones(count, np.float32))
    lesson = NetworkBuilder({"weights": text, **SMALL})
    (problem,) = lesson.problems
    assert problem.startswith("The link's weights were left out")
    np.testing.assert_array_equal(values(lesson.side), values(NetworkBuilder(SMALL).side))
    right = NetworkBuilder({"weights": values_to_text(np.ones(25, np.float32)), **SMALL})
    assert right.problems == []
    assert set(right.side.weights()) == {1.0}


@pytest.mark.parametrize("text", [None, ""])
def test_own_points_without_points(text):
    given = {"data": "own"} if text is None else {"data": "own", "own": text}
    lesson = NetworkBuilder(given)
    assert lesson.problems == ["The link names your own points but holds none."]
    assert lesson.settings.data == "circles"


def test_own_points_have_the_classes_they_need():
    lesson = NetworkBuilder({"data": "own", "own": "K8K8AJYJYEAAAAB", "classes": "2"})
    assert lesson.side.training.objective.classes == 5
    assert lesson.side.config.loss == "cross_entropy"
    usable(lesson)


def test_a_run_longer_than_can_be_played_again_is_cut_and_that_is_said():
    lesson = NetworkBuilder({"epochs": "100000", "batch_size": "1", "points": "1000", "share": "0"})
    assert "too long" in lesson.problems[0]
    assert lesson.replay_to == MOST_REPLAYED // 1000 + 1
    usual = NetworkBuilder({"epochs": "1200", "points": "500"})
    assert usual.problems == []
    assert usual.replay_to == 1200


def test_a_link_to_a_moment_beyond_its_run_shows_the_last():
    lesson = replayed(NetworkBuilder({"epochs": "3", "at": "9", **SMALL}))
    assert lesson.side.training.epoch == 3
    assert "at=" not in lesson.address()
