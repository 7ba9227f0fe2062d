"""What reading a crew gives."""

from dataclasses import dataclass
from typing import Literal

from crewgen_core.models.crew import Crew

Format = Literal["crewgen", "crewai-json", "crewai-yaml"]


@dataclass(frozen=True)
class Imported:
    """A crew, the format it was in, and what was left out or assumed, in plain sentences."""

    crew: Crew
    format: Format
    notes: tuple[str, ...] = ()
