"""Which devices may be chosen, and what is said about the others."""

from core.errors import InputError
from core.runs.devices import devices


def check_choice(name: str) -> None:
    """Make sure that a run could be started on a device.

    Raises:
        InputError: It is not here, with the reason.
    """
    for one in devices():
        if one.name == name and not one.available:
            raise InputError(f"{one.why_not} Runs are trained on the CPU here.")
