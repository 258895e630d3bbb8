"""The terms of the course, each in one sentence, read from ``assets/glossary.md``."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "assets" / "glossary.md"
ENTRY = re.compile(r"^- \*\*(?P<term>[^*]+)\*\*: (?P<meaning>.+)$")
TERM = re.compile(r"\[\[([^\]|]+)(?:\|[^\]]+)?\]\]")


@cache
def terms() -> dict[str, str]:
    """Return every term with its meaning, in the order of the file.

    Raises:
        ValueError: A line of the file is neither a heading, nor empty, nor an entry.
    """
    found = {}
    for number, line in enumerate(SOURCE.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        entry = ENTRY.match(line)
        if entry is None:
            raise ValueError(f"Line {number} of the glossary is no entry: {line}")
        found[entry["term"]] = entry["meaning"]
    return found


def used(texts: Iterable[str]) -> dict[str, str]:
    """Return the terms that marked-up texts refer to as ``[[term]]`` or ``[[term|shown]]``.

    Raises:
        KeyError: A text refers to a term that the glossary does not have.
    """
    return {name: terms()[name] for name in referred(texts)}


def known(texts: Iterable[str]) -> dict[str, str]:
    """Return the same, leaving out what only looks like a term, such as the text of a visitor."""
    return {name: terms()[name] for name in referred(texts) if name in terms()}


def referred(texts: Iterable[str]) -> list[str]:
    """Return the names of the terms that texts refer to, sorted."""
    return sorted({name for text in texts for name in TERM.findall(text)})
