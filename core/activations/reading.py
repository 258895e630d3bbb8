"""What a learner typed, cleaned and looked at character by character before it is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from core.activations.operations import ALLOWED, CONSTANTS, FUNCTIONS
from core.errors import InputError

MAX_LENGTH = 200
MAX_DEPTH = 40

# What people type or paste instead of the signs that Python knows.
_SAME = {
    "−": "-",
    "–": "-",
    "·": "*",
    "×": "*",
    "÷": "/",
    "^": "**",
    "²": "**2",
    "³": "**3",
    "π": "pi",
    "≤": "<=",
    "≥": ">=",
    "\u00a0": " ",
    "\t": " ",
}
_KNOWN = frozenset(("x", *CONSTANTS, *FUNCTIONS))
_SIGNS = frozenset("+-*/()<>=, ")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class ExpressionError(InputError):
    """An expression that cannot be used: what is wrong, where, and what is allowed.

    Args:
        message: Sentences for the person who typed it.
        position: The column, from 0, in the text as typed, or None.

    Attributes:
        position: As above.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class Cleaned:
    """Text with nothing in it but plain signs, numbers and known names.

    Attributes:
        text: What Python's parser gets.
        origins: For each character of `text`, its column in what was typed.
        end: The column after the last character typed.
    """

    text: str
    origins: tuple[int, ...]
    end: int

    def place(self, column: int | None) -> int:
        """The column in what was typed of a column of `text`; the end, if there is none."""
        if column is None:
            return self.end
        return self.origins[column] if 0 <= column < len(self.origins) else self.end


def cleaned(text: str) -> Cleaned:
    """Replace − · × ^ and the like, and refuse whatever no expression contains.

    Args:
        text: What was typed.

    Raises:
        ExpressionError: Empty or too long; a character, a name or a number that is not
            allowed; brackets that do not match or are nested too deeply.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"This has {len(text):,} characters; {MAX_LENGTH} are the limit.", MAX_LENGTH
        )
    signs = [(replaced, at) for at, sign in enumerate(text) for replaced in _SAME.get(sign, sign)]
    body = "".join(sign for sign, _ in signs)
    left, right = len(body) - len(body.lstrip(" ")), len(body.rstrip(" "))
    if right <= left:
        raise ExpressionError(f"Type an expression in x, such as max(0.1*x, x). {ALLOWED}", 0)
    end = signs[right - 1][1] + 1
    result = Cleaned(body[left:right], tuple(at for _, at in signs[left:right]), end)
    _check_words(result)
    _check_brackets(result)
    return result


def _check_words(typed: Cleaned) -> None:
    """Walk over numbers, names and signs from left to right."""
    column, text = 0, typed.text
    while column < len(text):
        if found := _NUMBER.match(text, column):
            _check_after_number(typed, found)
        elif found := _WORD.match(text, column):
            if found.group() not in _KNOWN:
                raise ExpressionError(_unknown(found.group()), typed.place(column))
        else:
            _check_sign(text[column], typed.place(column))
        column = found.end() if found else column + 1


def _check_sign(sign: str, place: int) -> None:
    if sign == ".":
        raise ExpressionError(f"A point belongs inside a number, such as 0.5. {ALLOWED}", place)
    if sign not in _SIGNS:
        shown = f"The character “{sign}”" if sign.isprintable() else "An invisible character"
        raise ExpressionError(f"{shown} is not allowed here. {ALLOWED}", place)


def _check_after_number(typed: Cleaned, found: re.Match[str]) -> None:
    after = typed.text[found.end() : found.end() + 1]
    if after.isalpha() or after == "_":
        word = _WORD.match(typed.text, found.end())
        name = word.group() if word else after
        message = f"After {found.group()} a sign is missing: write {found.group()}*{name}."
        known = name in _KNOWN
        raise ExpressionError(message if known else _unknown(name), typed.place(found.end()))


def _unknown(word: str) -> str:
    near = get_close_matches(word.lower(), _KNOWN, n=1, cutoff=0.7)
    hint = f" Did you mean {near[0]}?" if near else ""
    short = word if len(word) <= 20 else word[:20] + "…"
    return f"“{short}” is not known here.{hint} {ALLOWED}"


def _check_brackets(typed: Cleaned) -> None:
    open_at: list[int] = []
    for column, sign in enumerate(typed.text):
        if sign == "(":
            open_at.append(column)
        elif sign == ")":
            if not open_at:
                raise ExpressionError("This bracket was never opened.", typed.place(column))
            open_at.pop()
        if len(open_at) > MAX_DEPTH:
            raise ExpressionError(
                f"Brackets may be nested {MAX_DEPTH} deep at most.", typed.place(column)
            )
    if open_at:
        raise ExpressionError("This bracket is never closed.", typed.place(open_at[-1]))
