import base64
import dataclasses
import math
import zlib
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.regression.datasets import DATASETS
from core.regression.losses import LOSSES
from core.regression.points import Points
from explorer.linear_regression.settings import LONGEST, OWN, RATES, Settings, slider_range
from explorer.settings import Number, checked, from_address, rules, to_address

NAMES = sorted(rules(Settings))
coordinate = st.floats(-1e6, 1e6) | st.integers(-1000, 1000).map(float)
rate = st.floats(*RATES) | st.sampled_from([0.1, 0.15, 1.0, RATES[0], RATES[1]])
own_points = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=40)
many_points = st.lists(st.tuples(coordinate, coordinate), min_size=60, max_size=120)
every_setting = st.builds(
    Settings,
    data=st.sampled_from([*DATASETS, OWN]),
    points=st.integers(2, 60),
    noise=st.floats(0, 3),
    seed=st.integers(0, 9999),
    loss=st.sampled_from(list(LOSSES)),
    batch=st.sampled_from(["full", "mini", "one"]),
    size=st.integers(2, 60),
    rate=rate,
    start=st.tuples(*[st.floats(-1e12, 1e12)] * 2),
    path=st.lists(st.tuples(rate, st.integers(1, 150)), max_size=12).map(tuple),
    residuals=st.sampled_from(["squares", "lines"]),
    surface=st.sampled_from(["contours", "relief"]),
    compare=st.sampled_from(["no", "yes"]),
    turn=st.tuples(*[st.floats(-360, 360)] * 2),
    own=st.none() | (own_points | many_points).map(Points.from_pairs),
)


def query(address):
    read = parse_qs(address, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in read.values())
    return {name: values[0] for name, values in read.items()}


def test_the_strategy_covers_every_setting():
    assert {field.name for field in dataclasses.fields(Settings)} == set(NAMES)


@given(every_setting)
@settings(deadline=None)
def test_an_address_reads_back_as_the_same_settings(wanted):
    read, problems = from_address(Settings, query(to_address(wanted)))
    assert problems == []
    assert read == wanted  # floats to the last digit, points included


def test_few_points_stay_readable_and_many_are_packed():
    few = dataclasses.replace(Settings(), own=Points.from_pairs([(1, 3), (2.5, -5)]))
    assert "own=1,3;2.5,-5" in to_address(few)
    pairs = [(math.sqrt(k), math.sin(k)) for k in range(500)]
    many = dataclasses.replace(Settings(), own=Points.from_pairs(pairs))
    assert "own=~" in to_address(many)
    assert from_address(Settings, query(to_address(many)))[0].own.pairs() == pairs


def test_an_empty_path_is_not_the_usual_path():
    bare = dataclasses.replace(Settings(), path=())
    assert Settings().path != ()
    assert from_address(Settings, query(to_address(bare)))[0].path == ()


def test_what_is_none_is_left_out():
    assert "own" not in to_address(Settings())
    assert {"seed", "rate", "start", "path"} <= query(to_address(Settings())).keys()


BAD = {
    "data": ["", "mnist", "Noisy_line"],
    "points": ["1", "61", "5.5", "five", "nan", "inf", "-3", "", "1e400"],
    "noise": ["abc", "3.01", "-0.1", "nan", ""],
    "seed": ["-1", "10000", "7.5", "x"],
    "loss": ["rmse", "MSE"],
    "batch": ["2", "Full"],
    "size": ["0", "1", "200"],
    "rate": ["0", "-0.1", "5", "inf", "nan", "1,5"],
    "start": ["1", "1,2,3", "a,b", "nan,0", "1e13,0", ","],
    "path": ["abc", "0.1", "0.1x", "x5", "9x1", "0.1x0", "0.1x-4", "0.1x3;nanx2", "0.1x2001",
             "0.1x2x3", "0.1x1.5", "0.1x" + "9" * 5000],
    "residuals": ["circles"],
    "surface": ["3-D"],
    "compare": ["maybe"],
    "turn": ["400,0", "1", "left,right"],
    "own": ["", "1,3", "1,3;2", "1,3;2,x", "1,3;2,nan", "1,3;2,1e9", "~", "~AAAA", "~é", "1;2"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in BAD for text in BAD[name]])
def test_a_bad_value_falls_back_and_says_so(name, text):
    read, problems = from_address(Settings, {"lecture": "1", name: text})
    assert getattr(read, name) == getattr(Settings(), name)
    assert len(problems) == 1
    assert problems[0].startswith(f"The link says {name}={text[:24]}")
    assert problems[0].endswith(" The usual value stands instead.")
    assert len(problems[0]) < 200
    for jargon in ("convert", "literal", "unpack", "base 10", "Exceeds", "Error", "codec"):
        assert jargon not in problems[0]


