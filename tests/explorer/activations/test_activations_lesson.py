import json
import math

import numpy as np
import pytest
from activation_gestures import GOOD, NAMES, WRONG, do, opened, put, toggled, typed, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.activations.cards import board_message, doctor
from explorer.activations.controls import SLUG, picker_message, stage_controls
from explorer.activations.lesson import Activations
from explorer.activations.settings import MAX_STEPS, Settings
from explorer.activations.stage import stage_message
from explorer.components.packing import finite, packed
from explorer.heads import head_message

UNIT = {"type": "unit", "index": 2, "kink": 1.25, "v": -0.75}


def usable(lesson):
    """Everything that a page sends for the lesson can be packed."""
    packed(*stage_message(lesson, "t"))
    for message in (
        head_message(SLUG, lesson),
        picker_message(lesson, "t"),
        board_message(lesson, "t"),
    ):
        packed(message)


def picture(lesson):
    header, values = stage_message(lesson, None)
    # That a run came to its end is found out again with the next step.
    for name in ("frame", "rested", "notice", "opening", "total", "diverged"):
        del header[name]
    return header, values


# -- the address ---------------------------------------------------------------------


@given(st.lists(st.lists(GOOD, min_size=1, max_size=4), max_size=6))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_the_address_shows_the_same_picture(batches):
    lesson = Activations({"path": "0.03x3"})
    for events in batches:
        lesson.apply(tuple(events))
    do(lesson, {"type": "rest"})
    assert lesson.rested
    again = opened(lesson.address())
    assert again.problems == []
    assert again.address() == lesson.address()
    assert again.curves == lesson.curves
    assert again.fit.weights() == lesson.fit.weights()
    mine, theirs = lesson.fit.current.loss, again.fit.current.loss
    assert mine == theirs or (math.isnan(mine) and math.isnan(theirs))
    (header, values), (other, others) = picture(lesson), picture(again)
    assert finite(header) == finite(other)
    np.testing.assert_array_equal(values, others)


def test_what_happens_next_is_the_same_too():
    lesson = walk(do(walk(Activations(), 20), UNIT), 33)
    again = opened(lesson.address())
    assert walk(lesson, 10).fit.current == walk(again, 10).fit.current


BAD = {
    "functions": ["", "relu,", "nothing", "relu,gelu,elu,selu,mish", "relu;gelu", "constructor"],
    "expression": [*WRONG, "x" * 300, "().__class__", "lambda: 0", "x[0]", "[x for x in x]", "é"],
    "parameters": [
        *[
            "leaky_relu",
            "leaky_relu.alpha:",
            "leaky_relu.alpha:x",
            "leaky_relu.alpha:1:2",
            "a.b.c:1",
        ],
        *["nothing.alpha:1", "relu.alpha:1", "elu.alpha:nan", "elu.alpha:inf", "elu.alpha:-1e9"],
    ],
    "cursor": ["", "nan", "6", "-5.01", "1e999", "x"],
    "show": ["", "F", "all"],
    "view": ["", "sum", "nothing"],
    "neuron": ["", "1", "1,2,3", "nan,1", "inf,0", "1e9,0", "a,b"],
    "plane": ["", "1,2", "1,2,3,4", "nan,1,1"],
    "target": ["", "nothing"],
    "units": ["0", "13", "2.5", "nan", "1e400"],
    "rate": ["0", "1", "nan", "-0.1"],
    "seed": ["-1", "10000", "1.5", "x"],
    "weights": [
        "1,2",
        "1,2,3",
        "nan,1,1,1",
        "1e7,1,1,1",
        "a",
        "5",
        ",".join(["1"] * 40),
        ",",
        "inf",
    ],
    "path": ["x", "0.03", "0.03x", "0.03x-1", "0.03x0", "9x1", "nanx3", "0.03x99999", "0.03x1.5"],
    "layers": ["0", "13", "half"],
    "depth": ["1", "51", "1e9"],
    "gain": ["0", "3.1", "nan"],
    "start": ["", "normal"],
    "scores": ["", "1,2", "1,2,3,4,5,6,7", "1,2,nan", "1,2,inf", "1,2,1001", "a,b,c", "1,2,3,"],
    "temperature": ["0", "0.09", "11", "nan", "x"],
    "selected": ["0", "7", "1.5", "x"],
}


def test_every_setting_is_tried():
    assert set(BAD) == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize(("name", "text"), [(name, one) for name in BAD for one in BAD[name]])
