"""The front door's part for reports: what a stakeholder reads about a crew or a job, as a web page or for print."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, get_args

from crewgen_core.errors import CrewgenError
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.names import safe_name
from crewgen_core.front.bulk import Bulk
from crewgen_core.models.alternative import Comparison
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.document import Document
from crewgen_core.models.job import ItemQuery
from crewgen_core.models.objective import Objective
from crewgen_core.models.stored import StoredCrew
from crewgen_core.pipeline import Knowledge
from crewgen_core.reports.crew import CrewFacts, report_crew
from crewgen_core.reports.job import MOST_ROWS, JobFacts, report_job
from crewgen_core.validation.causes import list_causes

ReportForm = Literal["html", "pdf"]
REPORT_FORMS: tuple[ReportForm, ...] = get_args(ReportForm)

Compare = Callable[[Objective, Crew, str], Comparison]
"""``Crewgen.alternatives``."""


class Reports:
    """Everything that can be asked for as a report."""

    def __init__(
        self,
        knowledge: Callable[[], Knowledge],
        get_crew: Callable[[int, int | None], StoredCrew],
        understand: Callable[[Objective | None], Analysis | None],
        compare: Compare,
        bulk: Bulk,
    ) -> None:
        """Take what reports are made from."""
        self._knowledge = knowledge
        self._get_crew = get_crew
        self._understand = understand
        self._compare = compare
        self._bulk = bulk

    def describe_crew(self, crew_id: int, number: int | None = None) -> Document:
        """Return the report about a version of a crew, the newest unless a number is given. Raises NotFound."""
        stored, knowledge = self._get_crew(crew_id, number), self._knowledge()
        facts = CrewFacts(
            stored=stored,
            analysis=self._understand(stored.objective),
            comparison=self._find_alternatives(stored),
            causes=list_causes(stored.report),
            tools=knowledge.catalog.tools,
            run_model=knowledge.run_model,
            made_at=datetime.now(UTC),
        )
        return report_crew(facts)

    def describe_job(self, job_id: int) -> Document:
        """Return the report about a job as it stands. Raises NotFound."""
        progress = self._bulk.progress(job_id)
        done = self._bulk.list_items(job_id, ItemQuery(states=("completed",)), MOST_ROWS)
        facts = JobFacts(progress, self._bulk.spread(job_id), done.items, datetime.now(UTC))
        return report_job(facts)

    def crew(self, crew_id: int, form: ReportForm = "html", number: int | None = None) -> Exported:
        """Return the same as a file. Raises NotFound."""
        return write(self.describe_crew(crew_id, number), form, f"crew_{crew_id}")

    def job(self, job_id: int, form: ReportForm = "html") -> Exported:
        """Return the same as a file. Raises NotFound."""
        return write(self.describe_job(job_id), form, f"job_{job_id}")

    def _find_alternatives(self, stored: StoredCrew) -> Comparison | None:
        """Return the crew beside others for its objective; None where the objective gives none."""
        if stored.objective is None:
            return None
        try:
            return self._compare(stored.objective, stored.crew, "this crew")
        except CrewgenError:
            return None


def write(document: Document, form: ReportForm, otherwise: str) -> Exported:
    """Return a document as a file in one of the forms."""
    name = f"{safe_name(document.title, otherwise)}_report.{form}"
    if form == "pdf":
        from crewgen_core.exports.document_pdf import write_pdf  # late: it loads the typeface

        return Exported(name, write_pdf(document), "application/pdf")
    from crewgen_core.exports.document_html import write_html

    return Exported(name, write_html(document), "text/html; charset=utf-8")
