"""The composer that asks nobody: it has the crew of an earlier request."""

from crewgen_core.models.analysis import Analysis
from crewgen_core.models.design import Draft
from crewgen_core.models.report import Report


class EarlierComposer:
    """Gives back a crew that a model made for the same request before."""

    def __init__(self, draft: Draft) -> None:
        """Take the crew with its provenance."""
        self._draft = draft

    async def compose(self, analysis: Analysis) -> Draft:
        """Return the earlier crew."""
        del analysis  # it is the same as then
        return self._draft

    async def repair(self, draft: Draft, analysis: Analysis, report: Report) -> Draft:
        """Return the draft as it is: it had no errors when it was made, by the same rules."""
        del analysis, report
        return draft