def test_a_wrong_value_in_the_address_costs_one_sentence(name, text):
    lesson = Activations({name: text})
    assert lesson.settings == Settings()
    (problem,) = lesson.problems
    assert problem.startswith(f"The link says {name}=")
    assert "unpack" not in problem
    assert "expected" not in problem


@given(st.dictionaries(st.sampled_from(list(BAD)), st.text(max_size=30), max_size=5))
@settings(deadline=None)
def test_no_address_is_refused(parameters):
    lesson = Activations(parameters)
    assert len(lesson.problems) <= len(parameters)
    assert opened(lesson.address()).problems == []


def test_weights_in_the_address_say_how_many_neurons_there_are():
    lesson = Activations({"units": "6", "weights": "1,0,1,0"})
    assert lesson.settings.units == len(lesson.fit.current.chain.biases)


# -- rubbish -------------------------------------------------------------------------

rubbish = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.floats(), max_size=3),
    st.just({}),
    st.just(10**400),
    st.sampled_from(["leaky_relu.alpha", "a.b.c", "neuron_9", "plane_x", "relu.alpha", ".", "__"]),
)
KINDS = [
    *["toggle", "expression", "cursor", "neuron", "plane", "unit", "step", "tick", "rewind"],
    *["reset", "rest", "set", "choose", "reveal", "next_question", "nothing", None, 5],
    *["score", "select", "shift", "remedy", "retract", "go"],
]
FIELDS = ["name", "text", "x", "w", "b", "index", "kink", "v", "count", "value", "option", "moving"]
FIELDS += ["z", "amount", "slug"]
SETTABLE = [*BAD, "leaky_relu.alpha", "neuron_0", "plane_1", "neuron_-1", "hardtanh.beta"]
SETTABLE += ["count"]
garbage = st.builds(
    lambda kind, fields: {"type": kind, **fields},
    st.sampled_from(KINDS),
    st.dictionaries(st.sampled_from(FIELDS), rubbish, max_size=6),
) | st.builds(
    lambda name, value: {"type": "set", "name": name, "value": value},
    st.sampled_from(SETTABLE),
    rubbish,
)


@given(st.lists(garbage, min_size=1, max_size=8))
@settings(deadline=None, max_examples=35, suppress_health_check=[HealthCheck.too_slow])
def test_rubbish_is_survived(events):
    lesson = Activations()
    lesson.apply(tuple(events))
    usable(lesson)
    assert opened(lesson.address()).problems == []
    before = lesson.fit.shown
    assert walk(lesson, 2).fit.shown == min(MAX_STEPS, before + 2)


@pytest.mark.parametrize("text", ["log(x)", "exp(exp(x))", "sqrt(x)", "1/x", "x/0", "0*log(x)"])
def test_a_function_without_values_has_no_loss_but_a_page(text):
    lesson = walk(typed(walk(Activations(), 5), text), 5)
    assert lesson.settings.functions[0] == "own"
    for view in ("neuron", "plane", "chain", "stack", "depth"):
        usable(put(lesson, "view", view))
    before = lesson.fit.weights()
    toggled(lesson, "own")
    assert math.isfinite(lesson.fit.current.loss)
    assert lesson.fit.weights() == before


# -- which functions -----------------------------------------------------------------


def test_up_to_four_functions_and_a_fifth_pushes_the_oldest_but_the_first_out():
    lesson = walk(toggled(Activations(), "tanh", "elu"), 5)
    assert lesson.settings.functions == ("relu", "gelu", "tanh", "elu")
    assert lesson.notice is None
    assert toggled(lesson, "mish").settings.functions == ("relu", "tanh", "elu", "mish")
    assert lesson.notice.startswith("GELU has left")
    assert lesson.fit.shown == 5  # the function at work is still the same
    assert toggled(lesson, "tanh").settings.functions == ("relu", "elu", "mish")
    assert lesson.notice is None


def test_the_last_function_stays():
    lesson = toggled(Activations(), "relu")
    assert lesson.notice is None
    toggled(lesson, "gelu")
    assert lesson.settings.functions == ("gelu",)
    assert "One function stays" in lesson.notice


def test_an_unknown_function_is_named():
    lesson = toggled(Activations(), "nothing")
    assert lesson.settings == Settings()
    assert "nothing" in lesson.notice


