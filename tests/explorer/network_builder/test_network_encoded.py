"""Weights, layers and a second network as text for an address."""

import base64
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from network_gestures import OWN

from core.activations.registry import ACTIVATIONS
from core.networks.config import LayerConfig
from core.networks.features import FEATURES
from explorer.network_builder.encoded import values_from_text, values_to_text
from explorer.network_builder.rules import FeaturesRule, LayersRule, OtherRule, PlaceRule
from explorer.network_builder.settings import NetworkSettings

layers = st.builds(
    LayerConfig,
    st.integers(1, 16),
    st.sampled_from([*ACTIVATIONS, f"={OWN}", "=x^2 − 1", "=where(x < 0, 0.1*x, x)"]),
    st.sampled_from([0.0, 0.1, 0.35, 0.9]),
    st.booleans(),
)
LAYERS, OTHER = LayersRule("Hidden layers"), OtherRule("Network B", NetworkSettings)


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), max_size=200))
def test_numbers_come_back_to_the_last_bit(numbers):
    values = np.array(numbers, dtype=np.float32)
    text = values_to_text(values)
    assert text.isascii()
    assert not set(text) & set("+/=&?#")
    again = values_from_text(text)
    assert again.tobytes() == values.tobytes()


def encoded(*numbers):
    return base64.urlsafe_b64encode(np.array(numbers, "<f4").tobytes()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        *["AAA", "A", "AAAAAA!", "é", " AAAAAA", "AAAA\nAAAA", "\0", "A" * 24_004],
        *[encoded(np.nan), encoded(1, np.inf), encoded(-np.inf), "=" * 5000],
    ],
    ids=lambda text: text[:10],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="weights"):
        values_from_text(text)


@given(st.lists(layers, max_size=8).map(tuple))
def test_layers_come_back_from_their_text(value):
    assert LAYERS.parse(LAYERS.write(value)) == value


def test_how_layers_are_written():
    value = (LayerConfig(8), LayerConfig(6, "relu", 0.2, True))
    assert LAYERS.write(value) == "8:tanh;6:relu:0.2:n"
    assert LAYERS.write(()) == "none"
    assert LAYERS.parse("3") == (LayerConfig(3),)


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            ";",
            "0:tanh",
            "17:tanh",
            "x:tanh",
            "4:nothing",
            "4:tanh:1",
            "4:tanh:x",
            "4:tanh:nan",
        ],
        *["2;" * 8 + "2", "2;" * 500_000, "9" * 5000, "4:=" + "x*" * 50_000 + "x", "4:=x.real"],
        *["4:=" + "(" * 5000, "4:=9**9**9**9", "4:=__import__('os')", "4:=\0", "-1:tanh"],
    ],
    ids=lambda text: text[:16],
)
def test_other_layers_are_refused_quickly(text):
    began = time.process_time()
    with pytest.raises(ValueError, match=r"\w"):
        LAYERS.parse(text)
    assert time.process_time() - began < 2


@given(st.permutations(list(FEATURES)), st.integers(1, 7))
def test_inputs_have_the_order_of_the_diagram(names, count):
    rule = FeaturesRule("Inputs")
    found = rule.parse(",".join(names[:count]))
    assert sorted(found) == sorted(names[:count])
    assert list(found) == [name for name in FEATURES if name in found]
    assert rule.parse(rule.write(found)) == found


@given(
    st.lists(layers, max_size=8).map(tuple),
    st.sampled_from(["adam", "sgd"]),
    st.floats(1e-6, 10),
    st.integers(1, 1000),
)
def test_a_second_network_comes_back_from_its_text(some, optimizer, rate, batch):
    value = NetworkSettings(layers=some, optimizer=optimizer, learning_rate=rate, batch_size=batch)
    assert OTHER.parse(OTHER.write(value)) == value


@pytest.mark.parametrize("text", ["layers~x", "loss~none", "batch_size~0", "features~x1,x1"])
def test_a_second_network_that_cannot_be_says_why(text):
    with pytest.raises(ValueError, match="The link says"):
        OTHER.parse(text)


@pytest.mark.parametrize(
    "text", ["", "1", "1.x", "-1.0", "10.0", "1.17", "1.-1", "9" * 5000 + ".1"]
)
def test_a_place_is_a_column_and_a_unit(text):
    with pytest.raises(ValueError, match=r"\w"):
        PlaceRule("Selected unit").parse(text)
