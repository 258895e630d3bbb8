"""The types of all that is no test: mypy checks them, beside other tests on the other core."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TYPED = ("core", "explorer", "pages", "benchmarks")


def test_mypy_has_nothing_to_say():
    command = [sys.executable, "-m", "mypy", *TYPED]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