def test_a_right_expression_is_drawn_as_ones_own():
    lesson = typed(Activations(), "x^2 − 1")
    assert lesson.settings.functions == ("own", "relu", "gelu")
    assert lesson.curves[0].at(3) == (8, 6)
    message = picker_message(lesson, None)
    assert message["functions"][-1]["label"] == "yours"
    assert message["taken"]
    typed(lesson, "x^3")
    assert lesson.settings.functions == ("own", "relu", "gelu")
    assert lesson.curves[0].at(3) == (27, 27)


def test_a_right_expression_fits_among_four():
    lesson = typed(toggled(Activations(), "tanh", "elu"), "x")
    assert lesson.settings.functions == ("own", "gelu", "tanh", "elu")
    assert "ReLU has left" in lesson.notice
    assert toggled(lesson, "mish").settings.functions == ("own", "tanh", "elu", "mish")
    assert "GELU has left" in lesson.notice


@pytest.mark.parametrize(
    ("text", "position"), [("x + sinn(x)", 4), ("(x", 0), ("2x", 1), ("x @ 2", 2), ("x^x", 2)]
)
def test_a_wrong_expression_changes_nothing_but_the_message(text, position):
    lesson = typed(Activations(), "x^2")
    before = lesson.address()
    typed(lesson, text)
    assert lesson.address() == before
    refused = picker_message(lesson, None)["refused"]
    assert (refused["position"], refused["text"]) == (position, text)
    assert refused["message"]
    assert picker_message(typed(lesson, "x"), None)["refused"] is None


@pytest.mark.parametrize(
    "gesture",
    [
        {"type": "retract"},
        {"type": "toggle", "name": "tanh"},
        {"type": "cursor", "x": 1},
        {"type": "set", "name": "view", "value": "softmax"},
        {"type": "step", "count": 1},
    ],
)
def test_a_message_goes_with_the_next_gesture_that_succeeds(gesture):
    lesson = typed(Activations(), "x +")
    lesson.head_drawn()
    do(lesson, {"type": "rest"}, {"type": "tick"}, {"type": "toggle", "name": "nothing"})
    assert picker_message(lesson, None)["refused"] is not None
    do(lesson, gesture, {"type": "rest"})
    message = picker_message(lesson, None)
    assert message["refused"] is None
    assert not message["taken"]  # what is in the field stays there
    assert lesson.outdated()  # so the page draws the picker again


def test_the_own_expression_is_the_last_one_that_was_accepted():
    lesson = Activations()
    assert lesson.own_expression is None
    assert picker_message(lesson, None)["builder"] is None
    assert typed(lesson, "sinn(x)").own_expression is None
    assert typed(lesson, "x^2").own_expression == "x^2"
    assert picker_message(lesson, None)["builder"] == "network_builder"
    assert typed(lesson, "x +").own_expression == "x^2"
    assert toggled(lesson, "own").own_expression == "x^2"
    assert opened(lesson.address()).own_expression == "x^2"


def test_the_example_that_every_link_carries_is_not_typed():
    assert opened(Activations().address()).own_expression is None
    assert Activations({"expression": "2x"}).own_expression is None
    drawn = Activations({"functions": "own,relu"})
    assert opened(drawn.address()).own_expression == drawn.settings.expression


def test_the_way_to_the_network_builder_is_asked_for_once():
    lesson = do(typed(Activations(), "x^2"), {"type": "go", "slug": "network_builder"})
    journey = lesson.leaving.take()
    assert (journey.slug, journey.text) == ("network_builder", "x^2")
    assert lesson.leaving.take() is None


def test_a_message_of_a_long_expression_points_into_the_text_that_is_sent():
    refused = picker_message(typed(Activations(), "x+" * 400), None)["refused"]
    assert refused["position"] <= len(refused["text"])


# -- cursor, neurons, parameters -----------------------------------------------------


@pytest.mark.parametrize(("x", "wanted"), [(-9, -5), (9, 5), (1.2345, 1.23), (math.inf, 5)])
def test_the_cursor_stays_in_the_picture(x, wanted):
    assert do(Activations(), {"type": "cursor", "x": x}).settings.cursor == wanted


