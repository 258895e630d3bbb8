"""Work in the background steps back: whoever drags something is served first."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

STEPS = 5  # of the 19 by which a process may step back; it then has a third of the weight
GROUP = Path("/proc/self/autogroup")  # Linux may weigh whole sessions of processes instead


def step_back() -> None:
    """Let this process have what others leave of the processor; on Windows nothing changes.

    On an idle machine that is everything. Where thirty people use the same two cores, a run takes
    longer and pages stay quick.
    """
    if not hasattr(os, "nice"):
        return
    with contextlib.suppress(OSError):
        os.nice(STEPS)
    if os.getsid(0) == os.getpid():  # else the group is that of the server, too
        with contextlib.suppress(OSError):
            GROUP.write_text(str(STEPS))
