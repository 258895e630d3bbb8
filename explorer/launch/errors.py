"""The launcher's errors: one line each, with the remedy."""


class LaunchError(Exception):
    """Something that the person who started the explorer can put right.

    Attributes:
        status: The exit status that goes with it.
    """

    def __init__(self, line: str, status: int = 1) -> None:
        super().__init__(line)
        self.status = status
