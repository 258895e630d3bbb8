"""The runner of all checks, and the search for a Chromium and a Node."""

import os
import sys

import pytest

from explorer.launch import chromium
from explorer.launch.checks import Outcome, Step, find_node, plan, run_checks, summary, verdict
from explorer.launch.chromium import ensure_chromium, find_chromium
from explorer.launch.environment import Environment
from explorer.launch.errors import LaunchError
from explorer.launch.slowest import slowest, table

posix = pytest.mark.skipif(os.name == "nt", reason="the stubs are shell scripts")


def outcomes(lint=0, unit=0, browser=0):
    return [
        Outcome(Step("lint", ("x",)), lint, 1.0),
        Outcome(Step("unit and page tests", ("x",), collects=True), unit, 2.0),
        Outcome(Step("browser tests", ("x",), collects=True), browser, 3.0),
    ]


@pytest.mark.parametrize(
    ("found", "selected", "status"),
    [
        (outcomes(), False, 0),
        (outcomes(lint=1), False, 1),
        (outcomes(unit=1), False, 1),
        (outcomes(browser=-9), False, 1),
        (outcomes(browser=5), False, 1),
        (outcomes(unit=5), False, 1),
        (outcomes(browser=5), True, 0),
        (outcomes(unit=5), True, 0),
        (outcomes(unit=5, browser=5), True, 1),
        (outcomes(unit=1, browser=5), True, 1),
        (outcomes(lint=5, browser=5), True, 1),
    ],
)
def test_one_status_of_many(found, selected, status):
    assert verdict(found, selected=selected) == status


def test_the_summary_names_every_check_with_its_seconds():
    lines = summary(outcomes(lint=2, browser=5)).splitlines()[-3:]
    assert [line.split() for line in lines] == [
        ["lint", "failed", "1.0", "s"],
        ["unit", "and", "page", "tests", "ok", "2.0", "s"],
        ["browser", "tests", "no", "tests", "3.0", "s"],
    ]


