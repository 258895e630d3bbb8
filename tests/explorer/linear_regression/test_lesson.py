import json
import math

import numpy as np
import pytest
from gestures import GOOD, at, course, do, opened, sent, walked
from hypothesis import given, settings
from hypothesis import strategies as st

from core.regression.datasets import DATASETS
from core.regression.descent import MAX_STEPS
from core.regression.doctor_base import Finding, Remedy
from core.regression.losses import LOSSES
from core.regression.points import MAX_POINTS, Points
from explorer.components.packing import finite
from explorer.heads import head_message
from explorer.linear_regression.cards import board_message
from explorer.linear_regression.controls import SLUG, row_message
from explorer.linear_regression.lesson import FRESH_PATH, OPENING_STEPS, LinearRegression
from explorer.linear_regression.settings import RATES, settable
from explorer.linear_regression.stage import stage_message

STEP = {"type": "step", "count": 1}
TEN = {"type": "step", "count": 10}


def rate(value):
    return {"type": "set", "name": "rate", "value": value}


def setting(name, value):
    return {"type": "set", "name": name, "value": value}


# -- the example of the course -------------------------------------------------------


def test_the_start_of_the_course():
    lesson = course()
    assert at(lesson) == (-1, 5, 2.5)
    assert lesson.descent.next_gradient() == (-3, -1)
    assert (lesson.best.m, lesson.best.b, lesson.best.loss) == pytest.approx((2, 1, 0), abs=1e-12)


def test_one_step_of_the_course():
    assert at(do(course(), STEP))[:2] == pytest.approx((-0.7, 5.1), abs=1e-12)


def test_rate_two_diverges_and_the_doctor_says_why():
    lesson = do(course(), rate(2.0), {"type": "step", "count": 100})
    assert lesson.descent.diverged
    finding = lesson.finding()
    assert finding.level == "warning"
    assert "diverged" in finding.text
    assert finding.remedy.start_over
    do(lesson, {"type": "remedy"})
    assert at(lesson) == (-1, 5, 2.5)
    assert lesson.settings.rate < lesson.stable
    do(lesson, *[{"type": "step", "count": 100}] * 20)
    assert not lesson.descent.diverged
    assert at(lesson)[:2] == pytest.approx((2, 1), abs=1e-3)


def test_it_gets_to_the_minimum():
    lesson = do(course(), rate(0.14), *[{"type": "step", "count": 100}] * 12)
    assert at(lesson) == pytest.approx((2, 1, 0), abs=1e-6)


# -- opening -------------------------------------------------------------------------


def test_it_opens_on_something_that_moves():
    lesson = LinearRegression()
    assert lesson.problems == []
    assert len(lesson.points) == 9
    assert lesson.opening == OPENING_STEPS > 0
    assert len(lesson.descent.steps) > 1
    assert lesson.descent.current.loss < lesson.descent.steps[0].loss


def test_a_link_to_a_place_opens_there_and_stays():
    assert course().opening == 0
    assert LinearRegression({"start": "0,0"}).opening == 0
    assert LinearRegression({"seed": "8"}).opening == OPENING_STEPS


def test_own_points_that_cannot_be_read_leave_the_usual_ones():
    lesson = LinearRegression({"data": "own", "own": "1,2;x"})
    assert len(lesson.problems) == 1
    assert lesson.settings.data == "noisy_line"
    assert lesson.points == LinearRegression().points


def test_the_seed_draws_the_points():
    assert LinearRegression({"seed": "8"}).points == LinearRegression({"seed": "8"}).points
    assert LinearRegression({"seed": "8"}).points != LinearRegression().points


# -- points --------------------------------------------------------------------------


def test_a_point_moves_and_the_line_stays():
    lesson = do(course(), STEP, STEP)
    m, b, _ = at(lesson)
    do(lesson, {"type": "point", "index": 1, "x": 2.0, "y": 6.0})
    assert lesson.points.pairs() == [(1, 3), (2, 6)]
    assert walked(lesson) == [(m, b, LOSSES["mse"].mean(lesson.points, m, b))]
    assert lesson.notice == FRESH_PATH
    assert (lesson.best.m, lesson.best.b) == pytest.approx((3, 0))
    assert lesson.settings.data == "own"


def test_the_axes_hold_still_under_the_hand():
    lesson = course()
    view = lesson.view
    for y in (6.0, 9.0, 60.0):
        do(lesson, {"type": "point", "index": 1, "x": 2.0, "y": y})
        do(lesson, {"type": "line", "m": y, "b": 1.0}, {"type": "tick"})
        assert lesson.view == view
        assert not lesson.rested
    do(lesson, {"type": "rest"})
    assert lesson.rested
    assert lesson.view != view


