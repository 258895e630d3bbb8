"""Every lesson with its settings, its gestures and its messages, so that none is forgotten."""

import ast
import importlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from explorer.components.mount import packed
from explorer.lessons import LESSONS
from explorer.settings import rules

ROOT = Path(__file__).resolve().parents[2]
SLUGS = [lesson.slug for lesson in LESSONS if lesson.built]
EVENTS = ("event", "e", "one", "given")  # what code calls a gesture
MESSAGES = {
    "controls": ("head_message", "row_message", "picker_message"),
    "stage": ("stage_message",),
    "cards": ("board_message",),
}


@dataclass(frozen=True)
class Page:
    """A lesson, taken from its package by the names that all lessons have."""

    slug: str

    def part(self, name):
        return importlib.import_module(f"explorer.{self.slug}.{name}")

    @property
    def settings(self):
        return self.part("settings").Settings

    @property
    def fields(self):
        return list(rules(self.settings))

    def opened(self, parameters=None):
        name = "".join(word.capitalize() for word in self.slug.split("_"))
        return getattr(self.part("lesson"), name)(parameters or {})

    def opened_at(self, address):
        return self.opened(dict(parse_qsl(address, keep_blank_values=True, strict_parsing=True)))

    def actions(self, lesson):
        """The names of all gestures, those of the lesson's parts included."""
        found = dict(lesson._actions())
        for part in vars(lesson).values():
            if callable(getattr(part, "actions", None)):
                found |= part.actions()
        return list(found)

    def names(self):
        """What the code of the lesson looks for in a gesture."""
        found = set()
        for path in (ROOT / "explorer" / self.slug).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                found |= _asked(node)
        return sorted(found - {"type"})

    def drawn(self, lesson):
        """Make every message of the page, as the server would send it."""
        for module, names in MESSAGES.items():
            code = self.part(module)
            for make in (getattr(code, name) for name in names if hasattr(code, name)):
                more = ("token",) if len(inspect.signature(make).parameters) > 1 else ()
                made = make(lesson, *more)
                packed(*(made if isinstance(made, tuple) else (made,)))


def _asked(node):
    key = None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        key = node.slice if node.value.id in EVENTS else None
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        of = node.func.value
        named = isinstance(of, ast.Name) and of.id in EVENTS and node.func.attr == "get"
        key = node.args[0] if named else None
    return {key.value} if isinstance(key, ast.Constant) and isinstance(key.value, str) else set()


PAGES = [Page(slug) for slug in SLUGS]
