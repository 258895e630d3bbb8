"""What was measured: times of gestures by name, and whatever went wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass
class Times:
    """The times of all learners of a process.

    Attributes:
        of: Milliseconds by the name of the gesture, in the order in which they were answered.
        counts: How often something happened that takes no time.
        problems: What went wrong, in sentences.
    """

    of: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def took(self, name: str, seconds: float) -> None:
        """Keep how long a gesture took."""
        self.of.setdefault(name, []).append(1000 * seconds)

    def count(self, name: str, by: float = 1) -> None:
        """Count something."""
        self.counts[name] = self.counts.get(name, 0) + by

    def plain(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {"of": self.of, "counts": self.counts, "problems": self.problems}


def summary(of: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    """Return the median, the 95th percentile, the worst and the count for each gesture, in ms."""
    return {
        name: {
            "p50_ms": round(median(values), 1),
            "p95_ms": round(percentile(values, 0.95), 1),
            "max_ms": round(max(values), 1),
            "count": len(values),
        }
        for name, values in sorted(of.items())
        if values
    }
