"""Functions of modules as source for a script: each with all that it calls, without types."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from types import ModuleType

from core.syntax_trees import module_of

# A stretch of bytes and what stands there instead.
_Edit = tuple[int, int, bytes]


def definitions(modules: Iterable[ModuleType]) -> dict[str, str]:
    """The functions, classes and constants of modules by name, in a form for a script.

    Types are left out, and of an explanation the first line is kept.
    """
    found: dict[str, str] = {}
    for module in modules:
        source = inspect.getsource(module)
        for node in module_of(source).body:
            name = _name(node)
            if name is not None:
                found[name] = _plain(_text(source, node))
    return found


def with_needs(names: Iterable[str], known: dict[str, str]) -> list[str]:
    """The definitions of these names and of all that they use, what is used first."""
    found: dict[str, str] = {}

    def take(name: str) -> None:
        used = {one.id for one in ast.walk(module_of(known[name])) if isinstance(one, ast.Name)}
        for other in sorted(used & known.keys() - {name}):
            if other not in found:
                take(other)
        found.setdefault(name, known[name])

    for name in names:
        take(name)
    return list(found.values())


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    if isinstance(node, ast.Assign):
        return node.targets[0].id if isinstance(node.targets[0], ast.Name) else None
    if isinstance(node, ast.AnnAssign):
        return node.target.id if isinstance(node.target, ast.Name) else None
    return None


def _text(source: str, node: ast.stmt) -> str:
    """The lines of a definition, with its decorators."""
    above = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in above)])
    return "\n".join(source.splitlines()[first - 1 : node.end_lineno])


def _plain(text: str) -> str:
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for start, end, new in sorted(_edits(module_of(text), data, starts), reverse=True):
        data = data[:start] + new + data[end:]
    # What was broken over lines for its types fits on one now.
    return re.sub(r"\(\n +([^()]+?),?\n\):\n", r"(\1):\n", data.decode().rstrip() + "\n")


def _edits(tree: ast.Module, data: bytes, starts: list[int]) -> Iterator[_Edit]:
    def begin(node: ast.expr | ast.stmt | ast.arg) -> int:
        return starts[node.lineno - 1] + node.col_offset

    def end(node: ast.expr | ast.stmt) -> int:
        return starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation:
            yield begin(node) + len(node.arg.encode()), end(node.annotation), b""
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield data.rindex(b")", 0, begin(node.returns)) + 1, end(node.returns), b""
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and (said := ast.get_docstring(node)):
            first = f'"""{said.splitlines()[0]}"""'
            yield begin(node.body[0]), end(node.body[0]), first.encode()
    top = tree.body[0]
    if isinstance(top, ast.AnnAssign):
        yield end(top.target), end(top.annotation), b""
