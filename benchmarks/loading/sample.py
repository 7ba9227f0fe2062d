"""What was measured: how long things took, and what went wrong."""

import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Sample:
    """Seconds by kind, and faults by what they are."""

    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    faults: Counter[str] = field(default_factory=Counter[str])
    made: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Crews that were made: number and objective."""
    late: float = 0.0
    """Seconds by which the one who asks was behind at worst: more than a few, and it measured itself."""

    def note(self, kind: str, seconds: float) -> None:
        """Note that something was done."""
        self.seconds.setdefault(kind, []).append(seconds)

    def print(self) -> None:
        """Print it, for the process that reads it."""
        json.dump([self.seconds, self.faults, self.made, self.late], sys.stdout)

    @classmethod
    def read(cls, text: str) -> "Sample":
        """Return what another process printed."""
        seconds, faults, made, late = json.loads(text)
        return cls(seconds, Counter(faults), [(number, words) for number, words in made], late)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values is; NaN for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan
