"""The address shows the same picture; no gesture breaks the page; what stays, stays."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from network_gestures import (
    GOOD,
    OWN,
    SMALL,
    do,
    layer,
    opened,
    paint,
    picture,
    put,
    same,
    usable,
    values,
    walk,
)

from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.settings import Settings

SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
UNDO = {"type": "undo"}


# -- the address ---------------------------------------------------------------------


def shows_the_same(lesson):
    """A fresh browser with the address of the lesson has what the lesson has."""
    do(lesson, {"type": "hover"}, {"type": "rest"})
    again = opened(lesson.address())
    assert again.problems == []
    assert again.address() == lesson.address()
    assert (again.active, again.settings.unit) == (lesson.active, lesson.settings.unit)
    for mine, theirs in zip(lesson.sides, again.sides, strict=True):
        assert theirs.config == mine.config
        finite = np.isfinite(values(mine)).all()
        if finite or mine.replayable:
            np.testing.assert_array_equal(values(theirs), values(mine))
            now, then = mine.training.now, theirs.training.now
            assert same(now.training_loss, then.training_loss)
            assert same(now.validation_accuracy, then.validation_accuracy)
    return again


@given(st.lists(st.lists(GOOD, min_size=1, max_size=3), max_size=6))
@settings(max_examples=25, **SLOW)
def test_the_address_shows_the_same_picture(batches):
    lesson = NetworkBuilder(SMALL)
    for events in batches:
        lesson.apply(tuple(events))
        usable(lesson)
    lesson.edits.cleared = False  # An empty plane is no state that a link can name.
    again = shows_the_same(lesson)
    told = all(side.replayable for side in lesson.sides)
    finite = all(np.isfinite(values(side)).all() for side in lesson.sides)
    if finite or told:
        (_, mine), (_, theirs) = picture(lesson), picture(again)
        # In the middle of an epoch the points of the next batch are marked, in a link they are not.
        count = 5 * len(lesson.side.training.training) + 5 * len(lesson.side.training.validation)
        np.testing.assert_array_equal(mine[count:], theirs[count:])
        columns = [
            [side["columns"] for side in picture(one)[0]["sides"]] for one in (lesson, again)
        ]
        assert columns[0] == columns[1]


def played(lesson):
    return walk(lesson, 6)


def looked_back(lesson):
    return do(played(lesson), {"type": "go_to", "epoch": 2})


def edited(lesson):
    return do(played(lesson), {"type": "weight", "layer": 0, "to": 1, "source": 1, "value": -1.75})


def painted(lesson):
    return played(paint(lesson, 3, (1.234, -5), (6, 6), (-9, 0)))


def own_function(lesson):
    return played(layer(lesson, 0, expression=OWN, dropout=0.2, batchNorm=True))


def compared(lesson):
    return walk(do(lesson, {"type": "compare"}), 5)


def compared_and_edited(lesson):
    return edited(compared(put(lesson, "learning_rate", 0.1)))


def compared_and_looked_back(lesson):
    return do(compared(lesson), {"type": "go_to", "epoch": 1})


def diverged(lesson):
    put(put(put(lesson, "data", "plane"), "optimizer", "sgd"), "learning_rate", 10)
    return walk(do(lesson, {"type": "remove_layer", "position": 0}, {"type": "reset"}), 30)


def diverged_beside_another(lesson):
    do(put(put(lesson, "data", "plane"), "optimizer", "sgd"), {"type": "compare"})
    for _ in range(2):
        do(lesson, {"type": "remove_layer", "position": 0})
    do(put(lesson, "learning_rate", 10), {"type": "reset"}, {"type": "side", "index": 0})
    return walk(lesson, 20)


def in_the_middle(lesson):
    return walk(put(lesson, "mode", "batch"), 7)


def before_the_first_epoch(lesson):
    """Other outputs, so that other weights are drawn: what follows is not that of the settings."""
    return played(put(put(lesson, "data", "spirals"), "classes", 4))


def other_rate_after_a_look_back(lesson):
    do(played(lesson), {"type": "go_to", "epoch": 0})
    return do(put(lesson, "learning_rate", 0.3), {"type": "go_to", "epoch": 4})


def batches_of_two_sizes(lesson):
    put(do(put(lesson, "mode", "batch"), {"type": "compare"}), "batch_size", 20)
    return walk(lesson, 2)


STATES = [
    *[played, looked_back, edited, painted, own_function, compared, compared_and_edited],
    *[compared_and_looked_back, diverged, diverged_beside_another, in_the_middle],
    *[before_the_first_epoch, other_rate_after_a_look_back, batches_of_two_sizes],
]


@pytest.mark.parametrize("state", STATES, ids=lambda one: one.__name__)
def test_what_a_link_has_to_carry(state):
    lesson = state(NetworkBuilder(SMALL))
    again = shows_the_same(lesson)
    (header, mine), (other, theirs) = picture(lesson), picture(again)
    assert other["extent"] == header["extent"]
    if state is not in_the_middle:
        np.testing.assert_array_equal(mine, theirs)
        assert other["data"] == header["data"]


@pytest.mark.parametrize("state", [played, looked_back, compared], ids=lambda one: one.__name__)
def test_a_run_that_was_played_again_goes_on_alike_and_has_the_same_curves(state):
    lesson = state(NetworkBuilder(SMALL))
    again = opened(lesson.address())
    for one in (lesson, again):
        walk(one, 3)
    for mine, theirs in zip(lesson.sides, again.sides, strict=True):
        np.testing.assert_array_equal(values(mine), values(theirs))
        assert str(mine.training.history.rows) == str(theirs.training.history.rows)


def test_a_look_back_keeps_what_came_later():
    lesson = looked_back(NetworkBuilder(SMALL))
    assert "epochs=6" in lesson.address()
    assert "at=2" in lesson.address()
    again = do(opened(lesson.address()), {"type": "go_to", "epoch": 6})
    np.testing.assert_array_equal(values(again.side), values(played(NetworkBuilder(SMALL)).side))


def test_a_diverged_run_diverges_again_in_the_same_step():
    lesson = diverged(NetworkBuilder(SMALL))
    assert lesson.side.training.diverged
    again = opened(lesson.address())
    assert again.side.training.problem == lesson.side.training.problem
    assert again.side.training.step_count == lesson.side.training.step_count


def test_a_side_that_diverged_does_not_hold_up_the_other_one_nor_its_link():
    lesson = diverged_beside_another(NetworkBuilder(SMALL))
    first, second = (side.training for side in lesson.sides)
    assert second.diverged
    assert not first.diverged
    assert first.epoch == 20
    assert opened(lesson.address()).sides[0].training.epoch == 20


def test_a_replay_comes_in_steps_and_names_the_same_address_on_its_way():
    lesson = NetworkBuilder({"epochs": "300", "points": "1000", "batch_size": "20", "at": "7"})
    assert 0 < lesson.replay_to == 300
    assert 0 < lesson.side.training.epoch < 300
    before = lesson.address()
    assert "epochs=300" in before
    usable(lesson)
    do(lesson, {"type": "replay"})
    assert lesson.address() == before
    do(lesson, {"type": "reset"}, {"type": "replay"})
    assert (lesson.replay_to, lesson.side.training.epoch) == (0, 0)


def test_an_edit_ends_a_replay():
    lesson = NetworkBuilder({"epochs": "300", "points": "1000", "batch_size": "20"})
    assert lesson.replay_to
    put(lesson, "learning_rate", 0.1)
    epoch = lesson.side.training.epoch
    do(lesson, {"type": "replay"})
    assert (lesson.replay_to, lesson.side.training.epoch) == (0, epoch)


def test_a_late_message_does_not_replay_what_was_rewound():
    lesson = NetworkBuilder({"epochs": "5", **SMALL})
    do(lesson, {"type": "reset"}, {"type": "replay"})
    assert lesson.side.training.epoch == 0


def test_a_run_too_long_to_be_played_again_is_carried_as_weights(monkeypatch):
    monkeypatch.setattr("explorer.network_builder.side.MOST_REPLAYED", 100)
    lesson = NetworkBuilder({"batch_size": "1", "layers": "none", "points": "12", "share": "0"})
    assert "epochs=8&" in walk(lesson, 8).address()
    walk(lesson, 1)
    assert "epochs=0&" in lesson.address()
    shows_the_same(lesson)
    do(lesson, {"type": "go_to", "epoch": 3})
    shows_the_same(lesson)


# -- good and bad gestures -----------------------------------------------------------

rubbish = st.one_of(
    *[st.none(), st.booleans(), st.integers(-3, 20), st.floats(), st.text(max_size=6)],
    *[st.just({}), st.just(10**400), st.just("nan"), st.just([[1]]), st.just([["nan", 1]])],
    *[st.just([[float("nan"), 0]]), st.just({"units": 2.5}), st.just({"dropout": "x"})],
    *[st.lists(st.floats(), max_size=3), st.just({"expression": "x" * 9999}), st.just([1, 2])],
)
KINDS = [
    *["tick", "replay", "step", "go_to", "reset", "rest", "compare", "side", "remedy", "set"],
    *["scratch", "export", "choose", "reveal", "next_question", "weight", "bias", "undo"],
    *["feature", "units", "insert_layer", "remove_layer", "layer", "paint", "erase", "clear"],
    *["select", "hover", "probe", "nothing", None, 5],
]
FIELDS = [
    *["seconds", "count", "epoch", "index", "name", "value", "action", "option", "layer", "to"],
    *["source", "position", "changes", "kind", "places", "stroke", "column", "unit", "x1", "x2"],
]
garbage = st.builds(
    lambda kind, fields: {"type": kind, **fields},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(FIELDS), rubbish, max_size=5),
) | st.builds(
    lambda name, value: {"type": "set", "name": name, "value": value},
    st.sampled_from(list(Settings.__dataclass_fields__)),
    rubbish,
)


def not_slow(one):
    """Answers of questions and ONNX have tests of their own, and take their time."""
    return one.get("type") not in ("reveal", "next_question", "export")


@given(st.lists((garbage | GOOD).filter(not_slow), min_size=1, max_size=8))
@settings(max_examples=25, **SLOW)
def test_rubbish_is_survived(events):
    lesson = NetworkBuilder(SMALL)
    lesson.apply(tuple(events))
    header, _ = usable(lesson)
    columns = header["sides"][lesson.active]["columns"]
    selected = header["sides"][lesson.active]["selected"]
    assert selected["unit"] < len(columns[selected["column"]]["units"])
    assert opened(lesson.address()).problems == []
    walk(do(lesson, {"type": "reset"}), 1)
    usable(lesson)


BAD = [
    {"type": "weight", "layer": 0, "to": 9, "source": 0, "value": 1},
    {"type": "weight", "layer": 0, "to": 0, "source": 0, "value": "nan"},
    {"type": "weight", "layer": 0, "to": 0, "source": 0, "value": 101},
    {"type": "weight"},
    {"type": "bias", "layer": 7, "to": 0, "value": 1},
    {"type": "feature", "name": "x9"},
    {"type": "units", "layer": 0, "count": 17},
    {"type": "units", "layer": -1, "count": 3},
    {"type": "remove_layer", "position": -1},
    {"type": "remove_layer", "position": 2},
    {"type": "layer", "position": 0, "changes": {"activation": "nothing"}},
    {"type": "layer", "position": 0, "changes": {"expression": "__import__('os')"}},
    {"type": "layer", "position": 0, "changes": {"expression": "x*" * 5000 + "x"}},
    {"type": "layer", "position": 0, "changes": {"dropout": "nan"}},
    {"type": "layer", "position": 0, "changes": [1]},
    {"type": "paint", "kind": 6, "places": [[0, 0]]},
    {"type": "paint", "kind": 0, "places": [["nan", 0]]},
    {"type": "paint", "kind": 0, "places": 5},
    {"type": "erase", "places": [["nan", 0]]},
    {"type": "probe", "x1": "nan", "x2": 0},
    {"type": "tick", "seconds": "nan"},
    {"type": "tick", "seconds": -1},
    {"type": "set", "name": "learning_rate", "value": 0},
    {"type": "set", "name": "weights", "value": "AAAA"},
    {"type": "set", "name": "mass", "value": 1},
    {"type": "set", "name": "batch_size", "value": "1e400"},
    {"type": "export", "name": "pickle"},
    {"type": "undo"},
]


@pytest.mark.parametrize("event", BAD, ids=str)
def test_a_refused_gesture_changes_nothing_and_says_so(event):
    lesson = walk(NetworkBuilder(SMALL), 2)
    before, (header, numbers) = lesson.address(), picture(lesson)
    began = time.process_time()
    do(lesson, event)
    assert time.process_time() - began < 2
    assert lesson.notice
    assert lesson.address() == before
    after, still = picture(lesson)
    assert after == header
    np.testing.assert_array_equal(still, numbers)
    assert walk(lesson, 1).side.training.epoch == 3
    do(put(lesson, "speed", "20"), {"type": "tick", "seconds": 0.1})
    assert lesson.side.training.epoch == 5  # The clock goes on, too.


def test_the_last_input_stays():
    lesson = do(NetworkBuilder(SMALL), {"type": "feature", "name": "x2"})
    do(lesson, {"type": "feature", "name": "x1"})
    assert lesson.side.config.features == ("x1",)
    assert "One input stays" in lesson.notice


def test_eight_layers_are_the_most():
    lesson = NetworkBuilder(SMALL)
    for _ in range(7):
        do(lesson, {"type": "insert_layer", "position": 1})
    assert len(lesson.side.config.layers) == 8
    assert "at most 8" in lesson.notice


# -- what stays ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("learning_rate", 0.3), ("schedule", "step"), ("l1", 0.01), ("l2", 0.01)],
        *[("batch_size", 3), ("optimizer", "sgd"), ("noise", 0.4), ("share", 20), ("points", 60)],
        *[("loss", "mse"), ("curve", "accuracy"), ("speed", "60"), ("mode", "batch")],
    ],
)
def test_settings_of_the_training_and_data_keep_the_weights(name, value):
    lesson = walk(NetworkBuilder(SMALL), 3)
    before = values(lesson.side)
    put(lesson, name, value)
    np.testing.assert_array_equal(values(lesson.side), before)
    assert lesson.side.training.epoch == 3
    said = {"optimizer": "starts without memory", "noise": "weights stay", "loss": "curves show"}
    assert said.get(name, "") in (lesson.notice or "")
    shows_the_same(lesson)


def test_a_layer_that_changes_leaves_the_others_and_says_what_is_new():
    lesson = walk(NetworkBuilder({"layers": "4:tanh;3:tanh;2:tanh", **SMALL}), 3)
    before = [linear.weight.detach().clone() for linear in lesson.side.training.model.linears()]
    do(lesson, {"type": "units", "layer": 1, "count": 5})
    after = lesson.side.training.model.linears()
    assert after[0].weight.equal(before[0])
    assert after[1].weight[:3].equal(before[1])
    assert after[2].weight[:, :3].equal(before[2])
    assert after[3].weight.equal(before[3])
    assert "Hidden layer 2 keeps its weights; 2 new units freshly initialised" in lesson.notice
    assert "time machine starts here" in lesson.notice


@pytest.mark.parametrize("change", [("seed", 9), ("initialisation", "he")])
def test_another_start_rewinds(change):
    lesson = put(walk(NetworkBuilder(SMALL), 3), *change)
    assert lesson.side.training.epoch == 0
    assert "starts anew" in lesson.notice
    fresh = NetworkBuilder({change[0]: str(change[1]), **SMALL})
    np.testing.assert_array_equal(values(lesson.side), values(fresh.side))
    np.testing.assert_array_equal(picture(lesson)[1], picture(fresh)[1])


def test_rewind_gives_the_same_first_weights_and_the_same_run():
    lesson = NetworkBuilder(SMALL)
    first = values(lesson.side)
    after = values(walk(lesson, 4).side)
    do(edited(lesson), {"type": "reset"})
    assert "same seed" in lesson.notice
    np.testing.assert_array_equal(values(lesson.side), first)
    np.testing.assert_array_equal(values(walk(lesson, 4).side), after)


def test_going_back_and_on_is_the_same_run_again():
    lesson = walk(NetworkBuilder(SMALL), 9)
    end, rows = values(lesson.side), list(lesson.side.training.rows)
    walk(lesson, -3)
    assert lesson.side.training.epoch == 6
    assert len(lesson.side.training.rows) == 7
    walk(do(lesson, {"type": "go_to", "epoch": 2}), 7)
    np.testing.assert_array_equal(values(lesson.side), end)
    assert lesson.side.training.rows == rows


# -- undo ----------------------------------------------------------------------------

EDITS = {
    "weight": {"type": "weight", "layer": 1, "to": 0, "source": 3, "value": 2.5},
    "bias": {"type": "bias", "layer": 2, "to": 0, "value": -1},
    "units": {"type": "units", "layer": 0, "count": 6},
    "insert": {"type": "insert_layer", "position": 1},
    "remove": {"type": "remove_layer", "position": 0},
    "activation": {"type": "layer", "position": 0, "changes": {"activation": "gelu"}},
    "feature": {"type": "feature", "name": "product"},
    "paint": {"type": "paint", "kind": 2, "places": [[0, 0], [1, 1]], "stroke": "a"},
    "erase": {"type": "erase", "places": [[0, 0], [2, 2], [-3, 0]], "stroke": "b"},
    "data": {"type": "set", "name": "data", "value": "plane"},
    "more classes": {"type": "set", "name": "classes", "value": 4},
    "noise": {"type": "set", "name": "noise", "value": 0.5},
}


@pytest.mark.parametrize("pair", [False, True])
@pytest.mark.parametrize("data", ["circles", "spirals"])
@pytest.mark.parametrize("name", EDITS)
def test_undo_brings_back_everything(name, data, pair):
    lesson = NetworkBuilder({"data": data, **SMALL})
    if pair:
        do(lesson, {"type": "compare"})
    walk(lesson, 3)
    (header, numbers), before = picture(lesson), lesson.settings
    loss, side = lesson.side.training.now, lesson.side
    do(lesson, EDITS[name])
    walk(lesson, 2)
    if name == "more classes" and data == "circles":
        return  # Circles have two.
    assert not np.array_equal(picture(lesson)[1], numbers)
    assert picture(lesson)[0]["sides"][lesson.active]["canUndo"]
    do(lesson, UNDO)
    assert "taken back" in lesson.notice
    assert lesson.settings == before
    assert lesson.side is side
    assert side.training.now == loss
    after, still = picture(lesson)
    assert after["data"] == header["data"]
    if not pair:
        assert after["sides"][0]["columns"] == header["sides"][0]["columns"]
        np.testing.assert_array_equal(still, numbers)
    else:
        first, second = (one.training for one in lesson.sides)
        np.testing.assert_array_equal(first.training.x, second.training.x)
        np.testing.assert_array_equal(first.validation.y, second.validation.y)
        assert first.objective.classes == second.objective.classes
    walk(lesson, 1)
    usable(lesson)
    shows_the_same(lesson)


def test_a_drag_is_one_undo():
    lesson = NetworkBuilder(SMALL)
    before = values(lesson.side)
    for value in (0.1, 0.2, 3.0):
        do(lesson, {**EDITS["weight"], "value": value})
    assert lesson.side.training.model.linears()[1].weight[0, 3].item() == 3
    do(lesson, UNDO)
    np.testing.assert_array_equal(values(lesson.side), before)
    assert "nothing to undo" in do(lesson, UNDO).notice


def test_undo_of_points_between_two_kinds_of_answers_with_two_networks():
    lesson = do(NetworkBuilder({"data": "plane", **SMALL}), {"type": "compare"})
    put(lesson, "data", "circles")
    assert {side.config.loss for side in lesson.sides} == {"bce"}
    do(lesson, UNDO)
    assert lesson.settings.data == "plane"
    assert {side.config.loss for side in lesson.sides} == {"mse"}
    assert [side.training.objective.classes for side in lesson.sides] == [0, 0]
    usable(walk(lesson, 1))
