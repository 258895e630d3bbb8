import ast
import json
import math
import re

import numpy as np
import pytest
import torch
from activation_gestures import do, put, toggled, typed, walk

from core.activations.chain import collapse, stack_value
from core.activations.depth import depth_profile
from explorer.activations.cards import board_message, code, doctor, formulas
from explorer.activations.lesson import Activations
from explorer.activations.measured import WIDTH, stack_layers
from explorer.activations.stage import stage_message
from explorer.components.packing import packed
from explorer.numbers import fixed, significant

VIEWS = ("neuron", "plane", "chain", "stack", "depth", "softmax")
SHAPES = [
    {"functions": "relu,gelu,tanh,mish"},
    {"functions": "step"},
    {"functions": "own,sigmoid", "expression": "log(x)"},
    {"functions": "own", "expression": "exp(exp(x))"},
    {"functions": "hardtanh,elu", "parameters": "hardtanh.beta:2;elu.alpha:1.5"},
]


def pieces(lesson):
    header, values = stage_message(lesson, None)
    found, at = {}, 0
    for name, count in header["parts"]:
        found[name] = values[at : at + count]
        at += count
    assert at == len(values)
    return header, found


def pressed(settings, view):
    return Activations({"path": "0.03x5", "view": view, **settings})


# -- the message ---------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("settings", SHAPES)
def test_every_view_of_every_function_can_be_sent(view, settings):
    lesson = pressed(settings, view)
    header, found = pieces(lesson)
    assert len(found) == len(header["parts"])
    values = np.concatenate(list(found.values()))
    assert values.dtype == np.float32
    assert not np.isinf(values).any()
    if "expression" not in settings:
        json.dumps(header, allow_nan=False)
        assert np.isfinite(values).all()
    packed(header)  # what is no number becomes null
    packed(board_message(lesson, None))
    for one in header["functions"]:
        assert len(found[f"f_{one['name']}"]) == len(found[f"d_{one['name']}"]) == 241
    low, high = header["yRange"]
    assert -4 < low < 0 < high < 5


# Closed forms, written down without PyTorch: value and slope at x.
def sigma(x):
    return 1 / (1 + math.exp(-x))


