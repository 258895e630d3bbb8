import json
import math
import re
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.components import mount
from explorer.components.files import ADDRESS, STATIC, WHOLE
from explorer.components.packing import finite, packed

json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
headers = st.dictionaries(st.text(), json_value, max_size=5)
floats = st.lists(st.floats(width=32), max_size=20)


def unpacked(message):
    (length,) = struct.unpack_from("<I", message)
    header = json.loads(message[4 : 4 + length].decode())
    return header, np.frombuffer(message[4 + length :], dtype="<f4")


def cleaned(value):
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: cleaned(inner) for key, inner in value.items()}
    return [cleaned(inner) for inner in value] if isinstance(value, list) else value


@given(headers, floats)
def test_a_message_comes_out_as_it_went_in(header, values):
    sent = np.array(values, dtype=np.float32)
    message = packed(header, sent)
    read, numbers = unpacked(message)
    assert read == cleaned(header)
    assert np.array_equal(numbers, sent, equal_nan=True)
    assert len(message) % 4 == 0  # So that the browser can read the numbers in place.
    assert (len(message) - 4 * len(values)) % 4 == 0


@pytest.mark.parametrize("text", ["", "a", "ab", "abc", "λ", "ŷ − y", "😀"])
def test_the_header_ends_where_a_number_may_begin(text):
    (length,) = struct.unpack_from("<I", packed({"t": text}))
    assert length % 4 == 0
    assert unpacked(packed({"t": text}))[0] == {"t": text}


def test_the_shape_and_the_order_in_memory_do_not_matter():
    grid = np.arange(12, dtype=np.float64).reshape(3, 4)
    for values in (grid, np.asfortranarray(grid), grid[::1], np.repeat(grid, 2, axis=1)[:, ::2]):
        assert unpacked(packed({}, values))[1].tolist() == list(range(12))
    assert unpacked(packed({}))[1].size == 0


@given(json_value)
def test_finite_is_what_json_can_hold(value):
    json.dumps(finite(value), allow_nan=False)
    assert finite(value) == cleaned(value)


def test_finite_looks_inside_of_everything():
    value = {"a": (1.0, math.nan, [math.inf, {"b": -math.inf}]), "c": "nan", "d": np.float64("nan")}
    assert finite(value) == {"a": [1.0, None, [None, {"b": None}]], "c": "nan", "d": None}
    assert finite(True) is True


def test_what_json_cannot_hold_is_an_error():
    with pytest.raises(TypeError):
        packed({"a": np.int64(3)})
    with pytest.raises(TypeError):
        packed({"a": object()})


def test_the_stub_imports_a_module_of_that_version():
    source = mount.STUB % (ADDRESS, "0123456789", WHOLE, "board")
    assert "/explorer-code/0123456789/explorer.js" in source
    assert 'open("board")' in source
    assert "\n" in source  # Streamlit takes a single line for a path.


def test_every_component_that_a_page_mounts_is_there():
    pages = STATIC.parents[1] / "pages"
    text = "".join(path.read_text(encoding="utf-8") for path in pages.glob("*.py"))
    drawn = r'(?:mount\(|draw\(\s*lesson, \(SLUG, "\w+"\),)\s*"(\w+)"'
    names = {"head", *re.findall(drawn, text)}
    assert {"regression_stage", "regression_board", "settings_row", "activation_picker"} <= names
    for name in names:
        source = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        assert "export default function" in source
