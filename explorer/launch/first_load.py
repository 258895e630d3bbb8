"""Load what was installed, in as many processes as have a core each: Python compiles it then.

``python -m explorer.launch.first_load``
"""

import importlib
import os
import subprocess
import sys
import warnings
from contextlib import suppress

# Two parts that take about as long. What is not installed is passed over.
PARTS = (
    ("torch._dynamo", "torchvision", "torch.onnx"),
    (
        "streamlit",
        "streamlit.components.v2",
        "plotly.graph_objects",
        "uvicorn",
        "sklearn.datasets",
        "scipy.stats",
        "scipy.ndimage",
        "PIL.Image",
        "onnxruntime",
        "onnxscript",
        "hypothesis",
        "playwright.sync_api",
        "xdist.plugin",
    ),
)


def main(number: int = 0) -> None:
    """Load one part, and let another process load each of those behind it.

    Args:
        number: Which part it is.
    """
    following = None
    if number + 1 < len(PARTS):
        words = ["-m", "explorer.launch.first_load", str(number + 1)]
        following = subprocess.Popen([sys.executable, *words])
    warnings.simplefilter("ignore")
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # as `core.onnx_session` says
    for name in PARTS[number]:
        with suppress(Exception):
            importlib.import_module(name)
    if following:
        following.wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
