import ast
from itertools import islice

import numpy as np
import pytest
import torch

from core.activations.chain import TARGETS, collapse, fit, stack_value, start
from core.activations.depth import depth_profile
from core.activations.expression import parse
from core.activations.neuron import neuron, neuron_plane
from core.activations.registry import ACTIVATIONS, derivative, function_of, value
from core.activations.script import (
    chain_script,
    curve_script,
    depth_script,
    neuron_script,
    softmax_script,
    stack_script,
)
from core.activations.softmax import cross_entropy, softmax, softmax_jacobian
from core.errors import InputError

X = np.linspace(-4, 4, 41)
OWN = [
    parse(text)
    for text in (
        "max(0.1*x, x) + 0.2*sin(3*x)",
        "where(x > 0, 1, 0)",
        "3",
        "log(x)",
        "gelu(x) − softplus(x)^2/7",
        "1/0",
    )
]
NAMED = [(name, {}) for name in ACTIVATIONS] + [
    ("leaky_relu", {"alpha": 0.1}),
    ("prelu", {"alpha": 0.1}),
    ("elu", {"alpha": 1.7}),
    ("softplus", {"beta": 3.3}),
    ("hardtanh", {"alpha": -0.3, "beta": 0.7}),
]
LAYERS = [(1.5, 0.3), (-0.7, 1.1), (2.0, -0.4)]
RUNS = [(0.03, 15), (0.1, 10)]


def f_of(drawn):
    return function_of(*drawn) if isinstance(drawn, tuple) else drawn


def numbers(text):
    return eval(text, {"nan": np.nan, "inf": np.inf, "__builtins__": {}})


def case_curves():
    found = [value(name, X, given) for name, given in NAMED] + [own.value(X) for own in OWN]
    slopes = [derivative(name, X, given) for name, given in NAMED]
    slopes += [own.derivative(X) for own in OWN]
    wanted = []
    for drawn, y, slope in zip(NAMED + OWN, found, slopes, strict=True):
        label = ACTIVATIONS[drawn[0]].label if isinstance(drawn, tuple) else "f(x)"
        wanted += [label, y.tolist(), slope.tolist()]
    return curve_script(NAMED + OWN, X), wanted


def case_neuron(drawn):
    return neuron_script(drawn, [1.5], -0.3, X), [neuron(f_of(drawn), X, 1.5, -0.3).tolist()]


def case_plane(drawn):
    x1, x2 = np.linspace(-1, 1, 5), np.linspace(0, 2, 4)
    pairs = [(a, b) for b in x2 for a in x1]
    plane = neuron_plane(f_of(drawn), x1, x2, (1.2, -0.8), 0.1)
    return neuron_script(drawn, [1.2, -0.8], 0.1, pairs), [plane.ravel().tolist()]


def case_stack(drawn):
    wanted = [stack_value(LAYERS, f_of(drawn), X).tolist(), *collapse(LAYERS)]
    return stack_script(LAYERS, drawn, X), wanted


def case_chain(drawn):
    chain = start(5, torch.Generator().manual_seed(1))
    y = TARGETS["bump"](X)
    rates = [rate for rate, steps in RUNS for _ in range(steps)]
    walk = fit(chain, f_of(drawn), X, y, lambda index: rates[index - 1])
    last = list(islice(walk, len(rates) + 1))[-1]
    end = last.chain
    wanted = [last.loss, end.weights_in.tolist(), end.biases.tolist()]
    wanted += [end.weights_out.tolist(), end.bias_out]
    return chain_script(chain, drawn, X, y, RUNS), wanted


def case_depth(drawn, init):
    found = depth_profile(f_of(drawn), 8, 16, init, 1.3, torch.Generator().manual_seed(7))
    rows = zip(found.mean_abs, found.gradient_norm, found.dead, strict=True)
    return depth_script(drawn, 8, 16, init, 1.3, 7), [list(row) for row in rows]


