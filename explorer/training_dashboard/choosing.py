"""Which devices may be chosen, and what is said about the others."""

from core.errors import InputError
from core.runs.devices import devices


def check_choice(name: str) -> None:
    """Make sure that a run could be started on a device.

    Raises:
        InputError: It is not here, with the reason.
    """
    here = {one.name: one for one in devices()}
    if name not in here:
        raise InputError(f"There is no {name} here. Runs are trained on the CPU here.")
    if not here[name].available:
        raise InputError(f"{here[name].why_not} Runs are trained on the CPU here.")
