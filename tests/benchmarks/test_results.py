"""The report of the benchmarks: what was printed comes into its section, the others stay."""

import json

import pytest

from benchmarks.results import BENCHMARKS, EMPTY, HEAD, REPORT, main

SAID = {
    "drag_p50_ms": 31.25,
    "start_s": 5,
    "gestures": {"drag": {"p95_ms": 40.0}},
    "problems": ["none"],
    "targets": {"drag_p50_ms": 40.0, "start_s": 4.0},
    "pass": {"drag_p50_ms": True, "start_s": False},
    "machine": {"cpus": 2, "python": "3.11.9"},
}
TESTS = """..... [100%]

=== summary ===
  lint                 ok           1.0 s
  unit and page tests  ok         400.5 s
  browser tests        ok         300.0 s
"""


@pytest.fixture
def report(tmp_path):
    """Writes the report from files with these contents; returns its text."""

    def made(**contents):
        files = []
        for name, text in contents.items():
            files.append(tmp_path / f"{name}.txt")
            files[-1].write_text(text, encoding="utf-8")
        main([*map(str, files), "--out", str(tmp_path / "RESULTS.md")])
        return (tmp_path / "RESULTS.md").read_text(encoding="utf-8")

    return made


def section(text, name):
    return text.partition(f"## {name}\n")[2].partition("\n## ")[0]


def test_every_figure_stands_beside_its_target_and_the_verdict(report):
    found = section(report(interaction=f"a table\n{json.dumps(SAID)}\n"), "interaction")
    assert "| drag_p50_ms | 31.25 | 40 | yes |" in found
    assert "| start_s | 5 | 4 | **no** |" in found
    assert "| gestures.drag.p95_ms | 40 |  |  |" in found
    assert "cpus 2, python 3.11.9" in found
    assert BENCHMARKS["interaction"][0] in found
    assert "problems" not in found


def test_other_sections_stay_and_a_new_measurement_takes_the_place_of_the_old(report):
    first = report(interaction=json.dumps(SAID))
    second = report(tests=TESTS)
    assert section(first, "interaction") == section(second, "interaction")
    assert "| all together | 701.5 | 900 | yes |" in section(second, "tests")
    third = report(tests=TESTS.replace("300.0", "600.0"))
    assert "| all together | 1001.5 | 900 | **no** |" in section(third, "tests")
    assert "| all together | 406.5 | 900 | **no** |" in section(
        report(tests=TESTS.replace("ok         300.0", "failed       5.0")), "tests"
    )
    assert third.count("## ") == len(BENCHMARKS)
    assert third.startswith(HEAD)
    assert section(third, "playground").strip().endswith(EMPTY)
    assert report() == report()


@pytest.mark.parametrize("contents", [{"nothing": "{}"}, {"training": "a table"}, {"tests": "x"}])
def test_what_holds_no_figures_is_refused(report, contents):
    with pytest.raises(SystemExit, match=next(iter(contents))):
        report(**contents)


def test_the_report_that_is_here_has_every_benchmark():
    text = REPORT.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    for name, (command, _) in BENCHMARKS.items():
        assert command in section(text, name)
