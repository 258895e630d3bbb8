"""Which tests took longest, read from the reports that pytest writes."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

HOW_MANY = 10


def slowest(reports: Iterable[Path], how_many: int = HOW_MANY) -> list[tuple[float, str]]:
    """Find the tests that took longest, what they prepare and clear away included.

    Args:
        reports: Files in JUnit's form; one that is missing or cut off is passed over.
        how_many: How many to name at most.

    Returns:
        Seconds and name of each, the slowest first. A test that ran twice counts once, with its
        longer time.
    """
    longest: dict[str, float] = {}
    for report in reports:
        for name, seconds in _tests(report):
            longest[name] = max(seconds, longest.get(name, 0.0))
    ranked = sorted(longest.items(), key=lambda one: -one[1])[:how_many]
    return [(seconds, name) for name, seconds in ranked]


def table(title: str, found: Iterable[tuple[float, str]]) -> str:
    """Write the slowest tests below a title, or nothing if there are none."""
    rows = [f"  {seconds:6.1f} s  {name}" for seconds, name in found]
    return "\n".join([f"\n=== slowest of the {title} ===", *rows, ""]) if rows else ""


def _tests(report: Path) -> Iterator[tuple[str, float]]:
    with contextlib.suppress(OSError, ElementTree.ParseError):
        for case in ElementTree.parse(report).iter("testcase"):
            module = case.get("classname", "").rpartition(".")[2]
            yield f"{module}::{case.get('name', '')}", float(case.get("time", 0))
