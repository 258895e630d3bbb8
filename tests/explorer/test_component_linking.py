"""All modules of the browser as one: nothing is missing, nothing is understood wrongly."""

import graphlib
import re

import pytest

from explorer.components.files import STATIC
from explorer.components.linking import linked

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js"', re.MULTILINE)
EXPORT = re.compile(r"^export (?:async )?(?:const|class|function\*?) (\w+)", re.MULTILINE)
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}


def written(folder, **sources):
    for name, text in sources.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return linked(folder.iterdir())


def test_a_module_becomes_a_function_that_returns_what_it_exports(tmp_path):
    source = (
        'import { a as b, c } from "./other.js";\n\n'
        "export const one = 1;\nexport async function* two() {}\nexport class Three {}\n"
        "export default function (args) {\n  return b(args);\n}\n"
    )
    whole = written(tmp_path, mine=source, other="export function a() {}\nexport const c = 2;\n")
    mine = whole[whole.index('"mine": async') : whole.index('"other": async')]
    assert mine == (
        '"mine": async () => {\nconst { a: b, c } = await $need("other");\n\n'
        "const one = 1;\nasync function* two() {}\nclass Three {}\n"
        "const $entry = function (args) {\n  return b(args);\n}\n"
        "return { one, two, Three, default: $entry };\n},\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./other.js";',
        'import * as all from "./other.js";',
        'import { a } from "../other.js";',
        'import "./other.js";',
        "export { a };",
        "export let a = 1;",
        "export const { a } = b;",
        "export default 5;",
        'const later = await import("./other.js");',
    ],
)
def test_a_form_that_is_not_known_is_refused(tmp_path, line):
    with pytest.raises(ValueError, match=r"mine\.js cannot be linked"):
        written(tmp_path, mine=line + "\n")


def test_every_module_and_style_sheet_is_in_it():
    whole = linked(STATIC.iterdir())
    for name in MODULES:
        assert whole.count(f'\n"{name}": async () => {{\n') == 1
    for path in STATIC.glob("*.css"):
        assert f'"{path.name}": ' in whole


@pytest.mark.parametrize("name", MODULES)
def test_what_is_imported_is_exported(name):
    for names, neighbour in IMPORT.findall(MODULES[name]):
        wanted = {one.split(" as ")[0].strip() for one in names.split(",") if one.strip()}
        assert wanted <= set(EXPORT.findall(MODULES[neighbour])), neighbour
    assert "$" not in re.sub(r"\$\{|\$[/\"'`)|]", "", MODULES[name]), (
        "names with $ are the linker's"
    )


def test_no_module_waits_for_itself():
    graph = {name: {one for _, one in IMPORT.findall(text)} for name, text in MODULES.items()}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) == len(MODULES)
