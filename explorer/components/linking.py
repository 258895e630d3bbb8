"""All modules and style sheets of the browser as one module, which a browser fetches at once.

A page needs fifty of them, each named by the one before; a class that opens pages would ask for
thousands. The files stay as they are, and each is still a module with a scope of its own: here it
is a function that is called when another module or a page needs what it exports. Only the forms
that our files have are known, and anything else is refused.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?:default (function) |((?:async )?function\*? |const |class )(\w+))", re.MULTILINE
)
_LEFT = re.compile(r"^(?:import|export)\b.*|\bimport\(.*", re.MULTILINE)

_WHOLE = """\
// Made of the files beside it (linking.py).
const $sheets = %s;
const $makers = {
%s
};
const $made = new Map();
const $need = (name) => {
  if (!$made.has(name)) $made.set(name, $makers[name]());
  return $made.get(name);
};
const $ready = $need("mount").then((mount) => mount.bringSheets($sheets));
/** What a module exports; it is carried out once, when it is first needed. */
export const open = async (name) => {
  await $ready;
  return $need(name);
};
"""


def linked(files: Iterable[Path]) -> str:
    """Return the source of one module that holds all of them.

    Args:
        files: JavaScript modules, which import only each other and only by name, and style sheets.

    Returns:
        A module whose `open(name)` promises what the module of that name exports.

    Raises:
        ValueError: A module has a form that is not known here.
    """
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(files)}
    sheets = {name: text for name, text in texts.items() if name.endswith(".css")}
    makers = [
        f'"{name[:-3]}": async () => {{\n{_body(name, text)}\n}},'
        for name, text in texts.items()
        if name.endswith(".js")
    ]
    return _WHOLE % (json.dumps(sheets), "\n".join(makers))


def _body(name: str, source: str) -> str:
    """Return a module as the body of a function that returns what it exports."""
    exports = []

    def imported(found: re.Match[str]) -> str:
        names = re.sub(r"\s+as\s+", ": ", found[1])
        return f'const {{{names}}} = await $need("{found[2]}");'

    def exported(found: re.Match[str]) -> str:
        if found[1]:
            exports.append("default: $entry")
            return "const $entry = function "
        exports.append(found[3])
        return found[2] + found[3]

    body = _EXPORT.sub(exported, _IMPORT.sub(imported, source))
    if left := _LEFT.search(body):
        raise ValueError(f"{name} cannot be linked: {left[0][:80]}")
    return f"{body}return {{ {', '.join(exports)} }};"