def test_a_slider_under_the_hand_does_not_let_the_page_rest():
    lesson = do(course(), {**rate(0.3), "moving": True})
    assert lesson.settings.rate == 0.3
    assert not lesson.rested
    assert do(lesson, {"type": "rest"}).rested
    assert do(lesson, rate(0.2)).rested


def test_points_come_and_go():
    lesson = do(course(), {"type": "add", "x": 3.0, "y": 4.0})
    assert lesson.points.pairs() == [(1, 3), (2, 5), (3, 4)]
    do(lesson, {"type": "append"})
    x, y = lesson.points.pairs()[-1]
    assert y == pytest.approx(lesson.best.m * x + lesson.best.b, abs=0.05)
    do(lesson, {"type": "remove", "index": 0}, {"type": "remove", "index": 2})
    assert lesson.points.pairs() == [(2, 5), (3, 4)]


def test_two_points_are_the_least():
    lesson = do(course(), STEP)
    before = walked(lesson)
    do(lesson, {"type": "remove", "index": 0})
    assert lesson.points.pairs() == [(1, 3), (2, 5)]
    assert "Two points are the least" in lesson.refused
    assert walked(lesson) == before
    do(lesson, {"type": "add", "x": 0, "y": 0})
    assert lesson.refused is None


def test_there_is_a_most_too():
    points = Points(np.linspace(0, 1, MAX_POINTS), np.zeros(MAX_POINTS))
    lesson = LinearRegression()
    lesson.use_points(points, "Read from a file.")
    assert lesson.notice == "Read from a file."
    do(lesson, {"type": "append"})
    assert len(lesson.points) == MAX_POINTS
    assert str(MAX_POINTS) in lesson.refused


@pytest.mark.parametrize(
    ("text", "wanted"), [("7", 7), ("−2.5", -2.5), (" 0,25 ", 0.25), ("1e2", 100), ("-0", 0)]
)
def test_a_cell_of_the_table_takes_a_number(text, wanted):
    lesson = do(course(), {"type": "cell", "index": 1, "column": "y", "text": text})
    assert lesson.points.pairs() == [(1, 3), (2, wanted)]
    do(lesson, {"type": "cell", "index": 0, "column": "x", "text": text})
    assert lesson.points.pairs()[0] == (wanted, 3)
    assert lesson.refused is None


@pytest.mark.parametrize("text", ["seven", "", "1;2", "1.2.3", "0x10", "nan", "inf", "1e7", "--1"])
@pytest.mark.parametrize("column", ["x", "y"])
def test_a_cell_with_something_else_is_refused_with_the_name_of_the_point(text, column):
    lesson = do(course(), STEP)
    before = walked(lesson)
    do(lesson, {"type": "cell", "index": 1, "column": column, "text": text})
    assert lesson.refused.startswith("Point 2")
    assert column in lesson.refused.split(":", 1)[1]
    assert lesson.points.pairs() == [(1, 3), (2, 5)]
    assert walked(lesson) == before
    assert do(lesson, STEP).refused is None


# -- the line and its path -----------------------------------------------------------


def test_a_moved_line_starts_a_new_path():
    lesson = do(course(), TEN, {"type": "line", "m": 0.5, "b": 2.0})
    assert at(lesson)[:2] == (0.5, 2.0)
    assert len(lesson.descent.steps) == 1
    assert lesson.points.pairs() == [(1, 3), (2, 5)]


def test_places_are_rounded_to_what_a_hand_can_mean():
    lesson = do(course(), {"type": "line", "m": 0.123456789, "b": -1e-9})
    m, b, _ = at(lesson)
    assert m == pytest.approx(0.123456789, abs=(lesson.view.m[1] - lesson.view.m[0]) / 500)
    assert len(repr(m)) < 7
    assert math.copysign(1, b) == 1


def test_reset_goes_to_the_start_and_then_to_the_start_of_the_course():
    lesson = do(course(start="0.5,2"), TEN, {"type": "reset"})
    assert at(lesson)[:2] == (0.5, 2)
    assert len(lesson.descent.steps) == 1
    do(lesson, {"type": "reset"})
    assert at(lesson)[:2] == (-1, 5)
    do(lesson, {"type": "reset"})
    assert at(lesson)[:2] == (-1, 5)


