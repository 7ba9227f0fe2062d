"""The standard that a model's crew has to reach: by the project's own rules it is never worse than the built-in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.rewording import reword_found
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.report import Finding, Report
from crewgen_core.validation.mending import apply_next_fix
from crewgen_core.validation.texts import shorten
from crewgen_core.validation.validate import validate

MOST_STEPS = 30
"""Fixes that are applied to bring a crew up to the standard; one that needs more is not worth it [assumption]."""

_SUSPICIOUS = "CG312"
"""Code of a text that reads like an order to break the rules."""

_UNMADE = "CG205"
"""Code of a deliverable that no task makes."""


@dataclass(frozen=True)
class Standard:
    """The built-in crew for an analysis, and what the rules say about it."""

    built_in: Crew
    analysis: Analysis
    catalog: Catalog
    environment: frozenset[str]

    @cached_property
    def report(self) -> Report:
        """What the rules say about the built-in crew."""
        return self.check(self.built_in)

    def check(self, crew: Crew) -> Report:
        """Return what the rules say about a crew."""
        return validate(crew, self.catalog, self.analysis, self.environment)

    def find_shortfalls(self, report: Report) -> tuple[str, ...]:
        """Return in plain sentences where a crew is worse than the built-in one: errors, gaps, the score."""
        return tuple(self._shortfalls(report))

    def lift(self, crew: Crew) -> tuple[Crew, Report, tuple[str, ...]]:
        """Repair a crew until it reaches the standard, as far as that can be done without asking anybody.

        Texts that the rules find fault with are taken from the built-in crew; then fixes are applied, the gravest
        first. Return the crew, its report and what was done, in plain sentences.
        """
        report = self.check(crew)
        if not self.find_shortfalls(report):
            return crew, report, ()
        crew, told = reword_found(crew, report, self.analysis, self.built_in, self.catalog)
        report = self.check(crew)
        if any(finding.code == _SUSPICIOUS for finding in report.findings):
            crew, more = reword_found(crew, report, self.analysis, self.built_in, self.catalog, names=True)
            told = tuple(dict.fromkeys((*told, *more)))
        notes, states = list(told), [crew]
        for _ in range(MOST_STEPS):
            report = self.check(states[-1])
            step = apply_next_fix(states, self._worth_mending(report)) if self.find_shortfalls(report) else None
            if step is None:
                break
            crew, finding, _ = step
            states.append(crew)
            notes.append(f"Checking found “{shorten(finding.message, 120)}”, and it was mended.")
        else:
            report = self.check(states[-1])
        return states[-1], report, tuple(notes)

    def _shortfalls(self, report: Report) -> Iterator[str]:
        for finding in report.errors:
            yield f"It has an error: {shorten(finding.message, 120)}"
        for skill in sorted(_covered(self.report) - _covered(report)):
            yield f"Nobody in it does {skill}, which the built-in crew covers."
        known = {finding.message for finding in self.report.findings}
        for finding in report.findings:
            if finding.code == _UNMADE and finding.message not in known:
                yield shorten(finding.message, 120)
        if report.score < self.report.score:
            yield f"The rules give it {report.score:.1f} of 10 points, and the built-in crew {self.report.score:.1f}."

    def _worth_mending(self, report: Report) -> Iterator[Finding]:
        """Yield the errors, and what the built-in crew is not found to have itself."""
        accepted = {finding.code for finding in self.report.findings}
        return (f for f in report.findings if f.code not in accepted or f.severity == "error")


def _covered(report: Report) -> set[str]:
    """Return the names of the skills that an agent has and one of its tasks asks for."""
    return {cell.skill for cell in report.coverage if cell.used and cell.proficiency}
