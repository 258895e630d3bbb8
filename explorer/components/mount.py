"""Mounting an ES module from ``explorer/static`` as a Streamlit component.

The source that Streamlit sends with every update is a stub of a few lines that takes the module
from where all of them are (`files.py`, `linking.py`). They are fetched once, and an update carries
data only.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from explorer import state
from explorer.components.files import ADDRESS, WHOLE, version
from explorer.components.packing import packed
from explorer.express import Lane

STUB = """
const own = [...document.scripts].find((script) => script.src.includes("/static/js/"));
const root = own ? own.src.split("/static/js/")[0] : location.origin;
const code = await import(`${root}%s/%s/%s`);
const module = await code.open("%s");
export default (args) => module.default(args);
"""


@cache
def _component(module: str) -> Any:
    return st.components.v2.component(
        f"explorer_{module}", js=STUB % (ADDRESS, version(), WHOLE, module)
    )


def mount(
    module: str,
    key: str,
    header: Mapping[str, Any],
    values: NDArray[np.float32] | None = None,
    lane: Lane | None = None,
) -> None:
    """Draw a component, or send new data to the one that is drawn already.

    Args:
        module: Name of a file in ``explorer/static`` without ``.js``.
        key: Unique on the page; the same key keeps the component alive.
        header: The JSON part of the message.
        values: The numeric part of the message, float32.
        lane: The short way that its moves may take, if there is one.
    """
    told = {**header, "session": state.session()}
    if lane is not None:
        told["express"] = lane.message()
    _component(module)(
        key=key, data=packed(told, values), on_gestures_change=_nothing, height="content"
    )


def _nothing() -> None:
    """Let the gesture state exist from the first run on; the fragment reads it itself."""
