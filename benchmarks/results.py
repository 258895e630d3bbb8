"""Write `benchmarks/RESULTS.md` from what benchmarks have printed.

    python -m benchmarks.interaction --json > /tmp/interaction.txt
    python3 -m explorer test > /tmp/tests.txt
    python -m benchmarks.results /tmp/interaction.txt /tmp/tests.txt

A file is called like its benchmark. Sections without a new file stay as they are.
"""

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

REPORT = Path(__file__).with_name("RESULTS.md")
# Name of a section to its command and to what it says.
BENCHMARKS = {
    "interaction": (
        "python -m benchmarks.interaction --json",
        "How fast the explorer answers a hand, in a real browser; times in milliseconds.",
    ),
    "playground": (
        "python -m benchmarks.playground --json",
        "How fast the network builder plays: painted frames and epochs a second.",
    ),
    "training": (
        "EXPLORER_DATA_DIR=… python -m benchmarks.training --json",
        "The training engine beside the textbook's loop, a watched run beside a bare one.",
    ),
    "augmentation": (
        "python -m benchmarks.augmentation --json",
        "How fast sixteen pictures follow a slider; times in milliseconds.",
    ),
    "transfer": (
        "EXPLORER_DATA_DIR=… python -m benchmarks.transfer --json",
        "What backbones are worth (accuracy from 0 to 1, and its spread over seeds), how fast.",
    ),
    "classroom": (
        "python -m benchmarks.classroom --sessions 30 --seconds 600 --json",
        "Thirty learners on one server: times in milliseconds, memory in MB.",
    ),
    "tests": (
        "python3 -m explorer test",
        "The whole test command; seconds.",
    ),
}
LEFT_OUT = {"targets", "pass", "machine", "failed", "problems", "memory", "counts"}
LONGEST_TESTS_S = 900.0
_ALL = re.MULTILINE | re.DOTALL
HEAD = """# Results

Every figure with the command that makes it, the machine and the day. Targets are those of the
design; `met` is the benchmark's own verdict. Measure on a machine that does nothing else, then let
`python -m benchmarks.results FILE…` write the sections anew.
"""
EMPTY = "Not measured yet."


def main(arguments: Sequence[str] | None = None) -> None:
    """Put what the files say in its place in the report.

    Args:
        arguments: The command line without the program's name; None reads the real one.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results")
    parser.add_argument("files", type=Path, nargs="*", help="what benchmarks printed: NAME.txt")
    parser.add_argument("--out", type=Path, default=REPORT, help="the report")
    options = parser.parse_args(arguments)
    before = options.out.read_text(encoding="utf-8") if options.out.exists() else ""
    options.out.write_text(written(before, options.files), encoding="utf-8")


def written(before: str, files: Sequence[Path]) -> str:
    """Return the report with new sections for some benchmarks.

    Args:
        before: The report as it was.
        files: What benchmarks have printed, each file called like its benchmark.

    Raises:
        SystemExit: A file is called like no benchmark, or holds no figures.
    """
    found = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", before, _ALL))
    for file in files:
        if file.stem not in BENCHMARKS:
            raise SystemExit(f"{file.name}: call it like one of {', '.join(BENCHMARKS)}")
        found[file.stem] = f"\n{_intro(file.stem)}\n\n{_figures(file)}\n\n"
    usual = {name: f"\n{_intro(name)}\n\n{EMPTY}\n\n" for name in BENCHMARKS}
    sections = [f"## {name}\n{found.get(name, usual[name])}" for name in BENCHMARKS]
    return "\n".join([HEAD, "".join(sections).rstrip(), ""])


def _intro(name: str) -> str:
    command, sentence = BENCHMARKS[name]
    return f"{sentence}\n\n```\n{command}\n```"


def _figures(file: Path) -> str:
    """Return the day, the machine, and a table of one file."""
    text = file.read_text(encoding="utf-8")
    day = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    report = of_the_tests(text) if file.stem == "tests" else _last_object(text)
    if not report:
        raise SystemExit(f"{file.name}: its last line is no JSON object; was --json given?")
    machine = ", ".join(f"{name} {value}" for name, value in report.get("machine", {}).items())
    targets, met = report.get("targets", {}), report.get("pass", {})
    rows = ["| figure | value | target | met |", "|---|---|---|---|"]
    for name, value in flat(report):
        verdict = {True: "yes", False: "**no**"}.get(met.get(name), "")
        rows.append(f"| {name} | {_said(value)} | {_said(targets.get(name, ''))} | {verdict} |")
    return "\n".join([f"{day}{'; ' if machine else ''}{machine}", "", *rows])


def _last_object(text: str) -> dict[str, Any]:
    lines = text.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def of_the_tests(text: str) -> dict[str, Any]:
    """Read the summary of the test command: seconds of each check, and of all together."""
    rows = re.findall(r"^  (\S.*?) +(ok|failed|no tests) +([\d.]+) s$", text, re.MULTILINE)
    if not rows:
        return {}
    seconds = {name: float(spent) for name, _, spent in rows}
    whole = round(sum(seconds.values()), 1)
    passed = all(word == "ok" for _, word, _ in rows)
    return {
        **seconds,
        "all together": whole,
        "targets": {"all together": LONGEST_TESTS_S},
        "pass": {"all together": passed and whole < LONGEST_TESTS_S},
    }


def flat(report: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Go through the figures of a report; names within names are joined by a dot."""
    for name, value in report.items():
        if name in LEFT_OUT and not above:
            continue
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{name}.")
        elif not isinstance(value, list):
            yield f"{above}{name}", value


def _said(value: Any) -> str:
    if value is None:
        return "not measured"
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e5 else str(value)


if __name__ == "__main__":
    main()