def test_neurons_take_numbers_from_the_hand_and_from_sliders():
    lesson = do(
        Activations(),
        {"type": "neuron", "w": 2.34567, "b": -1},
        {"type": "plane", "w": [0.5, -1.5], "b": 2},
    )
    assert lesson.settings.neuron == (2.346, -1)
    assert lesson.settings.plane == (0.5, -1.5, 2)
    put(put(lesson, "neuron_1", 0.35), "plane_1", 1)
    assert lesson.settings.neuron == (2.346, 0.35)
    assert lesson.settings.plane == (0.5, 1, 2)
    assert not do(lesson, {"type": "neuron", "w": 1, "b": 0}).rested
    assert do(lesson, {"type": "rest"}).rested


@pytest.mark.parametrize("view", ["neuron", "plane"])
def test_a_neuron_without_weight_can_be_drawn(view):
    lesson = Activations({"view": view, "neuron": "0,1", "plane": "0,0,1"})
    header, _ = stage_message(lesson, None)
    shown = header[view]["w"] if view == "plane" else [header[view]["w"]]
    assert math.hypot(*shown) > 0  # the browser divides by it
    usable(lesson)


def test_a_parameter_changes_the_curve_and_leaves_the_address_at_its_usual_value():
    lesson = Activations({"functions": "leaky_relu,elu"})
    names = [one["name"] for one in stage_controls(lesson)]
    assert names[-2:] == ["leaky_relu.alpha", "elu.alpha"]
    assert lesson.curves[0].at(-2)[0] == pytest.approx(-0.02)
    put(lesson, "leaky_relu.alpha", 0.25)
    assert lesson.curves[0].at(-2) == (-0.5, 0.25)
    assert "leaky_relu.alpha:0.25" in lesson.address()
    control = {one["name"]: one for one in stage_controls(lesson)}["leaky_relu.alpha"]
    assert control["value"] == 0.25
    put(put(lesson, "elu.alpha", 2), "leaky_relu.alpha", 0.01)
    assert lesson.settings.parameters == (("elu", "alpha", 2),)
    put(lesson, "elu.alpha", 1)
    assert lesson.settings == Settings(functions=("leaky_relu", "elu"))


@pytest.mark.parametrize("value", [99, -99, math.nan, "x", None])
def test_a_parameter_stays_within_its_limits(value):
    lesson = put(Activations({"functions": "leaky_relu"}), "leaky_relu.alpha", value)
    assert lesson.settings.parameters == ()
    assert lesson.notice


@pytest.mark.parametrize("name", ["functions", "expression", "weights", "path", "neuron", "mass"])
def test_what_is_set_by_hand_cannot_be_set_by_a_control(name):
    lesson = put(Activations(), name, "1")
    assert lesson.settings == Settings()
    assert lesson.notice


# -- the sum of neurons --------------------------------------------------------------


def test_a_neuron_moved_by_hand_bends_where_it_was_put():
    lesson = walk(Activations(), 10)
    before = lesson.fit.current.chain
    chain = do(lesson, UNIT).fit.current.chain
    assert -chain.biases[2] / chain.weights_in[2] == pytest.approx(1.25)
    assert chain.weights_out[2] == -0.75
    assert (lesson.fit.shown, lesson.fit.segments()) == (0, ())
    others = [0, 1, 3, 4, 5]
    assert (chain.biases[others] == before.biases[others]).all()
    assert (chain.weights_in == before.weights_in).all()
    header, _ = stage_message(lesson, None)
    unit = header["chain"]["units"][2]
    assert (unit["kink"], unit["v"]) == pytest.approx((1.25, -0.75))
    assert not lesson.rested


@pytest.mark.parametrize("wrong", [{"index": 6}, {"index": -1}, {"kink": 1e4}, {"v": math.nan}])
def test_a_neuron_cannot_be_put_anywhere(wrong):
    lesson = walk(Activations(), 3)
    before = lesson.address()
    do(lesson, UNIT | wrong)
    assert lesson.notice
    assert lesson.address() == before


def test_steps_ticks_rewind_and_reset():
    lesson = walk(Activations(), 10)
    do(lesson, {"type": "tick"})
    losses = [step.loss for step in lesson.fit.steps]
    assert (lesson.fit.shown, len(losses)) == (14, 15)
    assert losses[-1] < losses[0]
    do(lesson, {"type": "rewind", "index": 6})
    assert lesson.fit.current.loss == losses[6]
    walk(lesson, 4)  # Adam's memory is that of step 6, too
    assert [step.loss for step in lesson.fit.steps] == losses[:11]
    do(lesson, {"type": "rewind", "index": 999})
    assert lesson.fit.shown == 10
    do(lesson, {"type": "reset"})
    assert (lesson.fit.shown, lesson.fit.current.loss) == (0, losses[0])
    assert len(lesson.fit.steps) == 1


