"""Syntax trees: the same as Python's, one thread at a time, and tried again where Python slips."""

import ast
import inspect
import threading
import time

import pytest

from core import syntax_trees
from core.syntax_trees import expression_of, module_of


def test_they_are_those_of_python():
    source = inspect.getsource(syntax_trees)
    assert ast.dump(module_of(source)) == ast.dump(ast.parse(source))
    assert ast.dump(expression_of("a + 1")) == ast.dump(ast.parse("a + 1", mode="eval").body)
    with pytest.raises(SyntaxError):
        expression_of("a +")
    with pytest.raises(SyntaxError):
        expression_of("a = 1")


@pytest.mark.parametrize("slips", [1, 4, 5])
def test_a_slip_of_python_is_tried_again_and_not_for_ever(monkeypatch, slips):
    asked, parse = [], ast.parse

    def slipping(source, **more):
        asked.append(source)
        if len(asked) <= slips:
            raise SystemError("AST constructor recursion depth mismatch (before=66, after=59)")
        return parse(source, **more)

    monkeypatch.setattr(ast, "parse", slipping)
    if slips < 5:
        assert isinstance(expression_of("1"), ast.Constant)
    else:
        with pytest.raises(SystemError):
            expression_of("1")
    assert len(asked) == min(slips + 1, 5)


def test_one_thread_parses_at_a_time(monkeypatch):
    inside, most, parse = [], [], ast.parse

    def slow(source, **more):
        inside.append(source)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return parse(source, **more)

    monkeypatch.setattr(ast, "parse", slow)
    threads = [threading.Thread(target=module_of, args=("a = 1",)) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [1] * 5
