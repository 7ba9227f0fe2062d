"""Checks crew files: reads a crew, finds out what it is for, checks and prices it; one or each of many."""

from collections.abc import Callable, Mapping

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.errors import CrewgenError, UnreadableCrew
from crewgen_core.imports.reader import read_crew
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.batch import BatchRow, CheckedFile, CrewFiles, UnreadableFile
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective, read_objective
from crewgen_core.models.report import Report

Analyze = Callable[[Objective], Analysis]
Review = Callable[[Crew, Objective | None], tuple[Report, Estimate]]


def check_files(
    name: str, files: Mapping[str, bytes], typed: str, catalog: Catalog, analyze: Analyze, review: Review
) -> CheckedFile:
    """Read, check and price the crew of these files; ``typed`` is an objective that goes before the one in the file.

    An objective that cannot be used is told, and the crew is checked all the same. Raises UnreadableCrew.
    """
    imported = read_crew(files, catalog)
    objective, notes = _find_objective(typed, imported.crew.objective, analyze)
    report, estimate = review(imported.crew, objective)
    return CheckedFile(
        file=name,
        crew=imported.crew,
        objective=objective,
        report=report,
        estimate=estimate,
        notes=(*imported.notes, *notes),
    )


def check_one_of_many(
    found: CrewFiles | UnreadableFile, typed: str, catalog: Catalog, analyze: Analyze, review: Review
) -> BatchRow:
    """Do the same with one of many; what cannot be read becomes a row that says why."""
    if isinstance(found, UnreadableFile):
        return found
    try:
        return check_files(found.name, found.files, typed, catalog, analyze, review)
    except UnreadableCrew as fault:
        return UnreadableFile(file=found.name, reason=str(fault), hint=fault.hint)


def _find_objective(typed: str, written: str, analyze: Analyze) -> tuple[Objective | None, tuple[str, ...]]:
    """Return the objective that was typed, else the one in the file, where it can be used; and a sentence about it."""
    text = typed.strip() or written.strip()
    if not text:
        return None, ("Without an objective, only the crew itself was checked.",)
    try:
        objective = read_objective(text)
        analyze(objective)
    except CrewgenError as problem:
        return None, (f"The objective was not used: {problem}",)
    return objective, () if typed.strip() else ("It was checked against the objective in the file.",)
