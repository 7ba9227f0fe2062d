"""The front door's part for stored crews: found, saved, refined, shared, and every version of them kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crewgen_core.logs import get_log
from crewgen_core.models.crew import Crew
from crewgen_core.models.difference import Difference, compare_crews
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.report import Report
from crewgen_core.models.stored import CrewRow, StoredCrew, VersionRow
from crewgen_core.storage import crews
from crewgen_core.storage.database import Database
from crewgen_core.storage.versions import list_versions

LONGEST_NOTE = 300
"""Characters of a wish that the list of versions shows."""

Review = Callable[[Crew, Objective | None], tuple[Report, Estimate]]
"""``Crewgen.review``."""


class Refine(Protocol):
    """``Crewgen.refine``."""

    def __call__(
        self, crew: Crew, wish: str, objective: Objective | None = None, model: str | None = None
    ) -> Refinement:
        """Change a crew as a wish asks for it."""
        ...


@dataclass(frozen=True)
class Refined:
    """What came of refining a stored crew."""

    stored: StoredCrew
    """Its newest version afterwards; the one before where nothing was done."""
    refinement: Refinement
    kept_edits: int | None = None
    """The version as which edits of a person were saved first; None where there were none."""


class Crews:
    """Everything that can be asked about stored crews."""

    def __init__(self, database: Callable[[], Database], review: Review, refine: Refine) -> None:
        """Take the database of who asks, and how crews are checked, priced and refined."""
        self._database = database
        self._review = review
        self._refine = refine
        self._log = get_log("crews")

    def get(self, crew_id: int, number: int | None = None) -> StoredCrew:
        """Return a stored crew, its newest version unless a number is given. Raises NotFound."""
        with self._database().read() as connection:
            return crews.get(connection, crew_id, number)

    def list(self, search: str = "", limit: int = 20, before: int | None = None) -> tuple[CrewRow, ...]:
        """Return crews, the newest first, from the id ``before`` on; ``search`` looks in name and objective."""
        with self._database().read() as connection:
            return crews.list_crews(connection, search, limit, before)

    def count(self, search: str = "") -> int:
        """Return the number of crews."""
        with self._database().read() as connection:
            return crews.count_crews(connection, search)

    def versions(self, crew_id: int) -> tuple[VersionRow, ...]:
        """Return the versions of a crew, the newest first. Raises NotFound."""
        with self._database().read() as connection:
            return list_versions(connection, crew_id)

    def compare_versions(self, crew_id: int, number: int, with_number: int) -> tuple[Difference, ...]:
        """Return what version ``number`` of a crew has otherwise than version ``with_number``. Raises NotFound."""
        return compare_crews(self.get(crew_id, with_number).crew, self.get(crew_id, number).crew)

    def save(self, crew: Crew, objective: Objective | None = None, note: str = "Imported") -> StoredCrew:
        """Store a crew that was imported or made by hand as version 1."""
        report, figures = self._review(crew, objective)
        with self._database().begin() as connection:
            return crews.create(connection, crew, report, figures, objective, note)

    def save_version(self, crew_id: int, crew: Crew, note: str, expected: int) -> StoredCrew:
        """Store a new version after version ``expected``. Raises EditConflict when somebody saved one in between."""
        objective = self.get(crew_id).objective
        report, figures = self._review(crew, objective)
        with self._database().begin() as connection:
            return crews.save_version(connection, crew_id, crew, report, figures, note, expected, objective)

    def revert(self, crew_id: int, number: int, expected: int) -> StoredCrew:
        """Make the state of an earlier version the newest one again. Raises EditConflict, NotFound."""
        with self._database().begin() as connection:
            return crews.revert(connection, crew_id, number, expected)

    def refine(
        self,
        crew_id: int,
        wish: str,
        model: str | None = None,
        expected: int | None = None,
        edited: Crew | None = None,
        edit_note: str = "",
    ) -> Refined:
        """Refine a stored crew and, where something was done, store it as a new version with the wish as its note.

        ``edited`` is the crew with a person's unsaved edits of version ``expected`` (None: the newest): it is what is
        refined, and becomes a version of its own before, with ``edit_note``. Raises NotFound, EditConflict.
        """
        base = self.get(crew_id, expected)
        crew = edited or base.crew
        made = self._refine(crew, wish, base.objective, model)
        if not made.changed:
            return Refined(base, made)
        number, kept = base.number, None
        note = " ".join(wish.split())[:LONGEST_NOTE]
        report, figures = self._review(made.crew, made.objective)
        with self._database().begin() as connection:
            if crew != base.crew:
                of_edit, priced = self._review(crew, base.objective)
                number = kept = crews.save_version(
                    connection, crew_id, crew, of_edit, priced, edit_note, number, base.objective
                ).number
            stored = crews.save_version(
                connection, crew_id, made.crew, report, figures, note, number, made.objective, made.provenance
            )
        self._log.info("crew refined", crew=crew_id, version=stored.number, engine=made.provenance.label)
        return Refined(stored, made, kept)

    def share(self, crew_id: int, shared: bool) -> StoredCrew:
        """Let everybody look at a crew and use it, or its owner alone again. Raises NotFound, NotAllowed."""
        with self._database().begin() as connection:
            return crews.share(connection, crew_id, shared)

    def copy(self, crew_id: int, number: int | None = None) -> StoredCrew:
        """Store a copy of a crew (its newest version unless a number is given) as who asks' own. Raises NotFound."""
        with self._database().begin() as connection:
            return crews.copy(connection, crew_id, number)
