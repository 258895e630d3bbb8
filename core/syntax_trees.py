"""Python's syntax trees of source, in a process with many threads."""

from __future__ import annotations

import ast
import threading

_TRIES = 5
_ONE_AT_A_TIME = threading.Lock()


def module_of(source: str) -> ast.Module:
    """Return the syntax tree of a module; nothing of it is executed.

    Raises:
        SyntaxError: It is no Python.
    """
    tree = _tree(source, "exec")
    assert isinstance(tree, ast.Module)
    return tree


def expression_of(source: str) -> ast.expr:
    """Return the syntax tree of an expression; nothing of it is executed.

    Raises:
        SyntaxError: It is no expression.
        ValueError: It has characters that no source may have.
        RecursionError: It is nested too deep; MemoryError may say the same.
    """
    tree = _tree(source, "eval")
    assert isinstance(tree, ast.Expression)
    return tree.body


def _tree(source: str, mode: str) -> ast.AST:
    """Parse, one thread at a time.

    Python 3.11 counts how deep a tree is in a place that all threads share. Where one is
    interrupted while it builds a tree (by the collector of garbage) and another one builds its own,
    the first ends with "AST constructor recursion depth mismatch": once in ten thousand pages of a
    class. Who else parses, Streamlit for one, does not ask for this lock: so it is tried again.
    """
    for _ in range(_TRIES - 1):
        try:
            with _ONE_AT_A_TIME:
                return ast.parse(source, mode=mode)
        except SystemError:
            continue
    with _ONE_AT_A_TIME:
        return ast.parse(source, mode=mode)
