"""The one exception that carries a sentence for the person at the screen."""


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
