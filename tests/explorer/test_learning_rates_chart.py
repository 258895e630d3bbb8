"""The chart of all learning rates is drawn while another visitor's thread imports pandas."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Plotly takes a pandas that is half imported for a whole one.
BESIDE = """
import sys, threading
import numpy as np
from explorer.figures.learning_rates import learning_rates
from explorer.theme import palette

assert "pandas" not in sys.modules
thread = threading.Thread(target=__import__, args=("pandas",))
thread.start()
while "pandas" not in sys.modules:
    pass
assert not hasattr(sys.modules["pandas"], "Series")
figure = learning_rates(
    [0.1, 1.0], np.array([2.0, 3.0]), label="MSE", current=(0.1, 2.0), stable=0.5, least=1.0,
    colours=palette("light"),
)
print(list(figure.data[0].y))
thread.join()
"""


def test_a_chart_waits_for_pandas_that_is_half_imported():
    done = subprocess.run(
        [sys.executable, "-c", BESIDE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "2.0" in done.stdout
