"""The entry: what it imports, what an old Python is told, the command line."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.__main__ import complaint
from explorer.launch.arguments import parse
from explorer.launch.errors import LaunchError

ROOT = Path(__file__).resolve().parents[2]


def test_the_launcher_imports_the_standard_library_only():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules)\n"
        "import explorer.__main__, explorer.launch\n"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    command = [sys.executable, "-I", "-S", "-B", "-c", code, str(ROOT)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(answer.stdout.split()) - {"explorer"} <= set(sys.stdlib_module_names)


def test_an_old_python_can_parse_the_entry():
    source = (ROOT / "explorer" / "__main__.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 4))
    kinds = {type(node) for node in ast.walk(tree)}
    assert not kinds & {ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Match}
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert [node.module for node in imported] == ["explorer.launch"]


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (2, 7)])
def test_an_old_python_is_told_the_remedy_in_one_line(version):
    line = complaint(version)
    assert "install a newer Python" in line
    assert ".".join(map(str, version)) in line
    assert "\n" not in line


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_a_newer_python_is_taken(version):
    assert complaint(version) == ""


def test_the_defaults():
    options = parse([])
    assert (options.host, options.port, options.browser) == ("127.0.0.1", 8501, True)
    assert options.data_dir is None
    assert not options.test


def test_folders_become_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    options = parse(["--data-dir", "data", "--runs-dir", "later"])
    assert options.data_dir == tmp_path / "data"
    assert options.runs_dir == tmp_path / "later"


def test_what_follows_test_goes_to_pytest():
    options = parse(["test", "-k", "ports", "--port", "x", "-x"])
    assert options.test
    assert options.pytest_arguments == ("-k", "ports", "--port", "x", "-x")
    assert parse(["test", "--", "--help"]).pytest_arguments == ("--help",)


@pytest.mark.parametrize("words", [["--current-env", "test"], ["test", "--current-env"]])
def test_the_current_environment_can_be_chosen_for_the_tests(words):
    assert parse(words).current_env
    assert parse(words).pytest_arguments == ()


@pytest.mark.parametrize(
    "words",
    [["--port", "x"], ["--port", "70000"], ["--colour"], ["--data-dir", "nowhere"], ["tests"]],
)
def test_a_wrong_command_line_is_one_line_and_status_2(words):
    with pytest.raises(LaunchError) as caught:
        parse(words)
    assert caught.value.status == 2
    assert "\n" not in str(caught.value)


def test_help_is_short_and_names_every_flag(project):
    status, text = project.run("--help")
    assert status == 0
    for flag in ("--host", "--port", "--no-browser", "--data-dir", "--runs-dir", "--current-env"):
        assert flag in text
    assert len(text.splitlines()) < 25


def test_errors_start_with_the_name(project):
    status, text = project.run("--port", "x")
    assert status == 2
    assert text.startswith("explorer: ")
    assert len(text.splitlines()) == 1
