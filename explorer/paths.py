"""The steps of a run in the address: stretches of equal learning rate."""

from dataclasses import dataclass

Path = tuple[tuple[float, int], ...]
EXAMPLE = "it is a list such as 0.15x12;0.3x5"


@dataclass(frozen=True)
class PathRule:
    """The steps taken, as runs of equal learning rate: ``0.15x12;0.3x5``.

    Attributes:
        label: Its name on the screen.
        rates: The smallest and the largest learning rate.
        most: How many steps a path may have.
    """

    label: str
    rates: tuple[float, float]
    most: int

    def parse(self, text: str) -> Path:
        """Return the runs, at most as many steps as a path may have."""
        try:
            pairs = [part.split("x") for part in text.split(";") if part]
            runs = [(float(rate), int(count)) for rate, count in pairs]
        except ValueError as error:
            raise ValueError(EXAMPLE) from error
        low, high = self.rates
        if any(not low <= rate <= high or count < 1 for rate, count in runs):
            raise ValueError(EXAMPLE)
        if sum(count for _, count in runs) > self.most:
            raise ValueError(f"a path has at most {self.most} steps")
        return tuple(runs)

    def write(self, value: Path) -> str:
        """Return the runs with semicolons between them."""
        return ";".join(f"{rate!r}x{count}" for rate, count in value)
