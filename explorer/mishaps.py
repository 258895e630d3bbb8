"""What a page says where something went wrong that nobody had foreseen.

Streamlit would show a red box about redacted details there, which helps nobody. The details are in
the log of the server; a person learns that nothing is lost and what to do.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import streamlit as st

P = ParamSpec("P")
MISHAP = (
    "Something went wrong here, and it is not your fault. What you had is still there: "
    "go on, or reload the page."
)
_BOX = f'<p class="mishap" role="alert">{MISHAP}</p>'


@contextmanager
def owned_up() -> Iterator[None]:
    """Say in a sentence that something went wrong, where it did, and go on behind it."""
    try:
        yield
    except Exception:  # Whatever it is: a stop or a rerun of Streamlit is none of these.
        logging.getLogger(__name__).exception("A part of a page could not be drawn.")
        st.html(_BOX)


def fragment(function: Callable[P, None]) -> Callable[P, None]:
    """Make a part of a page that is drawn alone, and that fails alone.

    Args:
        function: Draws it.
    """

    @functools.wraps(function)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        with owned_up():
            function(*args, **kwargs)

    return st.fragment(drawn)
