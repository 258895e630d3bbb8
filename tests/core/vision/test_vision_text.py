import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.vision.specs import (
    ACTIVATION_NAMES,
    Activation,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    GlobalAvgPool,
    Linear,
    MaxPool,
    Skip,
    completed,
)
from core.vision.text import parse, write

small = st.integers(1, 4)
pools = st.one_of(st.none(), small)
plain = st.one_of(
    st.builds(Conv, st.integers(1, 512), st.integers(1, 11), small, pools),
    st.just(BatchNorm()),
    st.just(GlobalAvgPool()),
    st.just(Flatten()),
    st.builds(Activation, st.sampled_from(ACTIVATION_NAMES)),
    st.builds(MaxPool, small, pools),
    st.builds(AvgPool, small, pools),
    st.builds(Dropout, st.integers(0, 90).map(lambda percent: percent / 100)),
    st.builds(Linear, st.integers(1, 4096)),
)
inner = st.lists(plain, min_size=1, max_size=4).map(tuple)
layers = st.one_of(plain, st.builds(Skip, inner))


@given(st.lists(layers, max_size=8).map(tuple))
def test_what_is_written_is_read_back(spec):
    assert parse(write(spec)) == spec
    assert write(parse(write(spec))) == write(spec)


def test_the_words():
    text = "conv 32 3; bn; relu; maxpool 2; flatten; linear 10"
    expected = (Conv(32), BatchNorm(), Activation(), MaxPool(), Flatten(), Linear(10))
    assert parse(text) == expected
    assert write(expected) == text
    assert parse("Conv 16 5 1 0\nTANH\n\navgpool; gap;;dropout .2;") == (
        *(Conv(16, 5, 1, 0), Activation("tanh"), AvgPool(2), GlobalAvgPool(), Dropout(0.2)),
    )
    assert parse("skip(conv 8; relu; skip(bn)); gelu") == (
        Skip((Conv(8), Activation(), Skip((BatchNorm(),)))),
        Activation("gelu"),
    )
    assert parse("") == ()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("conv 32; konv 5", 'Layer 2: "konv 5" is no layer'),
        ("conv", "Layer 1: conv takes 1 to 4 numbers, not 0"),
        ("relu; relu 2", 'Layer 2: "relu 2" is no layer'),
        ("bn 3", "takes no number, not 1"),
        ("conv 32 3.5", "takes whole numbers, not 3.5"),
        ("conv x", '"x" is no number'),
        ("conv -3", '"-3" is no number'),
        ("conv 1e9", '"1e9" is no number'),
        ("conv 600", "Layer 1: A convolution has 1 to 512 output channels, not 600"),
        ("conv 0", "not 0"),
        ("conv 3 3 0", "pixels of stride"),
        ("linear 9999", "1 to 4,096 units"),
        ("maxpool 0", "pixels of window"),
        ("dropout 0.95", "Dropout goes from 0 to 0.9"),
        ("skip conv 3", "Layer 1"),
        ("skip", "skip needs its layers in brackets"),
        ("skip()", "needs a layer to skip"),
        ("skip(conv 3", "a \\) is missing"),
        ("conv 3)", 'Layer 1: "\\)" follows'),
        (")", "is no layer"),
        ("conv 3 (bn)", "semicolon is expected"),
        ("skip(bn) relu", "semicolon is expected"),
        ("skip(skip(skip(skip(bn))))", "at most 3 deep"),
        ("bn;" * 61, "at most 60 layers"),
        ("bn;" * 2000, "at most 4,000 characters"),
        ("__import__('os')", "is no layer"),
    ],
)
def test_mistakes_are_named_with_their_layer(text, match):
    with pytest.raises(InputError, match=match):
        parse(text)


@given(st.text(alphabet="conv lineargpsk(); 0123456789.-\n", max_size=60))
def test_any_text_is_a_network_or_a_sentence(text):
    try:
        spec = parse(text)
    except InputError:  # nothing else may come
        return
    assert parse(write(spec)) == spec


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flatten; linear 10", "flatten; linear 3"),
        ("conv 8 3; relu", "conv 8 3; relu; flatten; linear 3"),
        ("conv 8 3; gap", "conv 8 3; gap; linear 3"),
        ("flatten; linear 20; relu", "flatten; linear 20; relu; linear 3"),
        ("", "flatten; linear 3"),
    ],
)
def test_one_output_for_each_class(text, expected):
    assert write(completed(parse(text), 3)) == expected