def test_a_run_is_bounded():
    lesson = Activations({"path": f"0.03x{MAX_STEPS - 3}"})
    walk(lesson, 100)
    assert lesson.fit.shown == MAX_STEPS
    assert stage_message(lesson, None)[0]["full"]
    assert walk(lesson, -5).fit.shown == MAX_STEPS


# It has no value below −9, where large steps lead a neuron.
GAPS = {"functions": "own", "expression": "sqrt(x + 9)", "units": "2", "rate": "0.3"}


def test_a_run_that_meets_a_gap_says_so_and_can_be_started_over():
    lesson = Activations(GAPS)
    assert math.isfinite(lesson.fit.current.loss)
    for _ in range(20):
        walk(lesson, 100)
    stopped = lesson.fit.shown
    assert 0 < stopped < MAX_STEPS
    assert stage_message(lesson, None)[0]["diverged"]
    card = doctor(lesson)
    assert card["level"] == "warning"
    assert f"step {stopped}" in card["text"]
    assert card["remedy"] == "Start over with learning rate 0.1"
    do(lesson, {"type": "remedy"})
    assert (lesson.fit.shown, lesson.settings.rate) == (0, 0.1)
    assert not stage_message(lesson, None)[0]["diverged"]
    assert doctor(lesson)["remedy"] is None
    assert walk(lesson, 5).fit.shown == 5


def test_a_run_that_has_stopped_goes_on_with_smaller_steps():
    lesson = Activations(GAPS)
    for _ in range(20):
        walk(lesson, 100)
    stopped, losses = lesson.fit.shown, [step.loss for step in lesson.fit.steps]
    assert walk(lesson, 3).fit.shown == stopped
    put(lesson, "rate", 0.001)
    assert not stage_message(lesson, None)[0]["diverged"]
    assert walk(lesson, 3).fit.shown == stopped + 3
    assert [step.loss for step in lesson.fit.steps][: stopped + 1] == losses
    do(lesson, {"type": "rewind", "index": 1})
    assert not stage_message(lesson, None)[0]["diverged"]


@pytest.mark.parametrize("change", ["target", "function", "parameter"])
def test_another_target_or_function_keeps_the_weights_and_says_so(change):
    lesson = walk(Activations({"functions": "leaky_relu,gelu"}), 20)
    weights = lesson.fit.weights()
    if change == "target":
        put(lesson, "target", "bump")
    elif change == "parameter":
        put(lesson, "leaky_relu.alpha", 0.3)
    else:
        toggled(lesson, "leaky_relu")
    assert (lesson.fit.weights(), lesson.fit.shown) == (weights, 0)
    assert "the weights stay" in lesson.notice
    assert opened(lesson.address()).fit.weights() == weights


@pytest.mark.parametrize(("name", "value"), [("units", 4), ("seed", 9)])
def test_other_neurons_are_drawn_anew_and_that_is_said(name, value):
    lesson = put(do(walk(Activations(), 5), UNIT), name, value)
    assert lesson.fit.weights() == Activations({name: str(value)}).fit.weights()
    assert "drawn anew" in lesson.notice
    assert "weights=&" in lesson.address() + "&"


@pytest.mark.parametrize(("name", "value"), [("rate", 0.1), ("view", "depth"), ("show", "f")])
def test_what_does_not_concern_the_run_leaves_it_alone(name, value):
    lesson = walk(Activations(), 5)
    before = lesson.fit.current
    assert put(lesson, name, value).fit.current is before
    assert lesson.notice is None


def test_a_second_function_leaves_the_run_alone():
    lesson = walk(Activations(), 5)
    before = lesson.fit.current
    assert toggled(lesson, "tanh", "gelu").fit.current is before


def test_rates_become_stretches_in_the_address():
    lesson = walk(put(walk(Activations(), 7), "rate", 0.1), 2)
    assert lesson.fit.segments() == ((0.03, 7), (0.1, 2))
    assert "path=0.03x7;0.1x2" in lesson.address()


@pytest.mark.parametrize("name", NAMES)
def test_every_function_can_stand_alone_on_the_page(name):
    lesson = Activations({"functions": name, "path": "0.03x2"})
    usable(lesson)
    header = json.loads(json.dumps(stage_message(lesson, None)[0]))
    assert [one["name"] for one in header["functions"]] == [name]