def stub(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@posix
@pytest.mark.parametrize(("failing", "status"), [("none", 0), ("ruff", 1), ("pytest", 1)])
def test_every_check_runs_whatever_the_others_say(
    tmp_path, children, capfd, monkeypatch, failing, status
):
    monkeypatch.setenv("EXPLORER_CHROMIUM", stub(tmp_path / "chrome", "exit 0"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # Not for the tests; each would compile all.
    python = stub(
        tmp_path / "python",
        'echo "ran $2 $3 $4 with $EXPLORER_CHROMIUM$PYTHONDONTWRITEBYTECODE;"\n'
        f'[ "$2" != {failing} ]',
    )
    environment = Environment(python, "3.12")
    assert run_checks(tmp_path, environment, [], children) == status
    text = capfd.readouterr().out
    ran = [line.partition(" with ")[0] for line in text.splitlines() if line.startswith("ran")]
    assert ran == [
        "ran ruff check .",
        "ran ruff format --check",
        # What failed, once more.
        *["ran pytest -m not browser"] * (1 + (failing == "pytest")),
        *["ran pytest -m browser"] * (1 + (failing == "pytest")),
    ]
    assert f"with {tmp_path / 'chrome'};" in text
    assert text.count("failed") == {"none": 0, "ruff": 2, "pytest": 2}[failing]


@posix
@pytest.mark.parametrize(("kind", "status"), [("not browser", 1), ("browser", 0)])
def test_only_what_a_browser_does_may_be_late_once(
    tmp_path, children, capfd, monkeypatch, kind, status
):
    """It fails at first and passes when it is run again, which tells what was compared."""
    monkeypatch.setenv("EXPLORER_CHROMIUM", stub(tmp_path / "chrome", "exit 0"))
    python = stub(
        tmp_path / "python",
        f'case "$*" in *--last-failed*) case "$*" in *plain*) exit 1;; esac;;\n'
        f'*"pytest -m {kind} "*"--assert plain"*) exit 1;; esac',
    )
    assert run_checks(tmp_path, Environment(python, "3.12"), [], children) == status
    assert capfd.readouterr().out.count("once more what did not pass") == 1


REPORT = """<testsuites><testsuite>
<testcase classname="tests.core.test_a" name="test_one[x]" time="{}"/>
<testcase classname="tests.core.test_a" name="test_two" time="0.5"/>
</testsuite></testsuites>"""


@posix
def test_the_slowest_tests_are_named_at_the_end(tmp_path, children, capfd, monkeypatch):
    """The stub writes a report as pytest does; a browser test that runs twice counts once."""
    monkeypatch.setenv("EXPLORER_CHROMIUM", stub(tmp_path / "chrome", "exit 0"))
    reports = {"*/unit*.xml": (2.5, 0), "*again.xml": (7, 0), "*.xml": (61.25, 1)}
    cases = [
        f"{pattern}) echo '{REPORT.format(seconds)}' > \"$word\"; exit {status};;"
        for pattern, (seconds, status) in reports.items()
    ]
    write = "\n".join(['for word in "$@"; do case "$word" in', *cases, "esac; done"])
    python = stub(tmp_path / "python", write)
    assert run_checks(tmp_path, Environment(python, "3.12"), [], children) == 0
    text = capfd.readouterr().out.partition("=== slowest of the unit and page tests ===")[2]
    rows = [line.split() for line in text.splitlines() if "::" in line]
    assert rows == [
        ["2.5", "s", "test_a::test_one[x]"],
        ["0.5", "s", "test_a::test_two"],
        ["61.2", "s", "test_a::test_one[x]"],
        ["0.5", "s", "test_a::test_two"],
    ]
    assert text.index("slowest of the browser tests") < text.index("=== summary ===")


def test_ten_of_many_are_named_and_a_damaged_report_names_none(tmp_path):
    cases = "".join(f'<testcase classname="t" name="n{at}" time="{at}"/>' for at in range(30))
    (tmp_path / "whole.xml").write_text(f"<testsuites>{cases}</testsuites>", encoding="utf-8")
    (tmp_path / "cut.xml").write_text(f"<testsuites>{cases}", encoding="utf-8")
    found = slowest([*tmp_path.iterdir(), tmp_path / "missing.xml"])
    assert found == [(float(at), f"t::n{at}") for at in range(29, 19, -1)]
    assert table("tests", []) == ""


@posix
def test_without_chromium_the_rest_runs_and_the_whole_fails(tmp_path, children, capfd, monkeypatch):
    monkeypatch.setattr("explorer.launch.checks.ensure_chromium", lambda *_: None)
    python = stub(tmp_path / "python", 'echo "ran $2 $4"')
    assert run_checks(tmp_path, Environment(python, "3.12"), [], children) == 1
    text = capfd.readouterr().out
    assert "no Chromium to be had for the browser tests: install" in text
    assert "ran pytest not browser" in text
    assert "ran pytest browser" not in text


def test_javascript_is_tested_where_there_are_tests(tmp_path):
    names = [step.name for step in plan(tmp_path, sys.executable, [], has_chromium=True)]
    assert "JavaScript tests" not in names
    for name in ("b.test.js", "a.test.mjs", "helper.js"):
        (tmp_path / "tests" / "static").mkdir(parents=True, exist_ok=True)
        (tmp_path / "tests" / "static" / name).touch()
    steps = plan(tmp_path, sys.executable, ["-x"], has_chromium=True)
    script = next(step for step in steps if step.name == "JavaScript tests")
    files = [os.path.join("tests", "static", name) for name in ("a.test.mjs", "b.test.js")]
    assert [one for one in script.command[1:] if "concurrency" not in one] == ["--test", *files]
    assert steps[-1].command[3:5] == ("-m", "browser")
    assert steps[-1].command[-1] == "-x"  # And not beside it the folder of all browser tests.
    assert plan(tmp_path, sys.executable, [], has_chromium=True)[-1].command[-1] == "tests/browser"


def test_playwright_brings_a_node():
    pytest.importorskip("playwright")
    assert "driver" in str(find_node(sys.executable))


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A machine without any browser."""
    monkeypatch.delenv("EXPLORER_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "cache"))
    monkeypatch.setattr(chromium, "MACOS", False)
    (tmp_path / "programs").mkdir()
    return tmp_path


@posix
def test_where_a_chromium_is_looked_for(bare, monkeypatch):
    assert find_chromium() is None
    stub(bare / "cache" / "chromium-1200" / "chrome-linux64" / "chrome", "exit 0")
    assert "chromium-1200" in str(find_chromium())
    stub(bare / "programs" / "chromium-browser", "exit 1")  # A placeholder.
    assert "chromium-1200" in str(find_chromium())
    stub(bare / "programs" / "google-chrome", "exit 0")
    assert find_chromium() == bare / "programs" / "google-chrome"
    monkeypatch.setenv("EXPLORER_CHROMIUM", stub(bare / "mine", "exit 0"))
    assert find_chromium() == bare / "mine"


@posix
def test_a_named_chromium_that_does_not_start_is_an_error(bare, monkeypatch):
    monkeypatch.setenv("EXPLORER_CHROMIUM", str(bare / "nothing"))
    with pytest.raises(LaunchError, match="correct or unset it"):
        find_chromium()


@posix
def test_tests_run_in_the_lightest_chromium_that_is_there(bare, children, monkeypatch):
    environment = Environment(stub(bare / "python", "exit 1"), "3.12")
    stub(bare / "programs" / "chromium", "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)  # apt-get is not for everybody.
    assert ensure_chromium(environment, children) == bare / "programs" / "chromium"
    stub(bare / "cache" / "chromium_headless_shell-1" / "chrome-linux" / "headless_shell", "exit 0")
    assert ensure_chromium(environment, children).name == "headless_shell"
    stub(bare / "programs" / "chromium-headless-shell", "exit 0")
    assert ensure_chromium(environment, children).name == "chromium-headless-shell"
    assert find_chromium() == bare / "programs" / "chromium"  # What is measured, people have.
    monkeypatch.setenv("EXPLORER_CHROMIUM", stub(bare / "mine", "exit 0"))
    assert ensure_chromium(environment, children) == bare / "mine"


@posix
@pytest.mark.parametrize("has", ["chromium-headless-shell", "chromium", "nothing"])
def test_debian_gives_one_of_its_packages(bare, children, monkeypatch, has):
    """The stub of apt-get has one package, and puts its program where programs are."""
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    model, log = stub(bare / "model", "exit 0"), bare / "asked"
    stub(
        bare / "programs" / "apt-get",
        f'for last; do :; done; echo "$last" >> {log}\n'
        f'[ "$last" != {has} ] || /bin/cp {model} {bare / "programs"}/{has}',
    )
    found = ensure_chromium(Environment(stub(bare / "python", "exit 1"), "3.12"), children)
    assert found == (None if has == "nothing" else bare / "programs" / has)
    asked = ["update", "chromium-headless-shell", "update", "chromium"]
    assert log.read_text().split() == (asked[:2] if has == "chromium-headless-shell" else asked)


@posix
@pytest.mark.parametrize("succeeds", [True, False])
def test_playwright_is_asked_for_a_chromium(bare, children, succeeds):
    chrome = bare / "cache" / "chromium-1" / "chrome-linux" / "chrome"
    model = stub(bare / "model", "exit 0")
    fetch = f'/bin/mkdir -p "{chrome.parent}" && /bin/cp "{model}" "{chrome}"'
    python = stub(bare / "python", fetch if succeeds else "echo ENOTFOUND >&2; exit 1")
    found = ensure_chromium(Environment(python, "3.12"), children)
    assert found == (chrome if succeeds else None)
