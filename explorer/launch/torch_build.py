"""The build of PyTorch: the small one without CUDA where no NVIDIA driver is found."""

import ssl
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import which

from explorer.launch.children import Children
from explorer.launch.environment import Environment
from explorer.launch.errors import LaunchError
from explorer.launch.requirement import Requirement
from explorer.launch.system import LINUX

CPU_INDEX = "https://download.pytorch.org/whl/cpu"

_PATIENCE_SECONDS = 4.0
_DRIVER = Path("/proc/driver/nvidia/version")

Pip = Callable[[Path, Environment, list[str], Children, dict[str, str]], str | None]


def prefer_cpu(
    needs: Sequence[Requirement], environment: Environment, children: Children, pip: Pip
) -> bool:
    """Install the CPU build of PyTorch where it is the better one and can be had.

    The index for Linux brings 5 GB of CUDA libraries with PyTorch; for other systems it
    holds the CPU build already.

    Args:
        needs: The requirements; those on torch and torchvision count if they are pinned.
        environment: The environment to install into.
        children: Runs the processes.
        pip: Runs pip.

    Returns:
        True if it was installed.

    Raises:
        LaunchError: The disk is full.
    """
    pins = [str(need) for need in needs if need.name in {"torch", "torchvision"}]
    pinned = len(pins) == 2 and all("==" in pin for pin in pins)
    present = environment.installed("torch") and environment.installed("torchvision")
    if not pinned or present or not LINUX or has_nvidia():
        return False
    reason = "does not answer"
    if reachable(CPU_INDEX):
        print("explorer: no NVIDIA driver found, so PyTorch's CPU build comes first", flush=True)
        output = _install(pins, environment, children, pip)
        if output is None:
            return True
        if "No space left on device" in output:
            raise LaunchError("the disk is full: free about 3 GB, then start again")
        reason = "failed"
    print(
        f"explorer: PyTorch's CPU index {reason}: taking the larger build with CUDA instead "
        "(about 3 GB to load, 5 GB on disk)",
        flush=True,
    )
    return False


def has_nvidia() -> bool:
    """Tell whether this machine has an NVIDIA driver."""
    return which("nvidia-smi") is not None or _DRIVER.exists()


def reachable(address: str, seconds: float = _PATIENCE_SECONDS) -> bool:
    """Tell whether a web address answers soon.

    Args:
        address: The address.
        seconds: How long to wait in all, the look-up of the name included.

    Returns:
        True if there was an answer. A certificate that Python does not know is one: pip
        may know it.
    """
    answers: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(address + "/torch/", method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=seconds):
                answers.append(True)
        except urllib.error.URLError as error:
            answers.append(isinstance(error.reason, ssl.SSLError))
        except (OSError, ValueError):
            answers.append(False)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return any(answers)


def _install(pins: list[str], environment: Environment, children: Children, pip: Pip) -> str | None:
    """Install from the CPU index and from nowhere else; the dependencies come later."""
    words = ["--no-deps", "--index-url", CPU_INDEX, "--timeout", "5", "--retries", "0", *pins]
    # pip's own settings may name further places; these replace them and keep the others
    # (a proxy, a certificate).
    with tempfile.TemporaryDirectory() as empty:
        places = {"PIP_EXTRA_INDEX_URL": CPU_INDEX, "PIP_FIND_LINKS": empty, "PIP_NO_INDEX": "0"}
        return pip(Path(empty), environment, words, children, places)
