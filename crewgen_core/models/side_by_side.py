"""SideBySide: a few crews, for whatever objectives, with the same facts about each beside each other."""

from typing import Self

from pydantic import Field, model_validator

from crewgen_core.models.table import Table
from crewgen_core.models.value import Value


class ComparedFact(Value):
    """One fact about every crew, in words for people."""

    name: str
    values: tuple[str, ...]
    """One for each crew, in their order."""
    best: tuple[int, ...] = ()
    """Positions of the crews, from 0, that are best at it; empty where it is no matter of better or worse, where it is
    not known of all, and where all are alike."""

    @property
    def differs(self) -> bool:
        """Whether it is not the same for all."""
        return len(set(self.values)) > 1


class SideBySide(Value):
    """Two to six crews with what tells them apart."""

    crews: tuple[str, ...] = Field(min_length=2, max_length=6)
    """What people call them, each differently."""
    facts: tuple[ComparedFact, ...]
    remarks: tuple[str, ...] = ()
    """What the figures do not tell, in plain sentences."""

    @model_validator(mode="after")
    def _check_widths(self) -> Self:
        if any(len(fact.values) != len(self.crews) for fact in self.facts):
            raise ValueError("every fact needs one value for each crew")
        return self

    @property
    def table(self) -> Table:
        """The same to download."""
        rows = tuple((fact.name, *fact.values) for fact in self.facts)
        return Table(title="Crews side by side", columns=("", *self.crews), rows=rows)
