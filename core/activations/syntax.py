"""From Python's syntax tree to our own: only what is on the list gets through."""

from __future__ import annotations

import ast

from core.activations.operations import ALLOWED, CONSTANTS, FUNCTIONS
from core.activations.reading import MAX_DEPTH, Cleaned, ExpressionError
from core.activations.tree import Node, folded, number
from core.syntax_trees import expression_of

MAX_NODES = 60
MAX_NUMBER = 1e6
MAX_EXPONENT = 8

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
_COMPARE: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def tree_of(typed: Cleaned) -> Node:
    """Read the cleaned text.

    Python's own parser makes a syntax tree, which is data and is never executed. Each of its
    nodes is compared with a list of what is allowed.

    Raises:
        ExpressionError: It is no expression, or it contains something that is not allowed.
    """
    try:
        body = expression_of(typed.text)
    except SyntaxError as error:
        column = error.offset - 1 if error.offset else len(typed.text)
        message = f"Something is missing or too much here. {ALLOWED}"
        raise ExpressionError(message, typed.place(column)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"This cannot be read as an expression. {ALLOWED}") from None
    return _Reader(typed).value(body, 1)


class _Reader:
    """Translates node by node and counts them."""

    def __init__(self, typed: Cleaned) -> None:
        self._typed = typed
        self._count = 0

    def _refused(self, node: ast.expr, message: str, after: bool = False) -> ExpressionError:
        """The error to raise: where the node begins, or just after it."""
        column = node.end_col_offset if after else node.col_offset
        return ExpressionError(message, self._typed.place(column))

    def value(self, node: ast.expr, depth: int) -> Node:
        """A part that has a number as its value."""
        self._count += 1
        if self._count > MAX_NODES:
            raise self._refused(
                node, f"The expression has more than {MAX_NODES} parts. Shorten it."
            )
        if depth > MAX_DEPTH:
            raise self._refused(node, f"The expression is nested more than {MAX_DEPTH} deep.")
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub()):
                return folded(Node("neg", (self.value(node.operand, depth + 1),)))
            case ast.UnaryOp(op=ast.UAdd()):
                return self.value(node.operand, depth + 1)
            case ast.BinOp():
                return self._binary(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.Compare():
                message = "A comparison belongs inside where(x < 0, a, b)."
                raise self._refused(node.left, message, after=True)
            case ast.Tuple():
                raise self._refused(node, "A comma belongs between the arguments of a function.")
        raise self._refused(node, f"This is not allowed here. {ALLOWED}")

    def _number(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refused(node, f"Only plain numbers are allowed. {ALLOWED}")
        if not abs(value) <= MAX_NUMBER:
            raise self._refused(node, f"Numbers may go up to {MAX_NUMBER:,.0f}.")
        return number(float(value))

    def _name(self, node: ast.Name) -> Node:
        if node.id == "x":
            return Node("x")
        if node.id in CONSTANTS:
            return number(CONSTANTS[node.id], f"torch.{node.id}")
        if node.id in FUNCTIONS:
            raise self._refused(node, f"{node.id} needs its argument: {FUNCTIONS[node.id].usage}.")
        raise self._refused(node, f"“{node.id[:20]}” is not known here. {ALLOWED}")

    def _binary(self, node: ast.BinOp, depth: int) -> Node:
        kind = _BINARY.get(type(node.op))
        if kind is None:
            raise self._refused(node.left, f"This operator is not allowed. {ALLOWED}", after=True)
        left, right = self.value(node.left, depth + 1), self.value(node.right, depth + 1)
        if kind == "**":
            if not right.constant:
                raise self._refused(
                    node.right, "The exponent must be a number; for powers of e write exp(x)."
                )
            if not abs(right.value) <= MAX_EXPONENT:
                raise self._refused(
                    node.right, f"The exponent may go from −{MAX_EXPONENT} to {MAX_EXPONENT}."
                )
        return folded(Node(kind, (left, right)))

    def _call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            message = "A sign is missing before the bracket: write *( for “times”."
            raise self._refused(node.func, message, after=True)
        name = node.func.id
        operation = FUNCTIONS[name]
        count = len(node.args)
        if node.keywords or not operation.least <= count <= operation.most:
            several = operation.most > operation.least
            most = f", with up to {operation.most} arguments" if several else ""
            raise self._refused(node, f"{name} is written {operation.usage}{most}.")
        if name == "where":
            first, rest = self._condition(node.args[0], depth + 1), node.args[1:]
        else:
            first, rest = self.value(node.args[0], depth + 1), node.args[1:]
        parts = (first, *(self.value(part, depth + 1) for part in rest))
        if name == "clip":
            self._check_limits(node, parts)
        return folded(Node(name, parts))

    def _condition(self, node: ast.expr, depth: int) -> Node:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            raise self._refused(node, "where begins with one comparison: where(x < 0, a, b).")
        kind = _COMPARE.get(type(node.ops[0]))
        if kind is None:
            raise self._refused(node, "Compare with < <= > or >=.")
        left = self.value(node.left, depth + 1)
        return Node(kind, (left, self.value(node.comparators[0], depth + 1)))

    def _check_limits(self, node: ast.Call, parts: tuple[Node, ...]) -> None:
        _, low, high = parts
        if not (low.constant and high.constant):
            raise self._refused(node.args[1], "The limits of clip are numbers: clip(x, −1, 1).")
        if not low.value <= high.value:
            raise self._refused(
                node.args[1], "The lower limit of clip comes first: clip(x, −1, 1)."
            )