def case_softmax(scores, temperature, selected):
    p = softmax(scores, temperature).tolist()
    rows = softmax_jacobian(scores, temperature).tolist()
    wanted = [p, torch.tensor(p, dtype=torch.float64).sum().item(), *rows]
    wanted.append(cross_entropy(scores, selected, temperature))
    return softmax_script(scores, temperature, selected), wanted


def parsed(line):
    """The numbers of a printed line, whatever stands before them; text as it is."""
    _, sign, rest = line.rpartition(" = ")
    if sign:
        return numbers(rest)
    if line[0].isalpha():
        return line
    return numbers(line) if line[0] == "[" or " " not in line else [*map(float, line.split())]


def test_every_script_prints_the_numbers_of_the_page(fresh_python):
    cases = [case_curves()]
    for drawn in (("tanh", {}), ("leaky_relu", {"alpha": 0.1}), ("step", {}), OWN[0], OWN[1]):
        cases += [case_neuron(drawn), case_plane(drawn), case_stack(drawn), case_chain(drawn)]
    for init in ("xavier", "he", "lecun", "normal"):
        cases.append(case_depth(("relu", {}), init))
    cases += [case_depth(OWN[0], "he"), case_depth(("step", {}), "he")]
    cases += [case_softmax([2, 1, 0.1], 0.7, 0), case_softmax([1000, 0, -3.3, 12.25], 0.1, 2)]
    printed = fresh_python.each([source for source, _ in cases])
    for (source, wanted), out in zip(cases, printed, strict=True):
        found = [parsed(line) for line in out.splitlines()]
        assert len(found) == len(wanted), source
        for one, other in zip(found, wanted, strict=True):
            if isinstance(other, str):
                assert one == other
            else:
                np.testing.assert_array_equal(one, other, err_msg=source)


def test_only_what_is_needed_is_imported():
    own = curve_script([parse("gelu(x)")], [1.0])
    assert "from torch import nn" not in own
    assert "import torch\n\n" in own
    assert "from torch import nn\n" in curve_script([("relu", {})], [1.0])
    assert "import torch.nn.functional as F\n" in chain_script(
        start(2, torch.Generator()), ("relu", {}), [1.0], [2.0], RUNS
    )


def test_they_are_short_and_printable_everywhere():
    for source in (
        curve_script(NAMED[:4], X),
        neuron_script(OWN[4], [1.0], 0.0, X),
        chain_script(start(6, torch.Generator()), ("tanh", {}), X, X, RUNS),
        depth_script(("relu", {}), 20, 64, "xavier", 1.0, 0),
        softmax_script([2, 1, 0.1], 1, 0),
    ):
        ast.parse(source)
        assert source.isascii()
        assert max(map(len, source.splitlines())) <= 100
        assert len(source.splitlines()) <= 70


def test_a_script_has_no_slope_where_the_function_has_no_value(fresh_python):
    """Autograd alone prints 1/x for log(x) below 0."""
    said = {}
    source = curve_script([parse("log(x)")], [-2.0, 0.5, 4.0])
    for line in fresh_python.printed(source).splitlines()[1:]:
        name, _, numbers_ = line.partition(" = ")
        said[name] = numbers(numbers_)
    np.testing.assert_array_equal(said["f"], [np.nan, np.log(0.5), np.log(4)])
    np.testing.assert_array_equal(said["f'"], [np.nan, 2, 0.25])
    assert "isnan" not in curve_script([("relu", {})], [1.0])


def test_refusals():
    for selected in (-1, 3):
        with pytest.raises(InputError, match="one of the scores"):
            softmax_script([2, 1, 0.1], 1, selected)
    with pytest.raises(InputError, match="no activation"):
        curve_script([("none", {})], X)
    for points in ([], [np.nan], [[1.0]], np.zeros(1001)):
        with pytest.raises(InputError, match="finite numbers"):
            curve_script([("relu", {})], points)
    for weights in ([1.0], [1.0, 2.0, 3.0], []):
        with pytest.raises(InputError, match="one weight for each input"):
            neuron_script(("relu", {}), weights, 0.0, [[1.0, 2.0]])
    with pytest.raises(InputError, match="layers"):
        depth_script(("relu", {}), 0, 4, "he", 1.0, 0)
