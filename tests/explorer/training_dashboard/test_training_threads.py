"""How many threads a run gets: what the machine's owner says, within what the machine has."""

import os

import pytest

from explorer.training_dashboard.runner import threads


@pytest.mark.parametrize(
    ("given", "cores", "wanted"),
    [
        (None, 1, 1),
        (None, 2, 2),
        (None, 16, 4),
        ("1", 16, 1),
        (" 6 ", 16, 6),
        ("6", 2, 2),
        ("0", 16, 4),
        ("-3", 16, 4),
        ("many", 16, 4),
        ("9" * 5000, 8, 8),
        ("", None, 2),
    ],
)
def test_a_run_gets_what_is_given_and_never_more_than_there_is(monkeypatch, given, cores, wanted):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    if given is None:
        monkeypatch.delenv("EXPLORER_THREADS", raising=False)
    else:
        monkeypatch.setenv("EXPLORER_THREADS", given)
    assert threads() == wanted