def test_rewind_keeps_what_comes_later_until_the_next_step():
    lesson = do(course(), TEN)
    path = walked(lesson)
    do(lesson, {"type": "rewind", "index": 4})
    assert at(lesson) == path[4]
    assert walked(lesson) == path
    do(lesson, {"type": "rewind", "index": 10})
    assert at(lesson) == path[10]
    do(lesson, {"type": "rewind", "index": 4}, STEP)
    assert walked(lesson) == path[:6]
    do(lesson, {"type": "rewind", "index": 2}, rate(0.02), STEP)
    assert walked(lesson)[:3] == path[:3]
    assert walked(lesson)[3] != path[3]


def test_rewind_stays_on_the_path():
    lesson = do(course(), TEN, {"type": "rewind", "index": -5})
    assert lesson.descent.shown == 0
    assert do(lesson, {"type": "rewind", "index": 99}).descent.shown == 10


def test_rewound_and_walked_again_it_is_the_same_to_the_last_digit():
    lesson = do(course(batch="one"), TEN, TEN)
    path = walked(lesson)
    do(lesson, {"type": "reset"}, TEN, *[{"type": "tick"}] * 10)
    assert walked(lesson) == path


def test_a_path_ends():
    lesson = do(course(), *[{"type": "step", "count": 100}] * (MAX_STEPS // 100 + 2))
    assert lesson.descent.shown == MAX_STEPS
    assert stage_message(lesson, None)[0]["full"]


def test_a_step_counts_what_it_may():
    assert do(course(), {"type": "step", "count": 10**9}).descent.shown == 100
    assert do(course(), {"type": "step", "count": -3}).descent.shown == 0
    assert do(course(), {"type": "tick"}).descent.shown == 1


# -- settings ------------------------------------------------------------------------


@pytest.mark.parametrize("change", [("loss", "mae"), ("loss", "huber"), ("batch", "one")])
def test_what_changes_the_loss_keeps_the_line_and_says_that_the_path_is_new(change):
    lesson = do(course(), TEN)
    m, b, _ = at(lesson)
    do(lesson, setting(*change))
    assert at(lesson)[:2] == (m, b)
    assert len(lesson.descent.steps) == 1
    assert lesson.notice == FRESH_PATH
    assert lesson.descent.loss_name == lesson.settings.loss


@pytest.mark.parametrize("change", [("data", "curve"), ("seed", 3), ("points", 20), ("noise", 0.1)])
def test_new_data_keep_the_line(change):
    lesson = do(LinearRegression({"path": "0.1x5"}), TEN)
    m, b, _ = at(lesson)
    old = lesson.points
    do(lesson, setting(*change))
    assert lesson.points != old
    assert at(lesson) == (m, b, LOSSES["mse"].mean(lesson.points, m, b))
    assert lesson.notice == FRESH_PATH
    assert lesson.descent.points is lesson.points


@pytest.mark.parametrize(
    "change", [("residuals", "lines"), ("surface", "relief"), ("turn", [10, 20]), ("rate", 0.3)]
)
def test_what_only_looks_different_keeps_the_path(change):
    lesson = do(course(), TEN)
    before = walked(lesson)
    do(lesson, setting(*change))
    assert walked(lesson) == before
    assert lesson.notice is None


def test_the_example_of_the_course_starts_where_the_course_does():
    lesson = do(LinearRegression(), TEN, setting("data", "two_points"))
    assert lesson.points.pairs() == [(1, 3), (2, 5)]
    assert at(lesson) == (-1, 5, 2.5)


def test_own_data_are_asked_for_once():
    lesson = do(LinearRegression(), setting("data", "own"))
    assert lesson.points == LinearRegression().points
    assert lesson.outdated()
    assert lesson.takes_import()
    assert not lesson.takes_import()


@pytest.mark.parametrize("change", [("loss", "rmse"), ("points", 1), ("points", 5.5), ("rate", 0)])
def test_a_setting_that_cannot_be_is_refused(change):
    lesson = do(course(), TEN)
    before, address = walked(lesson), lesson.address()
    do(lesson, setting(*change))
    assert lesson.refused
    assert (walked(lesson), lesson.address()) == (before, address)


@pytest.mark.parametrize("name", ["own", "start", "path", "colour", "__class__"])
def test_what_is_no_control_is_refused(name):
    lesson = course()
    address = lesson.address()
    do(lesson, setting(name, "1,2"))
    assert lesson.refused
    assert lesson.address() == address


def test_head_and_row_follow_when_the_hand_is_empty():
    lesson = course()
    lesson.head_drawn()
    assert not lesson.outdated()
    do(lesson, {"type": "line", "m": 1.0, "b": 1.0})
    assert lesson.outdated()
    assert not head_message(SLUG, lesson)["settled"]
    do(lesson, {"type": "rest"})
    assert lesson.outdated()
    lesson.head_drawn()
    assert not lesson.outdated()
    assert head_message(SLUG, lesson)["query"] == lesson.address()
    assert head_message(SLUG, lesson)["settled"]


def test_the_row_shows_the_settings_and_what_is_of_no_use():
    fields = {one["name"]: one for one in row_message(LinearRegression(), "t")["fields"]}
    assert (fields["points"]["value"], fields["noise"]["value"]) == (9, 0.9)
    assert all(field["enabled"] for field in fields.values())
    assert "size" not in fields
    fields = {one["name"]: one for one in row_message(course(batch="mini"), None)["fields"]}
    assert not fields["points"]["enabled"]
    assert not fields["noise"]["enabled"]
    assert fields["seed"]["enabled"]  # The batches are still drawn with it.
    assert fields["size"]["value"] == 4


# -- the doctor's remedies -----------------------------------------------------------


def test_the_remedy_sets_a_rate_that_settles():
    lesson = do(course(), rate(1.0))
    promised = lesson.finding().remedy
    assert promised.setting == "learning_rate"
    do(lesson, {"type": "remedy"})
    assert lesson.settings.rate == promised.value < lesson.stable
    assert at(lesson) == (-1, 5, 2.5)


def test_the_remedy_changes_the_loss():
    lesson = LinearRegression({"data": "outlier", "path": "0.05x300", "rate": "0.05"})
    promised = lesson.finding().remedy
    assert promised.setting == "loss"
    m, b, _ = at(lesson)
    do(lesson, {"type": "remedy"})
    assert lesson.settings.loss == promised.value != "mse"
    assert at(lesson)[:2] == (m, b)


def test_the_remedy_goes_back_to_the_start():
    lesson = do(course(), rate(4.0), {"type": "step", "count": 100}, rate(0.05))
    assert lesson.finding().remedy.setting == "reset"
    do(lesson, {"type": "remedy"})
    assert at(lesson) == (-1, 5, 2.5)
    assert lesson.settings.rate == 0.05


def test_with_large_x_the_remedy_is_a_rate_that_settles():
    lesson = course(own="1000,3;2000,5", rate="4")
    assert lesson.finding().level == "warning"
    do(lesson, {"type": "remedy"})
    assert 0 < lesson.settings.rate < lesson.stable


def test_no_button_promises_a_rate_that_the_slider_does_not_have():
    promised = Remedy("Set λ to 0.0001", "learning_rate", 1e-4)
    found = Finding("note", "It hops.", promised)
    assert settable(found, None).remedy is None
    assert settable(found, 1e-4).remedy is promised


def test_no_remedy_changes_nothing():
    lesson = course(start="2,1")
    assert lesson.finding().remedy is None
    before = lesson.address()
    assert do(lesson, {"type": "remedy"}).address() == before


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("value", [0.001, 0.15, 4.0])
def test_a_remedy_leads_somewhere(data, loss, value):
    lesson = do(LinearRegression({"data": data, "loss": loss, "path": ""}), rate(value), TEN)
    seen = set()
    while (remedy := lesson.finding().remedy) is not None:
        assert remedy not in seen, "the doctor goes round in circles"
        seen.add(remedy)
        do(lesson, {"type": "remedy"}, TEN)
        assert lesson.refused is None
        if remedy.setting == "learning_rate":
            assert RATES[0] <= lesson.settings.rate == remedy.value <= RATES[1]
    assert len(seen) < 6


# -- the address ---------------------------------------------------------------------


def same(lesson, other):
    assert other.problems == []
    assert other.points == lesson.points
    assert at(other) == at(lesson)
    assert walked(other) == walked(lesson)[: lesson.descent.shown + 1]
    assert other.view == lesson.view
    assert other.address() == lesson.address()
    assert other.settings.rate == lesson.settings.rate


@given(st.lists(GOOD, max_size=12))
@settings(deadline=None, max_examples=50)
def test_the_address_shows_the_same_picture_after_any_gestures(events):
    lesson = LinearRegression({"points": "5", "path": "0.1x3"})
    for event in events:
        do(lesson, sent(event, lesson))
    lesson.rest()
    same(lesson, opened(lesson.address()))


@given(st.lists(GOOD, max_size=8), st.lists(GOOD, max_size=4))
@settings(deadline=None, max_examples=50)
def test_who_opens_the_link_can_go_on_alike(events, later):
    lesson = course(batch="mini", size="2")
    do(lesson, {"type": "append"}, {"type": "append"})
    for event in events:
        do(lesson, sent(event, lesson))
    lesson.rest()
    other = opened(lesson.address())
    for event in later:
        if event["type"] in ("rewind", "choose", "reveal", "next_question"):
            continue  # The later steps and the question of the moment are not in the link.
        do(lesson, sent(event, lesson))
        do(other, sent(event, other))
    lesson.rest()
    other.rest()
    same(lesson, other)


def test_the_steps_after_a_rewind_do_not_move_the_axes():
    lesson = do(course(start="2.5,1.2"), rate(0.5), {"type": "step", "count": 5})
    do(lesson, {"type": "rewind", "index": 0}, {"type": "rest"})
    same(lesson, opened(lesson.address()))


# -- garbage -------------------------------------------------------------------------

TYPES = ["point", "add", "append", "remove", "cell", "line", "step", "tick", "rewind", "reset"]
TYPES += ["rest", "set", "remedy", "choose", "reveal", "next_question", "boom", ""]
KEYS = ["index", "x", "y", "m", "b", "count", "name", "value", "option", "text", "column"]
NAMES = ["data", "points", "noise", "seed", "loss", "batch", "size", "rate", "turn", "surface"]
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -1, 2**63, 1e12, 1e300, -1e300, 1e-300, 0.0])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(NAMES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
garbage = st.builds(
    lambda kind, rest: {**rest, **kind},
    st.just({}) | st.fixed_dictionaries({"type": st.sampled_from(TYPES) | junk}),
    st.dictionaries(st.sampled_from(KEYS), junk, max_size=5),
)


def usable(lesson):
    """Everything that the page does with a lesson works."""
    for header, values in (stage_message(lesson, None), board_message(lesson, None)):
        json.dumps(finite(header), allow_nan=False)
        assert values.dtype == np.float32
    json.dumps(finite(head_message(SLUG, lesson)), allow_nan=False)
    json.dumps(finite(row_message(lesson, None)), allow_nan=False)
    assert lesson.refused is None or lesson.refused.endswith(".")


@given(st.lists(garbage | GOOD, min_size=1, max_size=6))
@settings(deadline=None, max_examples=50)
def test_garbage_never_raises_and_leaves_a_usable_lesson(events):
    lesson = LinearRegression({"points": "4"})
    lesson.apply(tuple(sent(event, lesson) for event in events))
    usable(lesson)
    lesson.rest()
    usable(lesson)
    same(lesson, opened(lesson.address()))


@pytest.mark.parametrize("kind", [[], {}, None, 5, "boom", ("a",)])
def test_what_no_one_knows_is_left_alone(kind):
    lesson = do(course(), TEN)
    before = lesson.address()
    do(lesson, {"type": kind}, {})
    assert lesson.address() == before
    assert lesson.refused is None


@pytest.mark.parametrize("m", [1e13, -1e100, 1e300, math.inf, math.nan, "x", None])
def test_a_line_far_outside_is_refused(m):
    lesson = do(course(), {"type": "line", "m": m, "b": 1.0})
    assert lesson.refused
    assert at(lesson) == (-1, 5, 2.5)


def test_one_bad_gesture_does_not_stop_the_others():
    lesson = do(course(), {"type": "remove"}, {"type": "add", "x": 3, "y": 4}, STEP)
    assert len(lesson.points) == 3
    assert lesson.descent.shown == 1


@pytest.mark.parametrize("data", DATASETS)
@pytest.mark.parametrize("batch", ["full", "mini", "one"])
@pytest.mark.parametrize("loss", LOSSES)
def test_an_explosion_leaves_a_usable_lesson(data, batch, loss):
    lesson = LinearRegression({"data": data, "loss": loss, "batch": batch, "rate": "4"})
    do(lesson, {"type": "step", "count": 100})
    assert lesson.descent.diverged == (loss == "mse")
    usable(lesson)
    do(lesson, {"type": "append"})
    assert not lesson.descent.diverged
    if loss == "mse":
        assert at(lesson)[:2] == (-1, 5)  # The line had gone; it is back at the usual start.
    usable(lesson)
