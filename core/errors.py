"""The one exception that carries a sentence for the person at the screen."""

import errno

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class InputError(ValueError):
    """Input that cannot be used, with a sentence that says what is wrong and what to do.

    The text of the exception is shown as it stands, beside the input that caused it.

    Args:
        message: One or two plain sentences: what is wrong, where, and the remedy.
        row: The row of the user's table that caused it, counted from 1 as a
            spreadsheet counts (the header is row 1), or None.
    """

    def __init__(self, message: str, *, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


def of_the_disk(error: OSError) -> str:
    """Return what a person is told when something could not be written or started.

    Args:
        error: What the system said.
    """
    if error.errno in NO_ROOM:
        return "The disk is full. Delete some runs, sets or other files, then try again."
    reason = error.strerror or type(error).__name__
    return f"The machine refused ({reason}). What you had is still here; try again later."
