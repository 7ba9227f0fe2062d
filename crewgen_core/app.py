"""The front door: everything that pages and programs can ask. Joins the rooms, in this one place."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue

from crewgen_core.alternatives.compare import compare
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.failure_modes import load_failure_modes
from crewgen_core.explanation.explain import explain, list_reasons
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.forms import EXPORTS, ExportFormat
from crewgen_core.exports.table import export_table
from crewgen_core.front import doctor
from crewgen_core.front.analytics import Analytics
from crewgen_core.front.audit import Audit
from crewgen_core.front.backups import Backups
from crewgen_core.front.bulk import Bulk
from crewgen_core.front.checking import Checking
from crewgen_core.front.crews import Crews
from crewgen_core.front.deletions import Deletions
from crewgen_core.front.demo import Demo
from crewgen_core.front.follow_up import FollowUp
from crewgen_core.front.generating import Generated
from crewgen_core.front.house import House
from crewgen_core.front.limits import Limiting
from crewgen_core.front.operating import Operating
from crewgen_core.front.optimizing import Optimizing
from crewgen_core.front.people import People
from crewgen_core.front.repeats import Repeats
from crewgen_core.front.reports import Reports
from crewgen_core.front.run_reports import RunReports
from crewgen_core.front.running import Running
from crewgen_core.front.searching import Searching
from crewgen_core.front.templates import Templates
from crewgen_core.front.tour import Tour
from crewgen_core.imports.imported import Imported
from crewgen_core.imports.reader import read_crew
from crewgen_core.jobs.craft import Craft
from crewgen_core.llm.loop import shared_loop, wind_down
from crewgen_core.models.alternative import Comparison
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.change import Change
from crewgen_core.models.computation import Computation
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.explanation import Explanation, Reason
from crewgen_core.models.failure import Cause, FailureMode, FailureModes
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text
from crewgen_core.models.person import SYSTEM
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.report import Report
from crewgen_core.models.stored import Counts, RequestRow, RequestState, StoredRequest
from crewgen_core.models.table import Table
from crewgen_core.pipeline import assess, foresee, mend, origin_of, work_out
from crewgen_core.refinement.refine import refine
from crewgen_core.refinement.work import Work
from crewgen_core.storage import counts, requests
from crewgen_core.validation.causes import list_causes, list_prevented
from crewgen_core.validation.rule import Rule
from crewgen_core.validation.rules import RULES


@dataclass(frozen=True)
class Begun:
    """A request that is being worked on."""

    request_id: int
    coming: Future[Generated]
    """What will come of it; raises CrewgenError where that is nothing."""


class Crewgen(House):
    """crewgen as one object: everything that can be asked."""

    # --- designing ------------------------------------------------------------------------------------------------

    def analyze(self, objective: Objective) -> Analysis:
        """Return what is understood of an objective. Raises UnusableObjective."""
        return analyze(objective, self.catalog)

    def generate(
        self,
        objective: Objective,
        model: str | None = None,
        tell: Callable[[str], None] | None = None,
        fresh: bool = False,
    ) -> Generated:
        """Design a crew and store it with its request.

        ``model`` is a LiteLLM name; None takes the configured engine, "" the built-in one. ``tell`` is told each step.
        A model that answered the same request before is not asked again, unless a ``fresh`` answer is wanted.
        Whatever happens, the request and its objective are kept: a failed one with its reason. Raises CrewgenError.
        """
        return shared_loop().run(self.generate_async(objective, model, tell, fresh))

    async def generate_async(
        self,
        objective: Objective,
        model: str | None = None,
        tell: Callable[[str], None] | None = None,
        fresh: bool = False,
    ) -> Generated:
        """Do the same within an event loop; any number may run at once."""
        chosen = self.settings.model if model is None else model
        return await self._generating.generate(objective, chosen, tell or (lambda _: None), fresh)

    def begin_generating(self, objective: Objective, model: str | None = None, fresh: bool = False) -> Begun:
        """Store a request and return as soon as it has a number; its crew is designed meanwhile.

        Raises CrewgenError where it comes to no request.
        """
        chosen = self.settings.model if model is None else model
        numbers: SimpleQueue[int | None] = SimpleQueue()
        coming = shared_loop().begin(
            self._generating.generate(objective, chosen, lambda _: None, fresh, opened=numbers.put)
        )
        coming.add_done_callback(lambda _: numbers.put(None))
        request_id = numbers.get()
        if request_id is None:
            request_id = coming.result().request_id
        return Begun(request_id, coming)

    def alternatives(self, objective: Objective, crew: Crew | None = None, made_by: str = "") -> Comparison:
        """Return up to three crews for the objective that clearly differ, ranked with reasons; none of them is stored.

        ``crew`` is the one that a person looks at, by whomever ``made_by`` says; the built-in engine's others stand
        beside it. Taking one is ``crews.save_version`` with its note. Raises UnusableObjective.
        """
        facts, learned = self.models.read(), self.outcomes.calibration()
        composed = self._compose_alternatives(objective.model_dump_json(), facts, learned)
        return compare(composed, self.knowledge, crew, made_by)

    def review(self, crew: Crew, objective: Objective | None = None) -> tuple[Report, Estimate]:
        """Check and price any crew; with an objective also against what it asks for, unless it is unusable."""
        return assess(crew, self._understand(objective), self.knowledge)

    def explain_estimate(self, crew: Crew, objective: Objective | None = None) -> Computation:
        """Say how the estimate of any crew is computed, line by line, and what moves it most.

        For ``review`` with the same crew and objective; takes a few tenths of a second.
        """
        return work_out(crew, self._understand(objective), self.knowledge)

    def mend(self, crew: Crew, objective: Objective | None = None) -> tuple[Crew, tuple[Change, ...]]:
        """Apply every fix that validation offers, one after the other; return the crew and what was changed."""
        return mend(crew, self._understand(objective), self.knowledge)

    def effect_of(self, crew: Crew, change: Change, objective: Objective | None = None) -> Change:
        """Return the change with its effect on the estimate. Raises ChangeDoesNotFit."""
        analysis = self._understand(objective)
        return foresee(crew, change, self.knowledge, *origin_of(analysis))

    def refine(self, crew: Crew, wish: str, objective: Objective | None = None, model: str | None = None) -> Refinement:
        """Change a crew as a wish in plain words asks for it; nothing is stored.

        ``model`` is a LiteLLM name; None takes the configured engine, "" the built-in one. It is asked once, for what
        the built-in engine does not understand. What cannot be done leaves the crew as it is and is told.
        """
        return shared_loop().run(self.refine_async(crew, wish, objective, model))

    async def refine_async(
        self, crew: Crew, wish: str, objective: Objective | None = None, model: str | None = None
    ) -> Refinement:
        """Do the same within an event loop."""
        chosen = self.settings.model if model is None else model
        first = refine(crew, objective, wish, self.knowledge)
        if not chosen or not first.not_understood:
            return first
        from crewgen_core.refinement.by_model import refine_by_model

        self._generating.count_generation()
        return await refine_by_model(first, Work(crew, objective, self.knowledge), self._generating.ask_model, chosen)

    def explain(self, crew: Crew, path: str, objective: Objective | None = None) -> Explanation:
        """Say why a part of any crew is there and what happens without it; see ``explanation``. Raises NotFound.

        Without an objective, the one that stands in the crew is read.
        """
        return explain(crew, path, objective or _written(crew), self.knowledge)

    def list_reasons(self, crew: Crew, objective: Objective | None = None) -> tuple[Reason, ...]:
        """Return every part of a crew that can be asked about, with its reason in one sentence."""
        return list_reasons(crew, objective or _written(crew), self.knowledge)

    @cached_property
    def crews(self) -> Crews:
        """What can be asked about stored crews and their versions."""
        return Crews(lambda: self.database, self.review, self.refine)

    @cached_property
    def optimizing(self) -> Optimizing:
        """What can be asked about optimizing: of any crew, and of stored ones with their history."""
        return Optimizing(
            lambda: self.knowledge, self.models.find_candidates, self._understand, self.review, lambda: self.database
        )

    @cached_property
    def bulk(self) -> Bulk:
        """What can be asked about jobs: many objectives at once, worked on by processes of their own."""
        of_house = None if self._house is self else self._house.bulk
        return Bulk(self.settings, lambda: self.knowledge, lambda: self.database, self._find_database, of_house)

    @cached_property
    def analytics(self) -> Analytics:
        """What can be asked about what happened over a range of days."""
        return Analytics(lambda: self.database)

    @cached_property
    def running(self) -> Running:
        """What can be asked about runs of crews on CrewAI."""
        return Running(
            self.settings, lambda: self.knowledge, lambda: self.database, self._understand, self._environment
        )

    @cached_property
    def templates(self) -> Templates:
        """What can be asked about templates: crews that are used again."""
        return Templates(self._shelf, self.review, self.generate, self._understand)

    @cached_property
    def run_reports(self) -> RunReports:
        """What can be asked about runs beside running them: foreseen, compared, taken away."""
        return RunReports(lambda: self.knowledge, lambda: self.database, self._understand)

    @cached_property
    def searching(self) -> Searching:
        """What can be asked about where things are: a search over everything, favourites, what was opened lately."""
        return Searching(self.person, lambda: self.database, lambda: self._house.database.acting_for(SYSTEM))

    @cached_property
    def deletions(self) -> Deletions:
        """What can be asked about deleting and bringing back."""
        return Deletions(lambda: self.database, lambda: self._house.database.acting_for(SYSTEM))

    @cached_property
    def people(self) -> People:
        """What can be asked about who uses the dashboard, and about the tokens of programs."""
        return People(self.person, lambda: self.database, lambda: self._house.database.acting_for(SYSTEM))

    @cached_property
    def audit(self) -> Audit:
        """What can be asked about who made and changed what."""
        return Audit(self.person, lambda: self.database)

    @cached_property
    def limits(self) -> Limiting:
        """What can be asked about the limits of people, tokens and providers, and what is used of them."""
        return Limiting(self.settings, self.person, self._request_rate, lambda: self.database)

    @cached_property
    def operating(self) -> Operating:
        """What can be asked about how crewgen runs."""
        memory = self._house._call_memory
        return Operating(self.settings, self.person, lambda: self._house.database.acting_for(SYSTEM), memory)

    @cached_property
    def backups(self) -> Backups:
        """What can be asked about backups of the database."""
        return Backups(self.settings, self.person, self._find_database)

    @cached_property
    def repeats(self) -> Repeats:
        """What can be asked about requests that come twice."""
        return Repeats(self.person, lambda: self._house.database.acting_for(SYSTEM))

    @cached_property
    def reports(self) -> Reports:
        """What stakeholders read about a crew or a job, as a web page or for print."""
        return Reports(lambda: self.knowledge, self.crews.get, self._understand, self.alternatives, self.bulk)

    @cached_property
    def demo(self) -> Demo:
        """What can be asked about the demo: data to look at, marked as such, loaded and removed in one step."""
        return Demo(lambda: self.knowledge, lambda: self.database, self._find_database)

    @cached_property
    def tour(self) -> Tour:
        """What can be asked about the guided tour of the dashboard."""
        return Tour(self.person, lambda: self._house.database.acting_for(SYSTEM), self._find_database)

    @property
    def craft(self) -> Craft:
        """What workers do with the rows of jobs."""
        work, generating = FollowUp(lambda: self.database, self.review, self.mend, self.optimizing), self._generating
        return Craft(
            generating.design_row,
            work.check,
            work.optimize,
            generating.call_model,
            price_of=generating.price_of,
            acting_for=lambda person: self.acting_for(person).craft,
            prepare=generating.prepare_calls,
        )

    # --- requests -----------------------------------------------------------------------------------------------------

    def get_request(self, request_id: int) -> StoredRequest:
        """Return a request with its state and, when completed, the design that came of it. Raises NotFound."""
        with self.database.read() as connection:
            return requests.get(connection, request_id)

    def list_requests(
        self, limit: int = 20, before: int | None = None, state: RequestState | None = None
    ) -> tuple[RequestRow, ...]:
        """Return requests, of one state or of all, the newest first; ``before`` is the id to continue from."""
        with self.database.read() as connection:
            return requests.list_requests(connection, limit=limit, before=before, state=state)

    def count_everything(self) -> Counts:
        """Return how many crews, versions and requests there are, and what generating has cost."""
        with self.database.read() as connection:
            return counts.count(connection)

    # --- other worlds ---------------------------------------------------------------------------------------------

    @cached_property
    def checking(self) -> Checking:
        """What can be asked about uploaded crew files, one crew or each of many."""
        return Checking(self.catalog, self.analyze, self.review, self.mend)

    def export(self, crew: Crew, form: ExportFormat) -> Exported:
        """Return the crew as a file. Raises CannotExport for a crew that CrewAI would refuse."""
        return EXPORTS[form](crew, self.catalog, self.settings.run_model)

    def export_table(self, table: Table) -> Exported:
        """Return the table as a CSV file that is safe to open in a spreadsheet."""
        return export_table(table)

    def read_crew(self, files: Mapping[str, bytes]) -> Imported:
        """Read a crew from uploaded files, by name. Raises UnreadableCrew."""
        return read_crew(files, self.catalog)

    # --- the house itself -----------------------------------------------------------------------------------------

    def close(self) -> None:
        """End what this process has under way: workers hand back what they hold, requests fail with the reason."""
        self.bulk.close_workplace()
        late = wind_down(patience_s=0)
        if "database" in self.__dict__:
            self.database.close()
        self._log.info("closed", given_up=late)

    def examine(self) -> tuple[doctor.Check, ...]:
        """Say what is configured, what is missing and what to do."""
        return doctor.examine(self.settings, self.catalog, self._environment)

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule that a crew is checked against, with its reason, in the order of its code."""
        return RULES

    def failure_study(self) -> FailureModes:
        """Return the published failure modes, with their source."""
        return load_failure_modes()

    def prevented(self) -> Mapping[str, tuple[FailureMode, ...]]:
        """Return the failure modes that each rule prevents, by its code; only rules that prevent one are there."""
        return list_prevented()

    def list_causes(self, report: Report) -> tuple[Cause, ...]:
        """Return every failure mode, those that the report's findings leave open first, each group by its share."""
        return list_causes(report)


def _written(crew: Crew) -> Objective | None:
    """Return the objective that the crew itself holds, None where there is none that can be used."""
    text = clean_text(crew.objective)
    return Objective(text=text) if 0 < len(text) <= MAX_OBJECTIVE_CHARACTERS else None
