"""One measurement: its name, figure, unit and target. Benchmarks note them; ``python -m benchmarks`` collects them."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NOTED_IN = "CREWGEN_BENCH_NOTES"
"""Variable that names the file for notes; where it is not set, a benchmark runs alone and nothing is kept."""


@dataclass(frozen=True)
class Measured:
    """A figure that was measured."""

    name: str
    figure: float
    unit: str
    """"ms", "s", "times", "%", "MB" …"""
    target: float | None = None
    """What the figure is held to; None for one that is only told."""
    at_least: bool = False
    """True where more is better."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.figure >= self.target if self.at_least else self.figure <= self.target


def note(name: str, figure: float, unit: str, target: float | None = None, *, at_least: bool = False) -> None:
    """Keep a measurement for the table."""
    if path := os.environ.get(NOTED_IN):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(Measured(name, figure, unit, target, at_least))) + "\n")


def read_notes(path: Path) -> list[Measured]:
    """Return what was noted in a file, in order; nothing where there is none."""
    if not path.is_file():
        return []
    return [Measured(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
