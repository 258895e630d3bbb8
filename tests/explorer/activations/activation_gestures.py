"""Gestures as the browser sends them to the page on activation functions."""

from urllib.parse import parse_qs

from hypothesis import strategies as st

from core.activations.chain import TARGETS
from core.activations.registry import ACTIVATIONS
from explorer.activations.lesson import Activations

NAMES = [*ACTIVATIONS, "own"]
TYPED = ["x^2", "max(0.1*x, x) + 0.2*sin(3*x)", "log(x)", "exp(exp(x))", "sqrt(x)", "3", "x/(x-1)"]
WRONG = ["", "x +", "sinn(x)", "__import__('os')", "x.real", "2x", "(((", "9**9**9", "\0", "x\n"]
place = st.floats(-7, 7)


def event(kind, **fields):
    given = {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    return st.fixed_dictionaries({"type": st.just(kind), **given})


GOOD = st.one_of(
    event("toggle", name=st.sampled_from(NAMES)),
    event("expression", text=st.sampled_from([*TYPED, *WRONG])),
    event("cursor", x=place),
    event("neuron", w=place, b=place),
    event("plane", w=st.tuples(place, place).map(list), b=place),
    event("unit", index=st.integers(0, 12), kink=place, v=place),
    event("step", count=st.sampled_from([1, 7])),
    event("tick"),
    event("score", index=st.integers(0, 6), z=place),
    event("select", index=st.integers(0, 6)),
    event("shift", amount=st.sampled_from([10, -10, 0.3])),
    event("remedy"),
    event("retract"),
    event("rewind", index=st.integers(0, 20)),
    event("reset"),
    st.sampled_from(
        [
            *[("show", name) for name in ("both", "f", "d")],
            *[("view", name) for name in ("neuron", "plane", "chain", "stack", "depth", "softmax")],
            *[("count", 3), ("count", 6), ("scores", [100, 0, 0]), ("temperature", 0.13)],
            *[("target", name) for name in TARGETS],
            *[("units", 1), ("units", 12), ("units", "5"), ("rate", 0.3), ("rate", 0.0123)],
            *[("seed", 0), ("seed", 41), ("layers", 7), ("depth", 2), ("gain", 1.35)],
            *[("start", "lecun"), ("leaky_relu.alpha", 0.2), ("relu.alpha", 1), ("elu.alpha", 1)],
            *[("hardtanh.beta", 2.5), ("neuron_0", 0), ("plane_2", 1.25), ("cursor", 1.5)],
        ]
    ).map(lambda pair: {"type": "set", "name": pair[0], "value": pair[1]}),
    event("choose", option=st.integers(0, 3)),
    event("reveal"),
    event("next_question"),
    event("rest"),
)


def opened(address):
    """The lesson that a fresh browser shows for an address."""
    read = parse_qs(address, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in read.values())
    return Activations({name: values[0] for name, values in read.items()})


def do(lesson, *events):
    lesson.apply(tuple(events))
    return lesson


def put(lesson, name, value):
    return do(lesson, {"type": "set", "name": name, "value": value})


def typed(lesson, text):
    return do(lesson, {"type": "expression", "text": text})


def toggled(lesson, *names):
    return do(lesson, *[{"type": "toggle", "name": name} for name in names])


def walk(lesson, count):
    return do(lesson, {"type": "step", "count": count})
