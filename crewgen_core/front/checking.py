"""The front door's part for crew files: reads a crew, finds out what it is for, checks and prices it; one or many."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import CrewgenError, UnreadableCrew
from crewgen_core.exports.batch_table import export_table_csv, export_table_jsonl
from crewgen_core.exports.crew_archive import zip_crews
from crewgen_core.exports.exported import Exported
from crewgen_core.imports.reader import read_crew
from crewgen_core.imports.splitting import split_crews
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.batch import BatchRow, CheckedFile, CrewFiles, UnreadableFile
from crewgen_core.models.change import Change
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective, read_objective
from crewgen_core.models.report import Report

BatchFormat = Literal["csv", "jsonl"]

BATCH_FORMATS: Mapping[BatchFormat, Callable[[Sequence[BatchRow]], Exported]] = {
    "csv": export_table_csv,
    "jsonl": export_table_jsonl,
}


class Checking:
    """Everything that can be asked about uploaded crew files."""

    def __init__(
        self,
        catalog: Catalog,
        analyze: Callable[[Objective], Analysis],
        review: Callable[[Crew, Objective | None], tuple[Report, Estimate]],
        mend: Callable[[Crew, Objective | None], tuple[Crew, tuple[Change, ...]]],
    ) -> None:
        """Take what the front door knows and does with a crew that is read."""
        self._catalog = catalog
        self._analyze = analyze
        self._review = review
        self._mend = mend

    def check(self, files: Mapping[str, bytes], objective: str = "", name: str = "") -> CheckedFile:
        """Read, check and price the crew of uploaded files, by name. Raises UnreadableCrew.

        ``objective`` is what was typed; without it, the one in the file is taken. One that cannot be used is told, and
        the crew is checked all the same.
        """
        imported = read_crew(files, self._catalog)
        found, notes = self._find_objective(objective, imported.crew.objective)
        report, estimate = self._review(imported.crew, found)
        return CheckedFile(
            file=name,
            crew=imported.crew,
            objective=found,
            report=report,
            estimate=estimate,
            notes=(*imported.notes, *notes),
        )

    def split(self, files: Mapping[str, bytes]) -> tuple[CrewFiles | UnreadableFile, ...]:
        """Return the files of each crew among many, and each file that holds none. Raises UnreadableCrew.

        ``check_one`` goes on with each of them: a few milliseconds each, so that whoever waits can be told.
        """
        return split_crews(files)

    def check_one(self, found: CrewFiles | UnreadableFile, objective: str = "") -> BatchRow:
        """Read, check and price one of many crews; what cannot be read becomes a row that says why."""
        if isinstance(found, UnreadableFile):
            return found
        try:
            return self.check(found.files, objective, found.name)
        except UnreadableCrew as fault:
            return UnreadableFile(file=found.name, reason=str(fault), hint=fault.hint)

    def mend(self, checked: CheckedFile) -> CheckedFile:
        """Return a checked crew with every fix applied, checked again."""
        crew, changes = self._mend(checked.crew, checked.objective)
        report, estimate = self._review(crew, checked.objective)
        done = (*checked.changes, *changes)
        return checked.model_copy(update={"crew": crew, "report": report, "estimate": estimate, "changes": done})

    def export_table(self, rows: Sequence[BatchRow], form: BatchFormat) -> Exported:
        """Return the rows of many crews as CSV that is safe for spreadsheets, or as JSON Lines with every finding."""
        return BATCH_FORMATS[form](rows)

    def export_crews(self, rows: Sequence[BatchRow]) -> Exported:
        """Return the crews of many files as one ZIP of crewgen files; what was unreadable is not in it."""
        return zip_crews(rows)

    def _find_objective(self, typed: str, written: str) -> tuple[Objective | None, tuple[str, ...]]:
        """Return the objective that was typed, else the one in the file, where it can be used; a sentence about it."""
        text = typed.strip() or written.strip()
        if not text:
            return None, ("Without an objective, only the crew itself was checked.",)
        try:
            objective = read_objective(text)
            self._analyze(objective)
        except CrewgenError as problem:
            return None, (f"The objective was not used: {problem}",)
        return objective, () if typed.strip() else ("It was checked against the objective in the file.",)
