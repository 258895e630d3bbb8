"""Points painted and erased, and the text that an address has for them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_gestures import SMALL, cut, do, opened, paint, put, usable, values, walk

from core.networks.plane import MAX_POINTS
from explorer.network_builder.encoded import points_from_text, points_to_text
from explorer.network_builder.lesson import NetworkBuilder

UNDO = {"type": "undo"}


def on_stage(lesson):
    """The points as (x₁, x₂, class, held back)."""
    return [tuple(round(float(v), 2) for v in row[:4]) for row in cut(lesson)[1]]


def erase(lesson, *places, stroke=None):
    return do(lesson, {"type": "erase", "places": [list(one) for one in places], "stroke": stroke})


def cleared(**settings):
    return do(NetworkBuilder({**SMALL, **settings}), {"type": "clear"})


# -- painting ------------------------------------------------------------------------


@given(st.floats(-6, 6), st.floats(-6, 6))
def test_a_tap_sets_its_point_exactly_there(x1, x2):
    """To the hundredth, which is what an address can say."""
    lesson = paint(cleared(points="12", layers="none"), 0, (x1, x2))
    (point,) = on_stage(lesson)
    assert point == pytest.approx((x1, x2, 0, 0), abs=0.0051)


def test_a_stroke_scatters_its_points_about_its_places():
    places = [(-3 + 0.1 * k, 2.0) for k in range(60)]
    lesson = paint(cleared(), 1, *places, scattered=True)
    found = np.array([row[:2] for row in sorted(on_stage(lesson))])
    wanted = np.array(places)
    assert len(found) == 60
    spread = found[:, 1] - 2
    assert 0.2 < spread.std() < 0.5
    assert abs(spread.mean()) < 0.2
    assert np.abs(np.sort(found[:, 0]) - wanted[:, 0]).max() < 1
    again = paint(cleared(), 1, *places, scattered=True)
    assert on_stage(again) == on_stage(lesson)
    assert on_stage(paint(cleared(seed="7"), 1, *places, scattered=True)) != on_stage(lesson)


def test_points_beyond_the_edge_lie_on_it():
    assert on_stage(paint(cleared(), 0, (9, -9)))[0][:2] == (6, -6)


@pytest.mark.parametrize("share", [0, 50, 90])
def test_one_point_more_leaves_the_others_on_their_side(share):
    lesson = NetworkBuilder({"share": str(share), **SMALL})
    for number in range(8):
        before = set(on_stage(lesson))
        paint(lesson, number % 2, (0.37 * number - 2, 1.11 * number - 4))
        after = set(on_stage(lesson))
        assert len(after) == len(before) + 1
        assert len(before - after) <= 1


def test_the_brush_brings_classes_and_the_loss_follows():
    lesson = walk(NetworkBuilder(SMALL), 2)
    paint(lesson, 1, (0, 0))
    assert (lesson.settings.data, lesson.settings.classes, lesson.side.config.loss) == (
        *("own", 2, "bce"),
    )
    hidden = lesson.side.training.model.linears()[0].weight.clone()
    paint(lesson, 3, (0, 1))
    assert lesson.settings.classes == lesson.side.training.objective.classes == 4
    assert lesson.side.config.loss == "cross_entropy"
    assert "The loss follows" in lesson.notice
    assert "newly initialised" in lesson.notice
    assert lesson.side.training.model.linears()[0].weight.equal(hidden)
    assert len(on_stage(lesson)) == 42
    usable(lesson)


def test_the_brush_on_two_classes_leaves_them_two():
    lesson = put(put(NetworkBuilder({"data": "spirals", **SMALL}), "classes", 5), "data", "circles")
    paint(lesson, 0, (0, 0))
    assert lesson.side.training.objective.classes == 2


def test_numbers_to_predict_cannot_be_painted_on():
    lesson = paint(NetworkBuilder({"data": "plane", **SMALL}), 0, (0, 0))
    assert "numbers to predict" in lesson.notice
    assert lesson.settings.data == "plane"
    do(lesson, {"type": "clear"})
    paint(lesson, 0, (0, 0))
    assert (lesson.settings.data, lesson.side.config.loss) == ("own", "bce")


def test_two_thousand_points_are_the_most():
    lesson = NetworkBuilder({"points": "1000", "layers": "none"})
    places = [(0.001 * k, 0) for k in range(200)]
    for _ in range(5):
        paint(lesson, 0, *places)
    assert len(on_stage(lesson)) == MAX_POINTS
    paint(lesson, 0, (0, 0))
    assert "2000 points are the most" in lesson.notice
    assert len(on_stage(lesson)) == MAX_POINTS
    assert opened(lesson.address()).problems == []


# -- erasing -------------------------------------------------------------------------


def test_the_eraser_takes_what_is_within_half_a_unit():
    lesson = NetworkBuilder({"points": "300"})
    before = on_stage(lesson)
    places = [(1, 1), (-2.5, 0.5)]
    erase(lesson, *places)
    far = [row for row in before if min(math.dist(row[:2], place) for place in places) > 0.5]
    assert sorted(row[:3] for row in on_stage(lesson)) == sorted(row[:3] for row in far)
    assert 0 < len(far) < len(before)


def test_an_eraser_that_meets_nothing_changes_nothing():
    lesson = walk(NetworkBuilder(SMALL), 2)
    before = lesson.address()
    erase(lesson, (5.9, 5.9))
    assert lesson.address() == before
    assert lesson.settings.data == "circles"


def test_the_last_point_leaves_an_empty_plane_and_undo_brings_it_back():
    lesson = paint(cleared(), 0, (1, 1))
    erase(lesson, (1, 1), stroke="b")
    assert on_stage(lesson) == []
    assert "Empty" in lesson.notice
    do(lesson, UNDO)
    assert on_stage(lesson) == [(1, 1, 0, 0)]


def test_an_empty_plane_waits_for_points():
    lesson = cleared()
    before = values(lesson.side)
    do(lesson, {"type": "tick", "seconds": 0.4}, {"type": "step", "count": 3})
    np.testing.assert_array_equal(values(lesson.side), before)
    assert cut(lesson)[0]["clock"]["step"] == 0
    paint(lesson, 0, ("nan", 0))
    paint(lesson, 0)
    assert on_stage(lesson) == []
    paint(paint(lesson, 0, (-1, 0)), 1, (1, 0))
    walk(lesson, 3)
    assert lesson.side.training.epoch == 3
    assert len(on_stage(lesson)) == 2


@pytest.mark.parametrize("other", [("data", "moons"), ("noise", 0.2), ("seed", 5)])
def test_other_points_fill_an_empty_plane(other):
    assert len(on_stage(put(cleared(), *other))) == 40


def test_the_network_of_the_course_fills_an_empty_plane():
    lesson = do(cleared(), {"type": "scratch", "action": "load"})
    assert len(on_stage(lesson)) == 4
    assert walk(lesson, 1).side.training.epoch == 1


# -- undo ----------------------------------------------------------------------------


@pytest.mark.parametrize("tool", ["paint", "erase"])
@pytest.mark.parametrize("pair", [False, True])
def test_a_stroke_of_many_moves_is_one_undo(tool, pair):
    lesson = walk(NetworkBuilder({"points": "200"}), 2)
    if pair:
        do(lesson, {"type": "compare"})
    before, loss = on_stage(lesson), lesson.side.training.now
    for k in range(5):
        move = {"type": tool, "kind": 2, "places": [[0.7 * k, 0], [0.7 * k, 0.2]], "stroke": "s1"}
        do(lesson, move)
    assert len(on_stage(lesson)) == 210 if tool == "paint" else len(on_stage(lesson)) < 200
    middle = on_stage(lesson)
    for k in range(2):
        do(lesson, {"type": tool, "kind": 1, "places": [[-2, k], [-2, -k]], "stroke": "s2"})
    do(lesson, UNDO)
    assert on_stage(lesson) == middle
    do(lesson, UNDO)
    assert on_stage(lesson) == before
    assert (lesson.settings.data, lesson.settings.own, lesson.settings.classes) == (
        *("circles", None, 2),
    )
    assert lesson.side.training.now == loss
    for side in lesson.sides:
        assert side.training.objective.classes == 2
        assert len(side.training.training) + len(side.training.validation) == 200
    assert "nothing to undo" in do(lesson, UNDO).notice


def test_clear_can_be_taken_back():
    lesson = walk(NetworkBuilder(SMALL), 2)
    before = on_stage(lesson)
    do(lesson, {"type": "clear"})
    assert cut(lesson)[0]["sides"][0]["canUndo"]
    do(lesson, UNDO)
    assert on_stage(lesson) == before
    assert lesson.side.training.epoch == 2


def test_a_stroke_that_erases_everything_is_one_undo_too():
    lesson = paint(paint(cleared(), 0, (1, 1)), 1, (3, 3))
    before = on_stage(lesson)
    erase(erase(lesson, (1, 1), stroke=8), (3, 3), stroke=8)
    assert on_stage(lesson) == []
    assert on_stage(do(lesson, UNDO)) == before


def test_names_of_classes_stay_with_their_points():
    lesson = NetworkBuilder(SMALL)
    lesson.names = ("cat", "dog")
    paint(lesson, 1, (0, 0))
    assert cut(lesson)[0]["data"]["names"] == ["cat", "dog"]
    put(lesson, "data", "moons")
    assert cut(lesson)[0]["data"]["names"] == ["orange", "blue"]
    do(lesson, UNDO)
    assert cut(lesson)[0]["data"]["names"] == ["cat", "dog"]


# -- as text -------------------------------------------------------------------------

hundredths = st.integers(-600, 600).map(lambda value: value / 100)


@given(st.lists(st.tuples(hundredths, hundredths, st.integers(0, 5)), max_size=50).map(tuple))
def test_points_come_back_from_their_text(points):
    text = points_to_text(points)
    assert len(text) == 5 * len(points)
    assert points_from_text(text) == points


def test_five_characters_by_hand():
    # 1.00 is 700 steps from −6: 10·64 + 60, K and 8; −6 is AA; class 2 is C.
    assert points_to_text([(1, -6, 2)]) == "K8AAC"


@pytest.mark.parametrize("text", ["A", "AAAAG", "99999", "AAAA=", "TAAAA", "é" * 5, "AAAAA" * 2001])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="point"):
        points_from_text(text)


@given(st.text(alphabet="ABCKZ09-_ =é", max_size=20))
def test_no_text_is_more_than_an_error(text):
    try:
        points = points_from_text(text)
    except ValueError:
        return
    assert points_to_text(points) == text