def test_every_setting_has_bad_values_to_try():
    assert sorted(BAD) == NAMES


def test_every_bad_value_has_its_sentence_and_the_good_ones_count():
    read, problems = from_address(Settings, {"noise": "abc", "loss": "mae", "seed": "-1", "x": "?"})
    assert read == dataclasses.replace(Settings(), loss="mae")
    assert [problem.split()[3] for problem in problems] == ["noise=abc,", "seed=-1,"]


@given(st.dictionaries(st.sampled_from([*NAMES, "lecture", "zz"]), st.text(max_size=60)))
@settings(deadline=None)
def test_no_address_raises(parameters):
    read, problems = from_address(Settings, parameters)
    assert isinstance(read, Settings)
    assert len(problems) <= len(parameters)
    again, none = from_address(Settings, query(to_address(read)))
    assert (again, none) == (read, [])


near = st.text(alphabet="0123456789.,;x-+e~nai_ ", max_size=40)


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, near)))
@settings(deadline=None)
def test_no_address_of_almost_right_characters_raises(parameters):
    read, _ = from_address(Settings, parameters)
    assert from_address(Settings, query(to_address(read))) == (read, [])


def packed(plain):
    data = zlib.compress(plain, 9)
    return "~" + base64.urlsafe_b64encode(data).decode().rstrip("=")


def own_problem(text):
    read, problems = from_address(Settings, {"own": text})
    return read.own is None and len(problems) == 1


def test_packed_points_are_read_whatever_packed_them():
    assert from_address(Settings, {"own": packed(b"1,3;2,5")})[0].own.pairs() == [(1, 3), (2, 5)]


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch):
    bomb = packed(b"0" * 20_000_000)
    assert len(bomb) < LONGEST  # Its own length does not give it away.
    opened = []
    real = zlib.decompressobj

    class Watched:
        def __init__(self):
            self.inner = real()

        def decompress(self, data, most=0):
            opened.append(self.inner.decompress(data, most))
            return opened[-1]

        def __getattr__(self, name):
            return getattr(self.inner, name)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    monkeypatch.setattr(zlib, "decompress", None)
    assert own_problem(bomb)
    assert sum(map(len, opened)) <= LONGEST


def test_a_link_that_was_cut_is_refused():
    plain = ";".join(f"{k},{k % 7}" for k in range(200)).encode()
    whole = packed(plain)
    assert len(from_address(Settings, {"own": whole})[0].own) == 200
    for length in range(2, len(whole) - 1, 7):
        assert own_problem(whole[:length])


def test_endless_text_is_refused():
    assert own_problem("1,2;" * 200_000)
    assert own_problem(packed(b"1,2;" * 501 + b"1,2"))  # More points than there may be.


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [None, [], {}, ["1"], {"a": 1}, math.nan, math.inf, 10**400, "", "abc", object()],
    ids=["none", "list", "dict", "texts", "words", "nan", "inf", "huge", "empty", "abc", "object"],
)
def test_a_control_that_sends_the_wrong_kind_is_refused(name, value):
    if name == "path" and value in ("", [], {}):
        assert checked(Settings, name, value) == ()  # No steps at all are a path.
        return
    with pytest.raises(InputError):
        checked(Settings, name, value)


def test_a_control_that_sends_too_much_is_refused_with_the_limits():
    with pytest.raises(InputError, match=r"^Points: it goes from 2 to 60\.$"):
        checked(Settings, "points", 61)
    with pytest.raises(InputError, match=r"^Points: it is a whole number\.$"):
        checked(Settings, "points", 5.5)
    with pytest.raises(InputError, match=r"^Noise: it takes numbers\.$"):
        checked(Settings, "noise", "much")
    with pytest.raises(InputError, match="no setting called colour"):
        checked(Settings, "colour", "red")


def test_what_a_control_sends_is_taken_as_it_is():
    assert checked(Settings, "points", 5.0) == 5
    assert isinstance(checked(Settings, "points", 5.0), int)
    assert checked(Settings, "rate", 0.1) == 0.1
    assert checked(Settings, "turn", "30,-4.5") == (30, -4.5)
    assert checked(Settings, "loss", "huber") == "huber"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_reads_back(value):
    rule = Number("Any", -math.inf, math.inf, digits=3)
    assert rule.parse(rule.write(value)) == value


def test_the_slider_reaches_down_to_rates_that_settle():
    assert slider_range(0.2, 0.15) == (0.001, 4.0)
    low, high = slider_range(1.3e-6, 0.15)
    assert (low, high) == (pytest.approx(1e-8), 4.0)
    assert slider_range(None, 2e-5)[0] == pytest.approx(1e-5)
