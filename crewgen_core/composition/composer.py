"""What the two composers have in common."""

from typing import Protocol

from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Draft
from crewgen_core.models.report import Report


class Composer(Protocol):
    """Turns an analysis into a crew: ``CatalogComposer`` without a model, ``ModelComposer`` with one."""

    async def compose(self, analysis: Analysis) -> Draft:
        """Return a crew for the analysis, never without an agent and a task."""
        ...

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        """Return a crew without the errors that were found, as far as possible."""
        ...
