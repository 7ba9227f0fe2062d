"""The front door: everything that pages and programs can ask. Joins the rooms, in this one place."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from crewgen_core import doctor
from crewgen_core.alternatives.compare import Composed, compare, compose_alternatives
from crewgen_core.analysis.analyze import analyze
from crewgen_core.answer_key import answer_key
from crewgen_core.bulk import Bulk
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.failure_modes import load_failure_modes
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.checking import check_files, check_one_of_many
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.composer import Composer
from crewgen_core.composition.earlier import EarlierComposer
from crewgen_core.errors import CrewgenError, StorageFault
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.explanation.explain import explain, list_reasons
from crewgen_core.exports.batch_table import export_table_csv, export_table_jsonl
from crewgen_core.exports.crew_archive import zip_crews
from crewgen_core.exports.crew_file import export_crewgen_json, export_crewgen_yaml
from crewgen_core.exports.crewai_json import export_crewai_json
from crewgen_core.exports.crewai_yaml import export_crewai_yaml
from crewgen_core.exports.design_document import design_document
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.table import export_table
from crewgen_core.follow_up import FollowUp
from crewgen_core.imports.imported import Imported
from crewgen_core.imports.reader import read_crew
from crewgen_core.imports.splitting import split_crews
from crewgen_core.jobs.craft import Craft
from crewgen_core.jobs.gate import AskModel, Gate
from crewgen_core.jobs.gate import Limits as CallLimits
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.loop import shared_loop
from crewgen_core.llm.providers import PROVIDERS, Provider, configured_providers
from crewgen_core.logs import configure_logs, get_log, request_context
from crewgen_core.model_register import ModelFacts, ModelRegister, check_correction, full_name, suggest_names
from crewgen_core.models.alternative import Comparison
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.batch import BatchRow, CheckedFile, CrewFiles, UnreadableFile
from crewgen_core.models.change import Change
from crewgen_core.models.computation import Computation
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design, Draft
from crewgen_core.models.difference import Difference, compare_crews
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.explanation import Explanation, Reason
from crewgen_core.models.failure import Cause, FailureMode, FailureModes
from crewgen_core.models.known_model import KnownModel
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text
from crewgen_core.models.refinement import Refinement
from crewgen_core.models.report import Report
from crewgen_core.models.stored import (
    Counts,
    CrewRow,
    RequestRow,
    RequestState,
    StoredCrew,
    StoredRequest,
    VersionRow,
)
from crewgen_core.models.table import Table
from crewgen_core.optimizing import Optimizing
from crewgen_core.pipeline import Knowledge, assess, design, foresee, mend, work_out
from crewgen_core.refinement.refine import refine
from crewgen_core.refinement.work import Work
from crewgen_core.settings import Settings, load_settings
from crewgen_core.storage import corrections, counts, crews, requests
from crewgen_core.storage.database import Database, is_there
from crewgen_core.validation.causes import list_causes, list_prevented
from crewgen_core.validation.rule import Rule
from crewgen_core.validation.rules import RULES

if TYPE_CHECKING:
    from crewgen_core.llm.client import ModelClient

ExportFormat = Literal["crewai-json", "crewai-yaml", "crewgen", "crewgen-yaml"]

EXPORTS: Mapping[ExportFormat, Callable[[Crew, Catalog, str], Exported]] = {
    "crewai-json": export_crewai_json,
    "crewai-yaml": export_crewai_yaml,
    "crewgen": lambda crew, _, __: export_crewgen_json(crew),
    "crewgen-yaml": lambda crew, _, __: export_crewgen_yaml(crew),
}

BatchFormat = Literal["csv", "jsonl"]

BATCH_FORMATS: Mapping[BatchFormat, Callable[[Sequence[BatchRow]], Exported]] = {
    "csv": export_table_csv,
    "jsonl": export_table_jsonl,
}

LONGEST_NOTE = 300
"""Characters of a wish that the list of versions shows."""

MOST_COMPOSED = 64
"""Objectives whose built-in alternatives are kept in the process; the one asked for longest ago goes first."""

MOST_ANALYZED = 64
"""Objectives whose analyses are kept in the process, likewise."""

ABANDONED_AFTER_S = 600.0
"""A request that is still open after ten minutes belongs to a program that stopped: no generation takes that long."""


@dataclass(frozen=True)
class Generated:
    """A finished request: where its crew is stored, and everything about it."""

    request_id: int
    crew_id: int
    design: Design

    def document(self) -> dict[str, Any]:
        """Return it all as plain values, which every reader of crew files can read too."""
        return design_document(self.design, self.request_id, self.crew_id)


@dataclass(frozen=True)
class Refined:
    """What came of refining a stored crew."""

    stored: StoredCrew
    """Its newest version afterwards; the one before where nothing was done."""
    refinement: Refinement
    kept_edits: int | None = None
    """The version as which edits of a person were saved first; None where there were none."""


class Crewgen:
    """crewgen as one object. Cheap to make: the catalog, the prices and the database are opened when first needed."""

    def __init__(self, settings: Settings, environment: Mapping[str, str] = os.environ) -> None:
        """Take the settings; ``environment`` says which keys are set (names only are looked at)."""
        self.settings = settings
        self._environment = environment
        self._log = get_log("app")

    @classmethod
    def open(cls, settings: Settings | None = None) -> "Crewgen":
        """Read the settings where none are given, set up the logs, and return the front door."""
        settings = settings or load_settings()
        configure_logs(settings.log_level, settings.log_format)
        return cls(settings)

    @cached_property
    def catalog(self) -> Catalog:
        """What crewgen knows about work."""
        return load_catalog()

    @cached_property
    def database(self) -> Database:
        """The database, up to date; requests that a stopped program left open are closed with the reason."""
        database = Database.open(self.settings.database_url)
        with database.begin() as connection:
            requests.mark_interrupted(connection, older_than_s=ABANDONED_AFTER_S)
        return database

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
        key = answer_key(objective, chosen, self._address) if chosen else None
        earlier = None if fresh or key is None else self._find_earlier(key)
        with self.database.begin() as connection:
            request_id = requests.create(connection, objective, chosen or None)
        with request_context(request_id):
            try:
                with self.database.begin() as connection:
                    requests.start(connection, request_id)
                composer = EarlierComposer(earlier) if earlier else self._composer(chosen)
                made = await design(objective, composer, self.knowledge, tell or (lambda _: None))
                kept = key if made.provenance.reusable else None
                with self.database.begin() as connection:
                    crew_id = requests.complete(connection, request_id, made, kept).crew_id
            except (Exception, asyncio.CancelledError) as fault:
                self._fail(request_id, fault)
                raise
            self._log.info(
                "crew designed",
                crew=crew_id,
                engine=made.provenance.label,
                seconds=made.provenance.seconds,
                fallback=made.provenance.fallback_reason,
                earlier=made.provenance.cached_from,
            )
            return Generated(request_id, crew_id, made)

    def alternatives(self, objective: Objective, crew: Crew | None = None, made_by: str = "") -> Comparison:
        """Return up to three crews for the objective that clearly differ, ranked with reasons; none of them is stored.

        ``crew`` is the one that a person looks at, by whomever ``made_by`` says; the built-in engine's others stand
        beside it. Taking one is ``save_version`` with its note. Raises UnusableObjective.
        """
        composed = self._compose_alternatives(objective.model_dump_json(), self._models.read())
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
        return foresee(crew, change, self.knowledge, analysis.domain if analysis else None)

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

        return await refine_by_model(first, Work(crew, objective, self.knowledge), self._ask_model, chosen)

    def explain(self, crew: Crew, path: str, objective: Objective | None = None) -> Explanation:
        """Say why a part of any crew is there and what happens without it; see ``explanation``. Raises NotFound.

        Without an objective, the one that stands in the crew is read.
        """
        return explain(crew, path, objective or _written(crew), self.knowledge)

    def list_reasons(self, crew: Crew, objective: Objective | None = None) -> tuple[Reason, ...]:
        """Return every part of a crew that can be asked about, with its reason in one sentence."""
        return list_reasons(crew, objective or _written(crew), self.knowledge)

    @cached_property
    def optimizing(self) -> Optimizing:
        """What can be asked about optimizing: of any crew, and of stored ones with their history."""
        return Optimizing(
            lambda: self.knowledge, self.candidate_models, self._understand, self.review, lambda: self.database
        )

    @cached_property
    def bulk(self) -> Bulk:
        """What can be asked about jobs: many objectives at once, worked on by processes of their own."""
        return Bulk(self.settings, lambda: self.knowledge, lambda: self.database, self._find_database)

    @property
    def craft(self) -> Craft:
        """What workers do with the rows of jobs."""
        work = FollowUp(lambda: self.database, self.review, self.mend, self.optimizing)
        return Craft(self.design_row, work.check, work.optimize, self._client.ask)

    async def design_row(self, objective: Objective, model: str, ask: AskModel | None) -> Design:
        """Design a crew and store nothing; ``ask`` asks the model ("": Built-in). Raises UnusableObjective."""
        return await design(objective, self._composer(model, ask), self.knowledge)

    # --- crews and versions ---------------------------------------------------------------------------------------

    def get_crew(self, crew_id: int, number: int | None = None) -> StoredCrew:
        """Return a stored crew, its newest version unless a number is given. Raises NotFound."""
        with self.database.read() as connection:
            return crews.get(connection, crew_id, number)

    def list_crews(self, search: str = "", limit: int = 20, before: int | None = None) -> tuple[CrewRow, ...]:
        """Return crews, the newest first, from the id ``before`` on; ``search`` looks in name and objective."""
        with self.database.read() as connection:
            return crews.list_crews(connection, search, limit, before)

    def count_crews(self, search: str = "") -> int:
        """Return the number of crews."""
        with self.database.read() as connection:
            return crews.count_crews(connection, search)

    def list_versions(self, crew_id: int) -> tuple[VersionRow, ...]:
        """Return the versions of a crew, the newest first. Raises NotFound."""
        with self.database.read() as connection:
            return crews.versions(connection, crew_id)

    def save_crew(self, crew: Crew, objective: Objective | None = None, note: str = "Imported") -> StoredCrew:
        """Store a crew that was imported or made by hand as version 1."""
        report, figures = self.review(crew, objective)
        with self.database.begin() as connection:
            return crews.create(connection, crew, report, figures, objective, note)

    def save_version(self, crew_id: int, crew: Crew, note: str, expected: int) -> StoredCrew:
        """Store a new version after version ``expected``. Raises EditConflict when somebody saved one in between."""
        objective = self.get_crew(crew_id).objective
        report, figures = self.review(crew, objective)
        with self.database.begin() as connection:
            return crews.save_version(connection, crew_id, crew, report, figures, note, expected, objective)

    def refine_stored(
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
        base = self.get_crew(crew_id, expected)
        crew = edited or base.crew
        made = self.refine(crew, wish, base.objective, model)
        if not made.changed:
            return Refined(base, made)
        number, kept = base.number, None
        note = " ".join(wish.split())[:LONGEST_NOTE]
        report, figures = self.review(made.crew, made.objective)
        with self.database.begin() as connection:
            if crew != base.crew:
                of_edit, priced = self.review(crew, base.objective)
                number = kept = crews.save_version(
                    connection, crew_id, crew, of_edit, priced, edit_note, number, base.objective
                ).number
            stored = crews.save_version(
                connection, crew_id, made.crew, report, figures, note, number, made.objective, made.provenance
            )
        self._log.info("crew refined", crew=crew_id, version=stored.number, engine=made.provenance.label)
        return Refined(stored, made, kept)

    def revert(self, crew_id: int, number: int, expected: int) -> StoredCrew:
        """Make the state of an earlier version the newest one again. Raises EditConflict, NotFound."""
        with self.database.begin() as connection:
            return crews.revert(connection, crew_id, number, expected)

    def compare_versions(self, crew_id: int, number: int, with_number: int) -> tuple[Difference, ...]:
        """Return what version ``number`` of a crew has otherwise than version ``with_number``. Raises NotFound."""
        return compare_crews(self.get_crew(crew_id, with_number).crew, self.get_crew(crew_id, number).crew)

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

    def check(self, files: Mapping[str, bytes], objective: str = "", name: str = "") -> CheckedFile:
        """Read, check and price the crew of uploaded files, by name; see ``checking``. Raises UnreadableCrew.

        ``objective`` is what was typed; without it, the one in the file is taken.
        """
        return check_files(name, files, objective, self.catalog, self.analyze, self.review)

    def split_crews(self, files: Mapping[str, bytes]) -> tuple[CrewFiles | UnreadableFile, ...]:
        """Return the files of each crew among many, and each file that holds none. Raises UnreadableCrew.

        ``check_one`` goes on with each of them: a few milliseconds each, so that whoever waits can be told.
        """
        return split_crews(files)

    def check_one(self, found: CrewFiles | UnreadableFile, objective: str = "") -> BatchRow:
        """Read, check and price one of many crews; what cannot be read becomes a row that says why."""
        return check_one_of_many(found, objective, self.catalog, self.analyze, self.review)

    def mend_one(self, checked: CheckedFile) -> CheckedFile:
        """Return a checked crew with every fix applied, checked again."""
        crew, changes = self.mend(checked.crew, checked.objective)
        report, figures = self.review(crew, checked.objective)
        done = (*checked.changes, *changes)
        return checked.model_copy(update={"crew": crew, "report": report, "estimate": figures, "changes": done})

    def export_batch(self, rows: Sequence[BatchRow], form: BatchFormat) -> Exported:
        """Return the rows of a batch as CSV that is safe for spreadsheets, or as JSON Lines with every finding."""
        return BATCH_FORMATS[form](rows)

    def export_crews(self, rows: Sequence[BatchRow]) -> Exported:
        """Return the crews of a batch as one ZIP of crewgen files; what was unreadable is not in it."""
        return zip_crews(rows)

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

    def providers(self) -> tuple[tuple[Provider, bool], ...]:
        """Return the known providers of models, and whether what each needs is set."""
        ready = configured_providers(self._environment)
        return tuple((provider, provider in ready) for provider in PROVIDERS)

    def candidate_models(self, providers: Sequence[str] | None = None) -> tuple[str, ...]:
        """Return LiteLLM names of models that a crew could use, the strongest first, each model once.

        All have a known price and a capability score, and none is switched off. ``providers`` are first parts of
        LiteLLM names ("openai"); None takes those whose keys are set, or all when there are none.
        """
        if providers is None:
            with_key = [provider.prefix for provider in configured_providers(self._environment) if provider.needs]
            providers = with_key or None
        return self._models.find_candidates(providers)

    def list_models(self) -> tuple[KnownModel, ...]:
        """Return every model with facts, shipped or added by a person, the strongest first."""
        return self._models.list_models()

    @property
    def model_facts(self) -> ModelFacts:
        """Everything known about models now; equal to an earlier one as long as no estimate would change by it."""
        return self._models.read()

    @property
    def model_fault(self) -> str:
        """Why only shipped facts about models were there when they were last read; empty when nothing was missing."""
        return self._models.fault

    def suggest_models(self, typed: str) -> tuple[str, ...]:
        """Return LiteLLM names that may be meant by what was typed; empty for a name that has a price."""
        return suggest_names(typed)

    def correct_model(self, correction: ModelCorrection) -> str:
        """Store what a person knows better about a model, in the place of what was entered before; return its name.

        It counts from the next estimate on. Raises UnusableCorrection.
        """
        checked = check_correction(correction)
        with self.database.begin() as connection:
            corrections.save(connection, checked)
        self._log.info("model corrected", model=checked.model, figures=checked.figures)
        return checked.model

    def forget_correction(self, name: str) -> None:
        """Forget what was entered about a model; the shipped facts count again. Raises NotFound."""
        with self.database.begin() as connection:
            corrections.remove(connection, full_name(name))

    @property
    def knowledge(self) -> Knowledge:
        """What designing and reviewing rest on."""
        return Knowledge(
            catalog=self.catalog,
            profile_of=self._models.lookup(),
            run_model=self.settings.run_model,
            environment=frozenset(name for name, value in self._environment.items() if value),
        )

    def profile_of(self, model: str) -> ModelProfile:
        """Return quality, price and speed of a model, as far as they are known."""
        return self._models.read().profile_of(model)

    @cached_property
    def _compose_alternatives(self) -> Callable[[str, ModelFacts], Composed]:
        """The built-in crews of an objective (as JSON), priced by the facts about models; kept, since a page asks for
        them again after each edit."""

        @lru_cache(MOST_COMPOSED)
        def compose(objective: str, facts: ModelFacts) -> Composed:
            knowledge = replace(self.knowledge, profile_of=facts.profile_of)
            return compose_alternatives(Objective.model_validate_json(objective), knowledge)

        return compose

    @cached_property
    def _models(self) -> ModelRegister:
        """What is known about models; an estimate reads the database, but does not make one."""
        return ModelRegister(self._find_database)

    def _find_database(self) -> Database | None:
        """Return the database, None as long as there is none: who only reads does not make one."""
        return self.database if "database" in self.__dict__ or is_there(self.settings.database_url) else None

    @property
    def _address(self) -> str:
        """Where the server of models named "openai/…" is; "" for OpenAI's own."""
        return self.settings.model_base_url or os.environ.get("OPENAI_BASE_URL", "")

    def _find_earlier(self, key: str) -> Draft | None:
        """Return the crew that a model made for the same request before; None when there is none that can be read."""
        try:
            with self.database.read() as connection:
                earlier = requests.find_answered(connection, key)
        except StorageFault as fault:  # a damaged row must not keep anybody from asking the model
            self._log.warning("earlier answer unreadable", reason=str(fault))
            return None
        if earlier is None or earlier.design is None or earlier.completed_at is None:
            return None
        provenance = earlier.design.provenance.reuse(earlier.id, earlier.completed_at)
        return Draft(crew=earlier.design.crew, provenance=provenance)

    def _composer(self, model: str, ask: AskModel | None = None) -> Composer:
        built_in = CatalogComposer(self.catalog)
        if not model:
            return built_in
        from crewgen_core.composition.model import ModelComposer

        return ModelComposer(self.catalog, built_in, ask or self._ask_model, model)

    async def _ask_model(self, request: Request) -> Answer:
        """Ask a model for somebody who waits: before the jobs, but within the limits of its provider."""
        settings = self.settings
        limits = CallLimits(settings.calls_at_once, settings.calls_per_minute)
        return await Gate(self.database, self._client.ask, limits, settings.model_deadline_seconds).ask(request)

    @property
    def _client(self) -> "ModelClient":
        # late: what asks a model brings openai, half a second that those without a model need not wait
        from crewgen_core.llm.client import ModelClient

        return ModelClient(self.settings.model_deadline_seconds, self.settings.model_base_url or None)

    def _understand(self, objective: Objective | None) -> Analysis | None:
        """Return what is understood of an objective; None where there is none that can be used."""
        try:
            return self._analyze_again(objective.model_dump_json()) if objective else None
        except CrewgenError:
            return None

    @cached_property
    def _analyze_again(self) -> Callable[[str], Analysis]:
        """What is understood of an objective (as JSON); kept, since it is held against each state of a crew."""

        @lru_cache(MOST_ANALYZED)
        def understand(objective: str) -> Analysis:
            return analyze(Objective.model_validate_json(objective), self.catalog)

        return understand

    def _fail(self, request_id: int, fault: BaseException) -> None:
        """Keep the reason with the request; what is no fault of ours is named without its inner words."""
        reason = "The program failed while it designed the crew."
        if isinstance(fault, CrewgenError):
            reason = str(fault)
        elif isinstance(fault, asyncio.CancelledError):
            reason = "It was stopped before the crew was ready."
        self._log.error("request failed", reason=reason, kind=type(fault).__name__)
        with self.database.begin() as connection:
            requests.fail(connection, request_id, reason)


def _written(crew: Crew) -> Objective | None:
    """Return the objective that the crew itself holds, None where there is none that can be used."""
    text = clean_text(crew.objective)
    return Objective(text=text) if 0 < len(text) <= MAX_OBJECTIVE_CHARACTERS else None