def phi(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


def density(x):
    return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def mish(x):
    return x * math.tanh(math.log1p(math.exp(x)))


def elu(x, a, s=1.0):
    return (s * x, s) if x > 0 else (s * a * (math.exp(x) - 1), s * a * math.exp(x))


CLOSED = {
    "step": lambda x: (float(x >= 0), 0.0),
    "identity": lambda x: (x, 1.0),
    "sigmoid": lambda x: (sigma(x), sigma(x) * (1 - sigma(x))),
    "tanh": lambda x: (math.tanh(x), 1 / math.cosh(x) ** 2),
    "relu": lambda x: (max(x, 0.0), float(x > 0)),
    "leaky_relu": lambda x: (x, 1.0) if x > 0 else (0.01 * x, 0.01),
    "prelu": lambda x: (x, 1.0) if x > 0 else (0.25 * x, 0.25),
    "elu": lambda x: elu(x, 1.0),
    "selu": lambda x: elu(x, ALPHA, LAMBDA),
    "gelu": lambda x: (x * phi(x), phi(x) + x * density(x)),
    "silu": lambda x: (x * sigma(x), sigma(x) * (1 + x * (1 - sigma(x)))),
    "mish": lambda x: (mish(x), (mish(x + 1e-6) - mish(x - 1e-6)) / 2e-6),
    "softplus": lambda x: (math.log1p(math.exp(x)), sigma(x)),
    "softsign": lambda x: (x / (1 + abs(x)), 1 / (1 + abs(x)) ** 2),
    "hardtanh": lambda x: (min(1.0, max(-1.0, x)), float(-1 < x < 1)),
    "hardswish": lambda x: (
        (0.0, 0.0) if x < -3 else (x, 1.0) if x > 3 else (x * (x + 3) / 6, (2 * x + 3) / 6)
    ),
}


@pytest.mark.parametrize("name", list(CLOSED))
@pytest.mark.parametrize("x", [-4.2, -0.75, 0.31, 3.6])
def test_the_formulas_have_the_true_numbers_at_the_cursor(name, x):
    lesson = Activations({"functions": name, "cursor": str(x)})
    f, slope = CLOSED[name](x)
    rows = formulas(lesson)["rows"]
    for row, wanted in zip(rows, (f, slope), strict=True):
        assert float(row["result"].replace("−", "-")) == pytest.approx(wanted, abs=0.5001e-4)
    (reading,) = stage_message(lesson, None)[0]["functions"]
    assert (reading["f"], reading["d"]) == pytest.approx((f, slope), abs=1e-9)


def test_the_formula_of_ones_own_function():
    lesson = do(typed(Activations(), "x^2 + sin(3*x)"), {"type": "cursor", "x": 1.2})
    first, second = formulas(lesson)["rows"][:2]
    assert first["result"] == fixed(1.44 + math.sin(3.6), 4)
    assert second["result"] == fixed(2.4 + 3 * math.cos(3.6), 4)
    assert "x^2 + sin(3*x)" in first["symbols"]


def test_the_curves_are_the_closed_forms():
    _, found = pieces(Activations({"functions": "gelu,silu"}))
    x = np.linspace(-5, 5, 241)
    for name in ("gelu", "silu"):
        wanted = np.array([CLOSED[name](one) for one in x.tolist()])
        assert found[f"f_{name}"] == pytest.approx(wanted[:, 0], abs=1e-6)
        assert found[f"d_{name}"] == pytest.approx(wanted[:, 1], abs=1e-6)


def test_a_neuron_and_a_plane_show_f_of_the_sum():
    lesson = Activations({"functions": "tanh", "view": "neuron", "neuron": "-0.7,1.3"})
    x = np.linspace(-5, 5, 241)
    assert pieces(lesson)[1]["neuron"] == pytest.approx(np.tanh(-0.7 * x + 1.3), abs=1e-6)
    put(lesson, "view", "plane")
    do(lesson, {"type": "plane", "w": [0.5, -2], "b": 0.25})
    header, found = pieces(lesson)
    side = np.linspace(-4, 4, 64)
    wanted = np.tanh(0.5 * side[None, :] - 2 * side[:, None] + 0.25)
    assert found["plane"].reshape(64, 64) == pytest.approx(wanted, abs=1e-6)
    assert header["plane"]["largest"] == pytest.approx(np.abs(wanted).max())


def test_the_sum_is_its_parts_and_its_loss_is_that_of_the_reading():
    lesson = walk(Activations({"functions": "tanh"}), 40)
    header, found = pieces(lesson)
    chain = lesson.fit.current.chain
    parts = sum(found[f"u_{k}"].astype(float) for k in range(6))
    assert found["sum"] == pytest.approx(parts + chain.bias_out, abs=1e-5)
    x = np.linspace(-3, 3, 241)
    assert found["target"] == pytest.approx(np.sin(1.5 * x), abs=1e-6)
    places = np.linspace(-3, 3, 61)
    z = np.tanh(places[:, None] * chain.weights_in + chain.biases)
    loss = float(((z @ chain.weights_out + chain.bias_out - np.sin(1.5 * places)) ** 2).mean())
    assert lesson.fit.current.loss == pytest.approx(loss, rel=1e-12)
    assert significant(loss) in header["rightReading"]


def test_a_stack_without_activation_is_one_straight_line():
    lesson = Activations({"functions": "tanh", "view": "stack", "layers": "5"})
    header, found = pieces(lesson)
    w, b = collapse(stack_layers(lesson))
    x = np.linspace(-5, 5, 241)
    assert found["linear"] == pytest.approx(w * x + b, rel=1e-5, abs=1e-5)
    assert header["rightReading"].startswith(f"without *f*: {fixed(w)} *x*")
    h = x
    for k, (weight, bias) in enumerate(stack_layers(lesson)):
        h = weight * (np.tanh(h) if k else h) + bias
    assert found["stack"] == pytest.approx(h, rel=1e-5, abs=1e-5)
    assert len(stack_layers(lesson)) == 5


@pytest.mark.parametrize("start", ["he", "xavier", "lecun"])
def test_depth_is_what_the_core_measures(start):
    lesson = Activations({"functions": "sigmoid,relu", "view": "depth", "depth": "12"})
    put(put(lesson, "start", start), "gain", 1.5)
    header, found = pieces(lesson)
    for place, name in enumerate(("sigmoid", "relu")):
        generator = torch.Generator().manual_seed(3)
        wanted = depth_profile(name, 12, WIDTH, start, 1.5, generator)
        assert found[f"n_{name}"] == pytest.approx(np.array(wanted.gradient_norm), rel=1e-6)
        assert header["depth"]["profiles"][place]["dead"] == np.mean(wanted.dead)


# -- the scripts ---------------------------------------------------------------------

FUNCTIONS = "leaky_relu,own"


def every_lesson():
    common = {"functions": FUNCTIONS, "parameters": "leaky_relu.alpha:0.15", "cursor": "-1.37"}
    lessons = {view: Activations({**common, "view": view, "depth": "6"}) for view in VIEWS}
    walk(put(walk(lessons["chain"], 12), "rate", 0.1), 3)
    own = {**common, "functions": "own,gelu", "expression": "x*sigmoid(2*x) + max(x, 0.5)"}
    lessons["own chain"] = Activations({**own, "view": "chain", "path": "0.05x7"})
    lessons["own depth"] = Activations({**own, "view": "depth", "depth": "4", "start": "xavier"})
    lessons["own stack"] = Activations({**own, "view": "stack"})
    return lessons


@pytest.fixture(scope="module")
def printed(fresh_python):
    """What the scripts of all views print, each run by itself in one other Python."""
    lessons = every_lesson()
    said = fresh_python.each([code(lesson)["source"] for lesson in lessons.values()])
    return lessons, dict(zip(lessons, said, strict=True))


def after(text, name):
    return ast.literal_eval(text.split(f"{name} = ")[1].splitlines()[0])


def test_the_script_of_the_curves_prints_the_readings(printed):
    lessons, said = printed
    header, _ = stage_message(lessons["neuron"], None)
    lines = said["neuron"].splitlines()
    assert lines[::3] == [one["label"] for one in header["functions"]]
    for at, one in enumerate(header["functions"]):
        assert ast.literal_eval(lines[3 * at + 1].removeprefix("f = "))[0] == one["f"]
        assert ast.literal_eval(lines[3 * at + 2].removeprefix("f' = "))[0] == one["d"]


@pytest.mark.parametrize("name", ["chain", "own chain"])
def test_the_script_of_the_sum_prints_its_loss_and_its_weights(printed, name):
    lessons, said = printed
    now = lessons[name].fit.current
    assert after(said[name], "loss") == pytest.approx(now.loss, rel=1e-12)
    rows = [ast.literal_eval(line) for line in said[name].splitlines()[1:]]
    assert [*rows[0], *rows[1], *rows[2], rows[3]] == pytest.approx(now.chain.numbers(), rel=1e-9)


@pytest.mark.parametrize("name", ["stack", "own stack"])
def test_the_script_of_the_stack_prints_its_values(printed, name):
    lessons, said = printed
    lesson = lessons[name]
    layers = stack_layers(lesson)
    x = np.array([lesson.settings.cursor, *range(-3, 4)], float)
    wanted = stack_value(layers, lesson.curves[0].function, x)
    assert after(said[name], "y") == pytest.approx(wanted.tolist(), rel=1e-12)
    assert (after(said[name], "w"), after(said[name], "b")) == pytest.approx(collapse(layers))


@pytest.mark.parametrize("name", ["depth", "own depth"])
def test_the_script_of_the_depth_prints_the_gradients(printed, name):
    lessons, said = printed
    _, found = pieces(lessons[name])
    first = lessons[name].curves[0].name
    rows = [[float(one) for one in line.split()] for line in said[name].splitlines()]
    assert [row[1] for row in rows] == pytest.approx(found[f"n_{first}"].tolist(), rel=1e-6)


def test_the_script_of_the_plane_prints_its_corners(printed):
    lessons, said = printed
    w1, w2, b = lessons["plane"].settings.plane
    z = [w1 * x + w2 * y + b for x in (-2, 0, 2) for y in (-2, 0, 2)]
    assert after(said["plane"], "y") == pytest.approx([max(one, 0.15 * one) for one in z])


# -- the doctor ----------------------------------------------------------------------

FINDINGS = [
    ({"functions": "relu", "view": "neuron", "neuron": "1,-6"}, "warning", "ReLU neuron.*dead"),
    ({"functions": "sigmoid", "view": "neuron", "neuron": "9,0"}, "note", "saturated"),
    ({"functions": "relu", "view": "neuron", "neuron": "1,0"}, "ok", "Healthy"),
    ({"functions": "leaky_relu", "view": "neuron", "neuron": "1,-6"}, "ok", "Healthy"),
    ({"functions": "sigmoid", "view": "depth", "start": "xavier"}, "warning", "Sigmoid.*vanishes"),
    ({"functions": "relu", "view": "depth", "gain": "2"}, "warning", "ReLU.*explodes"),
    ({"functions": "leaky_relu", "view": "depth"}, "ok", "Healthy"),
    ({"functions": "identity", "view": "stack"}, "warning", "one line"),
    ({"functions": "relu", "view": "stack"}, "ok", "ReLU"),
    ({"functions": "identity", "view": "chain"}, "warning", "straight line"),
    ({"functions": "relu", "view": "chain"}, "ok", "error"),
    ({"functions": "own", "expression": "log(x)", "view": "chain"}, "warning", "no finite value"),
    ({"view": "plane", "plane": "0.5,0,9"}, "note", "outside"),
    ({"view": "plane"}, "ok", "from the origin"),
    ({"view": "softmax"}, "ok", "largest probability is 0.6590.*slope 0.22"),
    ({"view": "softmax", "scores": "100,0,0"}, "warning", "Saturated: .*above 0.999"),
    ({"view": "softmax", "temperature": "10"}, "note", "T = 10 .*nearly uniform"),
    ({"view": "softmax", "scores": "5,5,5", "temperature": "10"}, "ok", "0.3333"),
]


@pytest.mark.parametrize(("settings", "level", "words"), FINDINGS)
def test_the_doctor_names_what_is_wrong(settings, level, words):
    card = doctor(Activations(settings))
    assert card["level"] == level
    assert re.search(words, card["text"]), card["text"]


def test_the_doctor_calls_a_fit_that_cannot_get_better_stuck():
    lesson = Activations({"units": "1", "path": "0.03x250"})
    assert lesson.fit.current.loss > 0.05
    assert doctor(lesson)["level"] == "note"


# -- the questions -------------------------------------------------------------------


def independent(number):
    """The right option of question `number`, with NumPy and nothing of the explorer."""
    if number == 1:
        n = 32
        generator = torch.Generator().manual_seed(3)
        bound = math.sqrt(6 / (2 * n))
        weights = [
            ((2 * torch.rand(n, n, generator=generator, dtype=torch.float64) - 1) * bound).numpy()
            for _ in range(20)
        ]
        a = torch.randn(128, n, generator=generator, dtype=torch.float64).numpy()
        gradient = torch.randn(n, generator=generator, dtype=torch.float64).numpy()
        activity = []
        for matrix in weights:
            a = 1 / (1 + np.exp(-a @ matrix.T))
            activity.append(a)
        g = np.tile(gradient / np.linalg.norm(gradient), (128, 1))
        for matrix, a in list(zip(weights, activity, strict=True))[:0:-1]:
            g = (g * a * (1 - a)) @ matrix
        ratio = math.sqrt((g**2).sum(axis=1).mean())
        return 0 if ratio > 0.1 else 1 if ratio > 1e-6 else 2
    if number == 5:
        return 2 if not hasattr(torch.nn, "sigmoid") else 0
    z = np.array([2, 1, 0.1])
    p = np.exp(z) / np.exp(z).sum()
    if number == 6:
        grown = np.exp(z + 10) / np.exp(z + 10).sum()
        return 2 if np.allclose(grown, p) else 0
    if number == 7:
        hot = np.exp(z / 10) / np.exp(z / 10).sum()
        return 0 if hot.max() > 0.9 else 1 if np.allclose(hot, 1 / 3, atol=0.1) else 2
    return {2: 1, 3: 1, 4: 2}[number]


def test_every_question_gets_the_true_answer():
    lesson = walk(toggled(Activations(), "tanh"), 3)
    seen = []
    for _ in range(lesson.round.card()["total"]):
        card = lesson.round.card()
        do(lesson, {"type": "reveal"})
        assert lesson.round.right is None  # first a prediction
        do(lesson, {"type": "choose", "option": 0}, {"type": "reveal"})
        assert lesson.round.right == independent(card["number"]), card["text"]
        assert lesson.round.explanation
        assert lesson.rested
        packed(board_message(lesson, None))
        packed(*stage_message(lesson, None))
        seen.append(card["number"])
        do(lesson, {"type": "next_question"})
    assert sorted(seen) == [1, 2, 3, 4, 5, 6, 7]
    assert lesson.round.card()["number"] == 1


def test_a_question_shows_what_it_speaks_of():
    lesson = Activations({"functions": "tanh,gelu"})
    do(lesson, {"type": "choose", "option": 1}, {"type": "reveal"})
    assert lesson.settings.functions == ("sigmoid",)
    assert lesson.settings.view == "depth"
    ratio = lesson.round.explanation.split(" of what")[0].split()[-1]
    assert ratio in doctor(lesson)["text"]


def test_where_there_is_no_value_there_is_no_slope():
    lesson = Activations({"functions": "own", "expression": "log(x)", "cursor": "-1"})
    (reading,) = stage_message(lesson, None)[0]["functions"]
    assert math.isnan(reading["f"])
    assert math.isnan(reading["d"])  # autograd says 1/x there, too
    _, found = pieces(do(lesson, {"type": "cursor", "x": 2}))
    assert np.isnan(found["d_own"][:120]).all()
    assert lesson.curves[0].at(2) == (math.log(2), 0.5)
