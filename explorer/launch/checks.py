"""All the checks of the project, one after the other, with one exit status."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from explorer.launch.children import Children
from explorer.launch.chromium import NO_CHROMIUM, ensure_chromium
from explorer.launch.environment import Environment, variables
from explorer.launch.slowest import slowest, table

_BROWSER = "tests/browser"
_TESTS_FAILED = 1
_NOTHING_COLLECTED = 5
_ALONE = ("--last-failed", "-n", "0")
# To say what the sides of an `assert` were, pytest rewrites every test, ten seconds on each core:
# that is done where a test has failed.
_PLAIN = ("--assert", "plain")
_FEW = ("--maxfail", "10")
# Tests take and give back large blocks of memory all the time. Where glibc asks for huge pages,
# Linux makes a tenth as many pages for them, which is a twentieth of all the work.
_HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}


@dataclass(frozen=True)
class Step:
    """One check.

    Attributes:
        name: Its name in the summary.
        command: What to run; nothing if it cannot run and has failed therefore.
        collects: It is a run of pytest, which may find no tests.
        again: What failed may pass when it is run once more, alone: a browser on a busy machine
            may be late once, but what is broken fails twice.
    """

    name: str
    command: tuple[str, ...]
    collects: bool = False
    again: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a check.

    Attributes:
        step: The check.
        status: The exit status, 0 for success.
        seconds: How long it took.
    """

    step: Step
    status: int
    seconds: float


def run_checks(
    root: Path, environment: Environment, extra: Sequence[str], children: Children
) -> int:
    """Run every check, whatever the others say.

    Args:
        root: The project.
        environment: The environment with the test requirements.
        extra: Further arguments for pytest.
        children: Runs the processes.

    Returns:
        0 if all succeeded, else 1.
    """
    chromium = ensure_chromium(environment, children)
    env = _HUGE_PAGES | variables()
    if chromium is None:
        print(f"explorer: {NO_CHROMIUM}", flush=True)
    else:
        env["EXPLORER_CHROMIUM"] = str(chromium)

    steps = plan(root, environment.python, extra, has_chromium=chromium is not None)
    with tempfile.TemporaryDirectory() as reports:

        def run(step: Step) -> int:
            return _carry_out(
                step, Path(reports), lambda words: children.run(words, cwd=root, env=env)
            )

        outcomes = [_timed(step, run) for step in steps]
        longest = [table(step.name, slowest(Path(reports).glob(f"{step.name}*"))) for step in steps]
    print("".join(longest) + summary(outcomes), flush=True)
    return verdict(outcomes, selected=bool(extra))


def plan(root: Path, python: str, extra: Sequence[str], *, has_chromium: bool) -> list[Step]:
    """List the checks in their order.

    Args:
        root: The project.
        python: The Python with the test requirements.
        extra: Further arguments for pytest.
        has_chromium: Whether the browser tests can run.

    Returns:
        The checks.
    """
    steps = [
        Step("lint", (python, "-m", "ruff", "check", ".")),
        Step("format", (python, "-m", "ruff", "format", "--check", ".")),
    ]
    scripts = sorted((root / "tests" / "static").rglob("*.test.*js"))
    if scripts:
        # Newer Nodes take files, no folder.
        names = [str(path.relative_to(root)) for path in scripts]
        node = find_node(python)
        words = ("--test", f"--test-concurrency={os.cpu_count() or 1}")  # else it leaves one out
        steps.append(Step("JavaScript tests", (node, *words, *names) if node else ()))
    pytest = (python, "-m", "pytest")
    # What was asked for may lie anywhere; else the other files need not be read for nothing.
    others, asked = (extra, extra) if extra else (("--ignore", _BROWSER), (_BROWSER,))
    unit = (*pytest, "-m", "not browser", *_side_by_side(), *others)
    steps.append(Step("unit and page tests", unit, collects=True))
    browser = (*pytest, "-m", "browser", *_side_by_side(), *asked) if has_chromium else ()
    steps.append(Step("browser tests", browser, collects=True, again=True))
    return steps


def _side_by_side() -> tuple[str, ...]:
    """Return what lets pytest run files beside each other, on at most four cores.

    The longest files come first (`tests/conftest.py` sorts them), not those with most tests.
    """
    cores = min(4, os.cpu_count() or 1)
    return ("-n", str(cores), "--dist", "loadfile", "--no-loadscope-reorder") if cores > 1 else ()


def _report(step: Step, folder: Path, note: str) -> tuple[str, ...]:
    """Return what lets pytest write down how long each test took."""
    return ("--junitxml", str(folder / f"{step.name}{note}.xml"))


def verdict(outcomes: Sequence[Outcome], *, selected: bool) -> int:
    """Make one exit status of many.

    Args:
        outcomes: What came of the checks.
        selected: Whether arguments for pytest were given. They may select tests of one kind
            alone; finding none is then a failure only if no kind has any.

    Returns:
        0 or 1.
    """
    failed = [outcome for outcome in outcomes if outcome.status != 0]
    tests = [outcome for outcome in outcomes if outcome.step.collects]
    if selected and any(outcome.status != _NOTHING_COLLECTED for outcome in tests):
        failed = [outcome for outcome in failed if not _empty(outcome)]
    return 1 if failed else 0


def summary(outcomes: Sequence[Outcome]) -> str:
    """Write the table at the end.

    Args:
        outcomes: What came of the checks.

    Returns:
        Lines with name, result and seconds.
    """
    rows = ["\n=== summary ==="]
    for outcome in outcomes:
        word = "ok" if outcome.status == 0 else "no tests" if _empty(outcome) else "failed"
        rows.append(f"  {outcome.step.name:<20} {word:<9} {outcome.seconds:6.1f} s")
    return "\n".join(rows)


def find_node(python: str) -> str | None:
    """Find a Node, that of Playwright first.

    Args:
        python: The Python with the test requirements.

    Returns:
        The path of its program, or None.
    """
    code = "import playwright, os; print(os.path.dirname(playwright.__file__))"
    answer = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        for name in ("node", "node.exe"):
            path = Path(answer.stdout.strip()) / "driver" / name
            if path.is_file():
                return str(path)
    return which("node")


def _carry_out(step: Step, reports: Path, run: Callable[[Sequence[str]], int]) -> int:
    """Run a check, and what failed of its tests once more, with words; returns its status."""
    print(f"\n=== {step.name} ===", flush=True)
    if not step.command:
        return 1
    if not step.collects:
        return run(step.command)
    status = run((*step.command, *_PLAIN, *_report(step, reports, "")))
    if status == _TESTS_FAILED:
        print("\n=== once more what did not pass ===", flush=True)
        few = () if step.again else _FEW
        second = run((*step.command, *_ALONE, *few, *_report(step, reports, " again")))
        return second if step.again else status
    return status


def _empty(outcome: Outcome) -> bool:
    """Tell whether pytest found no tests."""
    return outcome.step.collects and outcome.status == _NOTHING_COLLECTED


def _timed(step: Step, run: Callable[[Step], int]) -> Outcome:
    """Run a check and take its time."""
    started = time.monotonic()
    status = run(step)
    return Outcome(step, status, time.monotonic() - started)
