"""The front door's part for running: crews executed on CrewAI, each by a process of its own that outlives this one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from crewgen_core.day_limits import read_day_limits
from crewgen_core.errors import CannotRun, CrewgenError
from crewgen_core.execution.crew_to_run import CrewToRun, name_roles, prepare_crew
from crewgen_core.execution.environment import find_missing_keys, find_tool_gaps
from crewgen_core.execution.interpreter import explain_missing, find_interpreter, list_packages
from crewgen_core.execution.processes import is_dead, name_host, start_detached
from crewgen_core.llm.address import holds_address
from crewgen_core.llm.faults import model_address_fault
from crewgen_core.logs import get_log
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import SYSTEM, Person
from crewgen_core.models.run import (
    Prediction,
    Preflight,
    Question,
    Run,
    RunProgress,
    RunSettings,
    RunState,
    TaskRun,
    ToolGap,
)
from crewgen_core.models.stored import StoredCrew
from crewgen_core.pipeline import Knowledge, price_raw
from crewgen_core.settings import Settings
from crewgen_core.storage import crews, run_records, runs
from crewgen_core.storage.database import Database
from crewgen_core.storage.runs import DEAD_AFTER_MS, LOST, NewRun

NO_SETTINGS = RunSettings()

STAYS = "What was done until then is kept; it can go on from there."


class Running:
    """Everything that can be asked about runs of crews."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Callable[[], Knowledge],
        database: Callable[[], Database],
        understand: Callable[[Objective | None], Analysis | None],
        environment: Mapping[str, str],
    ) -> None:
        """``understand`` analyzes an objective where there is one; of ``environment``, only names are looked at."""
        self._settings = settings
        self._knowledge = knowledge
        self._database = database
        self._understand = understand
        self._environment = environment
        self._log = get_log("running")
        self._roles_of = lru_cache(64)(self._read_roles)  # asked every second, and a version never changes

    # --- before a run ---------------------------------------------------------------------------------------------

    def available(self) -> str | None:
        """Return None where crews can run here, else a sentence what is missing and how to get it."""
        return explain_missing(self._settings.crewai_python)

    def preflight(self, crew_id: int, number: int | None = None, settings: RunSettings = NO_SETTINGS) -> Preflight:
        """Say whether a version of a crew (the newest unless a number is given) can run so. Raises NotFound."""
        return self._check(self._load(crew_id, number), settings)[0]

    def start(self, crew_id: int, number: int | None = None, settings: RunSettings = NO_SETTINGS) -> Run:
        """Begin to run a version of a crew, the newest unless a number is given, and return at once.

        Raises NotFound, and CannotRun with what to do where it cannot run so.
        """
        return self._begin(self._load(crew_id, number), settings)

    # --- runs -----------------------------------------------------------------------------------------------------

    def get(self, run_id: int) -> Run:
        """Return a run. Raises NotFound."""
        self._bury(run_id)
        with self._database().read() as connection:
            return runs.get(connection, run_id)

    def list_runs(
        self,
        crew_id: int | None = None,
        states: Sequence[RunState] | None = None,
        limit: int = 20,
        before: int | None = None,
    ) -> tuple[Run, ...]:
        """Return runs, the newest first, of one crew or of all; ``before`` is the id of the last one shown before."""
        self._bury_all()
        with self._database().read() as connection:
            return runs.list_runs(connection, crew_id, states, limit, before)

    def count_runs(self, crew_id: int | None = None, states: Sequence[RunState] | None = None) -> int:
        """Return how many runs there are, of one crew or of all, in some states or in all."""
        with self._database().read() as connection:
            return runs.count_runs(connection, crew_id, states)

    def progress(self, run_id: int, after: int = 0) -> RunProgress:
        """Return a run as it stands, with its events after number ``after``; cheap enough to be asked every second.

        Raises NotFound.
        """
        self._bury(run_id)
        with self._database().read() as connection:
            run = runs.get(connection, run_id)
        roles = self._roles_of(run.crew_id, run.number)
        with self._database().read() as connection:
            run = runs.get(connection, run_id)
            return RunProgress(
                run=run,
                tasks=run_records.list_tasks(connection, run_id),
                agents=run_records.list_agents(connection, run_id, roles),
                events=run_records.list_events(connection, run_id, after),
                question=run_records.find_open_question(connection, run_id) if run.state == "waiting" else None,
            )

    def stop(self, run_id: int) -> Run:
        """Stop a run: within two seconds nothing of it executes any more; results of finished tasks are kept.

        Raises NotFound, and CannotRun for one that has ended.
        """
        self.get(run_id)  # first, so that who may only look learns of no run that they may not see
        with self._database().begin() as connection:
            runs.want_stop(connection, run_id)
            if self._seems_dead(runs.find_process(connection, run_id)):
                runs.end(connection, run_id, "stopped", "A person stopped it.")
            return runs.get(connection, run_id)

    def answer(self, question_id: int, text: str = "") -> Question:
        """Answer what a run waits for: "" accepts the draft, anything else is what shall be changed about it.

        Where the run's process is gone (the machine was restarted), a new one goes on. Raises NotFound, and CannotRun
        for a question that was answered already or whose run has ended.
        """
        with self._database().begin() as connection:
            question = run_records.answer(connection, question_id, text.strip())
            run_id = question.run_id
            left_alone = self._seems_dead(runs.find_process(connection, run_id))
            if left_alone:
                runs.name_process(connection, run_id, name_host(), None)
        if left_alone:
            self._start_process(run_id)
        return question

    def again(self, run_id: int) -> Run:
        """Run the same version of a crew again with the same settings. Raises NotFound, CannotRun."""
        earlier = self.get(run_id)
        return self._begin(self._load(earlier.crew_id, earlier.number), earlier.settings, earlier)

    def go_on(self, run_id: int) -> Run:
        """Go on from where a failed or stopped run ended: finished tasks keep their results and are not done again.

        It is a new run with a budget and a deadline of its own. Raises NotFound, CannotRun.
        """
        earlier = self.get(run_id)
        if earlier.state not in ("failed", "stopped"):
            raise CannotRun(
                f"Run {run_id} is {earlier.state}; only one that failed or was stopped can go on.",
                "Run the crew again instead." if earlier.state == "completed" else "Wait until it ends.",
            )
        with self._database().read() as connection:
            kept = {t.key: t.output for t in run_records.list_tasks(connection, run_id) if t.state == "completed"}
        return self._begin(self._load(earlier.crew_id, earlier.number), earlier.settings, earlier, kept)

    def speak_for_owner(self, run_id: int) -> Person:
        """Return crewgen itself as it works for the owner of a run, whose limits it uses."""
        with self._database().read() as connection:
            owner = runs.find_owner(connection, run_id)
        return SYSTEM.model_copy(update={"id": owner.person_id, "token_id": owner.token_id})

    # --- inside ---------------------------------------------------------------------------------------------------

    def _load(self, crew_id: int, number: int | None) -> StoredCrew:
        with self._database().read() as connection:
            return crews.get(connection, crew_id, number)

    def _check(self, stored: StoredCrew, settings: RunSettings) -> tuple[Preflight, CrewToRun | None]:
        knowledge = self._knowledge()
        model = settings.model or self._settings.run_model
        predicted = self._predict(stored, replace(knowledge, run_model=model))
        interpreter = find_interpreter(self._settings.crewai_python)
        packages = None if interpreter is None else list_packages(interpreter)
        gaps = find_tool_gaps(stored.crew, knowledge.catalog, self._environment, packages, dry=settings.dry)
        left_out = {gap.tool for gap in gaps} if settings.leave_out_tools else set[str]()
        problems, made, missing = list[str](), None, tuple[str, ...]()
        if unavailable := self.available():
            problems.append(unavailable)
        try:
            made = prepare_crew(stored.crew, knowledge.catalog, model, left_out)
        except CrewgenError as fault:
            problems.append(f"{fault} {fault.hint}")
        if made:
            problems += [str(model_address_fault(name)) for name in made.models if holds_address(name)]
        if made and not settings.dry:
            missing = find_missing_keys(made.models, self._environment, bool(self._base_url))
            problems += [_explain_keys(missing)] if missing else []
            limited = settings.budget_usd is not None or read_day_limits(self._settings).of_money
            problems += _list_unpriced(made.models, knowledge) if limited else []
        problems += [] if settings.leave_out_tools else map(_explain_gap, gaps)
        return Preflight(
            ready=not problems, problems=tuple(problems), gaps=gaps, missing_keys=missing, predicted=predicted
        ), made

    @property
    def _base_url(self) -> str:
        return self._settings.model_base_url or self._environment.get("OPENAI_BASE_URL", "")

    def _predict(self, stored: StoredCrew, knowledge: Knowledge) -> Prediction:
        """Return the typical values of the estimate, which no outcome has corrected."""
        analysis = self._understand(stored.objective)
        figures = price_raw(stored.crew, knowledge, analysis.domain if analysis else None)
        return Prediction(
            success=figures.success.p50,
            cost_usd=None if figures.cost_usd is None else figures.cost_usd.p50,
            duration_s=figures.duration_s.p50,
            tokens=figures.tokens.p50,
        )

    def _begin(
        self,
        stored: StoredCrew,
        settings: RunSettings,
        earlier: Run | None = None,
        kept: Mapping[str, str] | None = None,
    ) -> Run:
        preflight, made = self._check(stored, settings)
        if not preflight.ready or made is None:
            raise CannotRun(preflight.problems[0], " ".join(preflight.problems[1:]) or CannotRun.hint)
        kept = kept or {}
        done = sum(1 for task in made.tasks if task.key in kept)
        notes = _note(settings, preflight.gaps)
        if earlier and kept:
            notes.append(f"It goes on from run {earlier.id}: {done} of {len(made.tasks)} tasks keep their results.")
        new = NewRun(
            crew_id=stored.crew_id,
            number=stored.number,
            crew_name=stored.crew.name,
            settings=settings,
            model=settings.model or self._settings.run_model,
            predicted=preflight.predicted,
            tasks=[
                TaskRun(
                    position=position,
                    key=task.key,
                    name=task.name,
                    agent=task.agent,
                    state="completed" if task.key in kept else "pending",
                    output=kept.get(task.key, ""),
                )
                for position, task in enumerate(made.tasks)
            ],
            notes=tuple(notes),
            previous_run_id=earlier.id if earlier else None,
        )
        with self._database().begin() as connection:
            run_id = runs.create(connection, new)
        self._start_process(run_id)
        return self.get(run_id)

    def _start_process(self, run_id: int) -> None:
        """Start the process that carries out a run; where that fails, the run says so."""
        try:
            process_id = start_detached(run_id, self._settings)
        except OSError as fault:
            self._log.error("run not started", run=run_id, reason=str(fault))
            with self._database().begin() as connection:
                runs.end(connection, run_id, "failed", "The process that carries it out could not be started.")
            return
        with self._database().begin() as connection:
            runs.name_process(connection, run_id, name_host(), process_id)
        self._log.info("run started", run=run_id, process=process_id)

    def _seems_dead(self, process: runs.Process) -> bool:
        return is_dead(process.run_id, process.host, process.process_id, process.silent_ms > DEAD_AFTER_MS)

    def _bury(self, run_id: int) -> None:
        """End a run as failed whose process is dead, whoever looks; one that waits for a person needs none."""
        with self._own_database.read() as connection:
            process = runs.find_process(connection, run_id)
        if process.state in ("starting", "running") and self._seems_dead(process):
            self._end_lost(run_id)

    def _bury_all(self) -> None:
        with self._own_database.read() as connection:
            processes = runs.find_open_processes(connection)
        for process in processes:
            if process.state != "waiting" and self._seems_dead(process):
                self._end_lost(process.run_id)

    def _end_lost(self, run_id: int) -> None:
        with self._own_database.begin() as connection:
            process = runs.find_process(connection, run_id)  # it may have ended, or a new one begun, in between
            if process.state in ("starting", "running") and self._seems_dead(process):
                wanted = runs.read_stop_wish(connection, run_id)
                reason = "A person stopped it." if wanted else f"{LOST} {STAYS}"
                runs.end(connection, run_id, "stopped" if wanted else "failed", reason)

    def _read_roles(self, crew_id: int, number: int) -> Mapping[str, str]:
        with self._database().read() as connection:
            return name_roles(crews.get_of_run(connection, crew_id, number).crew)

    @property
    def _own_database(self) -> Database:
        """The database as crewgen itself uses it, for what is true whoever looks."""
        return self._database().acting_for(SYSTEM)


def _explain_keys(missing: Sequence[str]) -> str:
    return (
        f"The key of a model's provider is not set: {', '.join(missing)}. Set it in the environment or in "
        ".streamlit/secrets.toml, choose another model, or make a dry run."
    )


def _explain_gap(gap: ToolGap) -> str:
    return f"The tool {gap.name} lacks {', '.join(gap.missing)}. Set it up, or run without the missing tools."


def _list_unpriced(models: Sequence[str], knowledge: Knowledge) -> list[str]:
    unknown = [model for model in models if knowledge.profile_of(model).price is None]
    return [
        f"The price of {model} is not known, so a budget cannot be kept. Enter it under Settings, or leave the budget "
        "empty."
        for model in unknown
    ]


def _note(settings: RunSettings, gaps: Sequence[ToolGap]) -> list[str]:
    notes = ["It was a dry run: a stand-in answered instead of models, at no cost."] if settings.dry else []
    if settings.leave_out_tools and gaps:
        notes.append(f"It ran without these tools: {', '.join(gap.name for gap in gaps)}.")
    return notes
