"""Gestures as the browser sends them to the network builder, and what a message is cut into."""

import math
from itertools import pairwise
from urllib.parse import parse_qs

import numpy as np
from hypothesis import strategies as st

from explorer.components.packing import finite, packed
from explorer.heads import head_message
from explorer.network_builder.cards import board_message
from explorer.network_builder.controls import SLUG, row_message
from explorer.network_builder.lesson import NetworkBuilder
from explorer.network_builder.stage import stage_message

SMALL = {"points": "40"}  # Few points, so that an epoch is quick.
OWN = "max(0.1*x, x) + 0.2*sin(3*x)"
number = st.floats(-7, 7)
place = st.tuples(number, number).map(list)
few = st.integers(0, 4)


def event(kind, /, **fields):
    given = {k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in fields.items()}
    return st.fixed_dictionaries({"type": st.just(kind), **given})


CHANGES = st.sampled_from(
    [
        *[{"units": count} for count in (1, 3, 17)],
        *[{"activation": name} for name in ("relu", "own", "sigmoid", "nothing")],
        *[{"expression": text} for text in (OWN, "x^2", "sinn(x)", "log(x)", "__import__('os')")],
        *[{"dropout": 0.3}, {"batchNorm": True}, {"batch_norm": False}, {"dropout": 2}, {}],
    ]
)
SETTINGS = st.sampled_from(
    [
        *[("data", name) for name in ("circles", "xor_exact", "spirals", "plane", "own", "none")],
        *[("points", 60), ("noise", 0.3), ("share", 0), ("share", 80), ("classes", 4), ("seed", 7)],
        *[("learning_rate", "0.1"), ("learning_rate", 10), ("optimizer", "sgd"), ("l1", "0.01")],
        *[("optimizer", "momentum"), ("schedule", "cosine"), ("l2", 0.1), ("batch_size", "5")],
        *[("initialisation", "zero"), ("loss", "mse"), ("loss", "cross_entropy"), ("loss", "bce")],
        *[("mode", "batch"), ("mode", "example"), ("mode", "epoch"), ("curve", "accuracy")],
        *[
            ("matrix", "training"),
            ("speed", "60"),
            ("speed", "200"),
            ("speed", 3),
            ("probe", "1,1"),
        ],
    ]
).map(lambda pair: {"type": "set", "name": pair[0], "value": pair[1]})
GOOD = st.one_of(
    event("step", count=st.sampled_from([1, 2, -1])),
    event("tick", seconds=st.sampled_from([0.02, 0.1])),
    event("go_to", epoch=few),
    event("weight", layer=few, to=few, source=few, value=number),
    event("bias", layer=few, to=few, value=number),
    st.just({"type": "undo"}),
    event("feature", name=st.sampled_from(["x1", "x2", "product", "sin_x1"])),
    event("units", layer=few, count=st.integers(1, 5)),
    event("insert_layer", position=few),
    event("remove_layer", position=few),
    event("layer", position=few, changes=CHANGES),
    event(
        "paint", kind=few, places=st.lists(place, max_size=3), stroke=few, scattered=st.booleans()
    ),
    event("erase", places=st.lists(place, max_size=2), stroke=few),
    event("select", column=few, unit=few),
    event("hover", column=st.none() | few, unit=few),
    event("probe", x1=number, x2=number),
    st.just({"type": "reset"}),
    st.just({"type": "rest"}),
    st.just({"type": "compare"}),
    event("side", index=st.integers(0, 1)),
    st.just({"type": "remedy"}),
    SETTINGS,
    SETTINGS,
    event("choose", option=few),
    event("scratch", action=st.sampled_from(["play", "pause", "reset", "load"])),
)


def opened(address):
    """The lesson that a fresh browser shows for an address, once it has played its run again."""
    read = parse_qs(address, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in read.values())
    return replayed(NetworkBuilder({name: values[0] for name, values in read.items()}))


def replayed(lesson):
    for _ in range(200):
        if not lesson.replay_to:
            return lesson
        do(lesson, {"type": "replay"})
    raise AssertionError("a replay without end")


def do(lesson, *events):
    lesson.apply(tuple(events))
    return lesson


def put(lesson, name, value):
    return do(lesson, {"type": "set", "name": name, "value": value})


def walk(lesson, count):
    """Play so many epochs, batches or examples."""
    return do(lesson, {"type": "step", "count": count})


def layer(lesson, position, **changes):
    return do(lesson, {"type": "layer", "position": position, "changes": changes})


def paint(lesson, kind, *places, stroke=None, scattered=False):
    given = {"kind": kind, "places": list(map(list, places)), "stroke": stroke}
    return do(lesson, {"type": "paint", "scattered": scattered, **given})


def usable(lesson):
    """Everything that a page sends for the lesson can be packed, and the stage is numbers."""
    header, values = stage_message(lesson, "t")
    packed(header, values)
    assert np.isfinite(values).all()
    packed(*board_message(lesson, "t"))
    packed(head_message(SLUG, lesson, "t"))
    packed(row_message(lesson, "t"))
    return header, values


def cut(lesson):
    """The stage message in its pieces, as explorer/static/network_stage.js and _side.js cut it."""
    header, values = stage_message(lesson, None)
    at = 0

    def piece(count):
        nonlocal at
        at += count
        assert at <= len(values)
        return values[at - count : at]

    points = piece(5 * header["points"]).reshape(-1, 5)
    inputs = []
    for side in header["sides"]:
        inputs.append(piece(len(side["columns"][0]["units"]) * side["size"] ** 2))
    moments = []
    for readings in header["moments"]:
        moments.append([])
        for side, reading in zip(header["sides"], readings, strict=True):
            start = at
            parts = side_pieces(side, header["map"], piece)
            assert at - start == side["values"]
            moments[-1].append((reading, parts))
    assert at == len(values)
    return header, points, inputs, moments


def side_pieces(side, map_size, piece):
    counts = [
        sum(1 for unit in column["units"] if column["kind"] != "input" or unit["on"])
        for column in side["columns"]
    ]
    units = sum(counts[1:])
    weights = sum(a * b for a, b in pairwise(counts))
    return {
        "maps": piece(units * side["size"] ** 2).reshape(units, side["size"], side["size"]),
        "weights": piece(weights),
        "biases": piece(units),
        "decision": piece(map_size**2).reshape(map_size, map_size),
    }


def picture(lesson):
    """What is on the stage, without what only counts messages."""
    header, values = stage_message(lesson, None)
    for name in ("frame", "rested", "notice", "opening"):
        del header[name]
    return finite(header), values


def values(side):
    return np.array(side.weights(), dtype=np.float32)


def same(one, other):
    """Whether two numbers are the same, or neither is one."""
    return one == other or (math.isnan(one) and math.isnan(other))
