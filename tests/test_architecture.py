import ast
import json
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = {"core": 250, "explorer": 250, "pages": 120}
# The layers, each with what it may not import. Data flows down, imports point up.
FORBIDDEN = {
    "core": {"explorer", "pages", "streamlit", "plotly"},
    "explorer": {"pages", "tests"},
    "pages": {"pages", "tests"},
}
GLOBAL_SEEDS = {
    "random.seed",
    "np.random.seed",
    "numpy.random.seed",
    "torch.manual_seed",
    "torch.random.manual_seed",
    "torch.cuda.manual_seed",
    "torch.cuda.manual_seed_all",
}
UNSAFE_MODULES = {"pickle", "cPickle", "dill", "shelve", "joblib", "marshal", "cloudpickle"}
UNSAFE_CALLS = {"eval", "exec", "__import__"}


def sources(*layers):
    return sorted(path for layer in layers for path in (ROOT / layer).rglob("*.py"))


def named(path):
    return str(path.relative_to(ROOT))


EVERY = sources("core", "explorer", "pages")


@cache
def trees():
    """All modules, parsed once, by the one process that asks for them."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in EVERY}


def breaking(rule):
    """The files that break a rule, each with what it does: of 440 files one test is enough."""
    found = {named(path): rule(path, tree) for path, tree in trees().items()}
    return {name: wrong for name, wrong in found.items() if wrong}


def layer(path):
    return path.relative_to(ROOT).parts[0]


def imported(tree):
    """The dotted names of everything that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield "." * node.level + (node.module or "")
            else:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node):
    """``a.b.c`` for a chain of attributes, an empty text for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def test_there_is_something_to_check():
    assert {layer(path) for path in EVERY} == {"core", "explorer", "pages"}
    assert len(EVERY) > 30


def test_the_core_runs_without_a_browser_or_a_plot(fresh_python):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sources("core")
    ]
    code = (
        "import importlib, json, sys\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "for name in json.loads(sys.argv[1]): importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    loaded = set(json.loads(fresh_python.printed(code, json.dumps(modules), ROOT)))
    assert "core" in loaded
    assert "torch" in loaded
    assert loaded.isdisjoint({"streamlit", "plotly", "explorer", "pages"})


def test_imports_point_up_only():
    def upwards(path, tree):
        names = set(imported(tree))
        relative = {name for name in names if name.startswith(".")}  # they hide the layer
        return relative | {n for n in names if n.split(".")[0] in FORBIDDEN[layer(path)]}

    assert breaking(upwards) == {}


def test_only_one_module_names_the_session_state():
    naming = {named(path) for path in EVERY if "session_state" in path.read_text(encoding="utf-8")}
    assert naming == {"explorer/state.py"}


def test_no_seed_is_shared_by_all_visitors():
    def seeds(_path, tree):
        # Nor by a short name: `from torch import manual_seed`.
        return GLOBAL_SEEDS & {*(dotted(call.func) for call in calls(tree)), *imported(tree)}

    assert breaking(seeds) == {}


def unsafe(call):
    """Whether a call may run what a file or a stranger says."""
    name = dotted(call.func)
    if name == "torch.load":
        safe = [word.value for word in call.keywords if word.arg == "weights_only"]
        return [isinstance(one, ast.Constant) and one.value is True for one in safe] != [True]
    if name in {"np.load", "numpy.load"}:
        return "allow_pickle" in {word.arg for word in call.keywords}
    return name in UNSAFE_CALLS


def test_nothing_runs_what_a_stranger_wrote():
    def dangers(_path, tree):
        modules = UNSAFE_MODULES & {name.split(".")[0] for name in imported(tree)}
        return modules | {f"line {call.lineno}" for call in calls(tree) if unsafe(call)}

    assert breaking(dangers) == {}


def test_no_file_is_too_long():
    scripts = (ROOT / "explorer" / "static").glob("*.js")
    longest = {**{path: LONGEST[layer(path)] for path in EVERY}, **dict.fromkeys(scripts, 300)}
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in longest}
    assert {named(path): lines[path] for path in longest if lines[path] > longest[path]} == {}


def test_every_module_says_what_it_is_for():
    assert breaking(lambda _path, tree: not (ast.get_docstring(tree) or "").strip()) == {}
