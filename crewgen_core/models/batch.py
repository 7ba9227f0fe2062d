"""A batch: many crew files that are checked together, each by itself."""

from collections.abc import Mapping
from typing import Literal

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.value import Value

Verdict = Literal["can run", "has errors", "unreadable"]


class CrewFiles(Value):
    """The files that one crew is read from."""

    name: str
    """What people know it by: the file, or the folder of a project."""
    files: Mapping[str, bytes]


class CheckedFile(Value):
    """A crew that was read, checked and priced."""

    file: str
    crew: Crew
    objective: Objective | None
    """What it was checked against, where there was one that can be used."""
    report: Report
    estimate: Estimate
    notes: tuple[str, ...]
    """What the import left out or assumed, and what the check could not use, in plain sentences."""
    changes: tuple[Change, ...] = ()
    """Fixes that were applied to it."""

    @property
    def verdict(self) -> Verdict:
        """Whether the crew can run."""
        return "can run" if self.report.valid else "has errors"


class UnreadableFile(Value):
    """A file that holds no crew, and why."""

    file: str
    reason: str
    hint: str

    @property
    def verdict(self) -> Verdict:
        """The same for all of them."""
        return "unreadable"


BatchRow = CheckedFile | UnreadableFile
"""One row of the table."""
