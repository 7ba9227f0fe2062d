"""Supervises one run: feeds CrewAI, keeps what it tells, carries out what people want, and says how it ended.

The database is all that this process and those of people share. Killed at any moment, it leaves a run that whoever
looks next can end or go on with (``running``).
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event as Flag
from time import monotonic
from typing import Any

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.day_limits import read_day_limits
from crewgen_core.errors import CrewgenError, StorageFault
from crewgen_core.execution.crew_to_run import STAND_IN, CrewToRun, name_roles, prepare_crew
from crewgen_core.execution.environment import choose_keys, find_tool_gaps, key_names
from crewgen_core.execution.interpreter import find_interpreter, list_packages
from crewgen_core.execution.processes import name_host
from crewgen_core.execution.secrecy import clean, find_secrets
from crewgen_core.execution.session import Event, Session
from crewgen_core.execution.wording import Names, explain_failure, word_answer, word_event
from crewgen_core.front.run_spending import LONGEST_ANSWER, RunSpending
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.logs import get_log
from crewgen_core.models.run import Question, Run, RunState, Usage
from crewgen_core.settings import Settings
from crewgen_core.storage import crews, run_records, runs
from crewgen_core.storage.database import Database, Transaction

LOOK_S = 0.2
"""Seconds between two looks at what people want; what CrewAI tells is kept at once."""

BEAT_S = 1.0

WAITS_IN_MEMORY_S = 3_600.0
"""Seconds that CrewAI's process stays while a person is waited for; afterwards a new one goes on with the answer."""

TRIES_S = 60.0
"""Seconds that a database which is locked or away is asked again, before the run is given up."""

STOPPED = "A person stopped it."
OVER = "Its process was told to end: the machine shuts down, or somebody ended it."

PriceOf = Callable[[str], ModelPrice | None]


class Supervision:
    """One run, from CrewAI's start to its end."""

    def __init__(
        self,
        database: Database,
        run_id: int,
        catalog: Catalog,
        price_of: PriceOf,
        settings: Settings,
        environment: Mapping[str, str],
    ) -> None:
        """``price_of`` says what a model costs; ``environment`` has the keys."""
        self._database = database
        self._id = run_id
        self._catalog = catalog
        self._price_of = price_of
        self._settings = settings
        self._environment = environment
        self._spending = RunSpending(database, run_id, price_of, read_day_limits(settings))
        self._log = get_log("running")
        self.told_to_end = Flag()
        self._names = Names({}, {})
        self._question: Question | None = None
        self._task: str | None = None
        self._beat_at = float("-inf")
        self._began = monotonic()
        self._deadline_s: float | None = None
        self._waited_before = 0.0
        self._dry = False
        self._ended = False

    def carry_out(self, session: Session, folder: Path) -> None:
        """Run it to its end, whatever that is; the session has begun to load CrewAI, ``folder`` is its own."""
        with self._database.begin() as connection:
            run = runs.get(connection, self._id)
            if not run.open:
                return
            runs.name_process(connection, self._id, name_host(), os.getpid())
        self._begin(session, run, folder)
        self._follow(session)

    def give_up(self, reason: str) -> None:
        """End the run as failed: it could not even begin."""
        self._end("failed", f"It could not be started: {reason}")

    # --- its start ------------------------------------------------------------------------------------------------

    def _begin(self, session: Session, run: Run, folder: Path) -> None:
        """Give CrewAI everything that the run needs."""
        try:
            made = self._prepare(run)
        except CrewgenError as fault:
            self._end("failed", f"{fault} {fault.hint}")
            return
        self._names = Names({task.key: task.name for task in made.tasks}, name_roles(made.crew))
        base_url = self._settings.model_base_url or self._environment.get("OPENAI_BASE_URL", "")
        keys = choose_keys(made.models, made.tools, self._environment, base_url, dry=self._dry)
        project = folder / "project.zip"
        project.write_bytes(made.project)
        with self._database.begin() as connection:
            job = self._write_job(connection, run, made, project)
            runs.add_notes(connection, self._id, self._note_placeholders(made))
            runs.mark_running(connection, self._id)
            run_records.add_event(connection, self._id, "run", "CrewAI is being loaded; that takes some seconds.")
        secrets = find_secrets(key_names(made.models, made.tools), self._environment)
        session.begin({**job, "environment": keys}, secrets)

    def _prepare(self, run: Run) -> CrewToRun:
        with self._database.read() as connection:
            crew = crews.get(connection, run.crew_id, run.number).crew
        dry = self._dry = run.settings.dry
        interpreter = find_interpreter(self._settings.crewai_python)
        packages = list_packages(interpreter) if interpreter else frozenset[str]()
        gaps = find_tool_gaps(crew, self._catalog, self._environment, packages, dry=dry)
        left_out = {gap.tool for gap in gaps} if run.settings.leave_out_tools else set[str]()
        return prepare_crew(crew, self._catalog, STAND_IN if dry else run.model, left_out, only_this_model=dry)

    def _note_placeholders(self, made: CrewToRun) -> list[str]:
        needed = dict.fromkeys(name for tool in made.tools for name in tool.environment)
        unset = [name for name in needed if not self._environment.get(name)]
        if not (self._dry and unset):
            return []
        return [f"Keys that are not set were replaced by placeholders in this dry run: {', '.join(unset)}."]

    def _write_job(self, connection: Transaction, run: Run, made: CrewToRun, project: Path) -> dict[str, object]:
        """Return what CrewAI's process is told; see ``crewai_program/crewgen_run/line.py``."""
        redo = self._settle_answers(connection)
        kept = {t.key: t.output for t in run_records.list_tasks(connection, self._id) if t.state == "completed"}
        self._waited_before = runs.measure_waiting(connection, self._id)
        budget, minutes = run.settings.budget_usd, run.settings.deadline_minutes
        left = None if budget is None else max(Decimal(0), budget - run_records.sum_known_cost(connection, self._id))
        self._deadline_s = None if minutes is None else max(0.0, minutes * 60 - self._measure_elapsed(run))
        crew = made.crew
        people = [*crew.agents, *([crew.manager] if crew.manager else [])]
        return {
            "project": str(project),
            "tasks": [[task.key, task.name] for task in made.tasks],
            "agents": made.seats,
            "manager": crew.manager.key if crew.manager else None,
            "models": {} if self._dry else {person.key: person.model for person in people},
            "inputs": run.settings.inputs,
            "kept": kept,
            "redo": redo,
            "prices": {model: _list_prices(self._price_of(model)) for model in made.models},
            "budget_usd": None if left is None or self._dry else float(left),
            "seconds": self._deadline_s,
            "dry": self._dry,
            "asks": self._spending.asks and not self._dry,
            "longest_answer": LONGEST_ANSWER,
        }

    def _settle_answers(self, connection: Transaction) -> dict[str, dict[str, str]]:
        """Bring what people answered while no process was there into the tasks; return what is to be done again."""
        redo: dict[str, dict[str, str]] = {}
        newest = {question.task: question for question in run_records.list_questions(connection, self._id)}
        states = {task.key: task.state for task in run_records.list_tasks(connection, self._id)}
        for key, question in newest.items():
            if question.answer is None or states.get(key) == "completed":
                continue
            self._note_answer(connection, question)
            if question.answer:
                redo[key] = {"draft": question.draft, "wish": question.answer}
            else:
                run_records.set_task(connection, self._id, key, "completed", question.draft)
        return redo

    def _measure_elapsed(self, run: Run) -> float:
        """Return the seconds that a run that goes on has worked already."""
        if run.started_at is None:
            return 0.0
        return max(0.0, (datetime.now(UTC) - run.started_at).total_seconds() - self._waited_before)

    # --- its course -----------------------------------------------------------------------------------------------

    def _follow(self, session: Session) -> None:
        """Keep what CrewAI tells and carry out what people want, until either ends the run."""
        events: list[Event] = []
        failing_since: float | None = None
        while not self._ended:
            new = session.read(LOOK_S)
            events += new
            self._spending.hear(new)
            try:
                if self._keep(events, session) or self._let_calls_begin(session) or self._look_at_wishes(session):
                    return
                events, failing_since = [], None
            except StorageFault as fault:
                failing_since = failing_since or monotonic()
                if not fault.passing or monotonic() - failing_since > TRIES_S:
                    raise
            if session.ended and not events:
                reason = f"CrewAI's process ended unexpectedly. {session.explain_death()}"
                self._end("failed", f"{reason} What was done until then is kept.")
                return

    def _keep(self, events: list[Event], session: Session) -> bool:
        """Keep what was told; True where the run has ended with it."""
        if not events:
            return False
        with self._database.begin() as connection:
            for event in events:
                self._keep_event(connection, event)
        final = next((event for event in events if event["kind"] in ("completed", "failed", "limit")), None)
        if final is None:
            return False
        session.end()
        self._end(*self._conclude(final))
        return True

    def _keep_event(self, connection: Transaction, event: Event) -> None:
        task, agent = event.get("task"), event.get("agent")
        words = word_event(event, self._names)
        if words is not None:
            run_records.add_event(connection, self._id, words[0], words[1], task, agent)
        match event["kind"]:
            case "task_started" if task:
                self._task = task
                run_records.set_task(connection, self._id, task, "running")
            case "task_completed" if task:
                run_records.set_task(connection, self._id, task, "completed", event["output"])
            case "task_failed" if task:
                self._task = task
                run_records.set_task(connection, self._id, task, "failed")
            case "call":
                usage = self._price_call(event)
                run_records.add_calls(connection, self._id, task or "", agent or "", event["model"], usage)
                if not self._dry:
                    self._spending.settle(connection, event, usage.cost_usd)
            case "call_failed" if event.get("call"):
                self._spending.settle(connection, event, None)
            case "question" if task:
                question_id = run_records.ask(connection, self._id, task, event["draft"])
                self._question = run_records.get_question(connection, question_id)
            case _:
                pass

    def _price_call(self, event: Event) -> Usage:
        tokens_in, cached, tokens_out = event["tokens_in"], event["tokens_cached"], event["tokens_out"]
        price = self._price_of(event["model"])
        cost = price.cost(tokens_in, tokens_out, cached) if price and event["known"] else None
        return Usage(
            calls=1,
            tokens_in=tokens_in,
            tokens_cached=min(cached, tokens_in),
            tokens_out=tokens_out,
            cost_usd=Decimal(0) if self._dry else cost,
        )

    def _let_calls_begin(self, session: Session) -> bool:
        """Let calls of models begin that the limits of the day leave room for; True where the run has ended with it."""
        reason = self._spending.decide(lambda number: session.send({"allowed": number}))
        if reason:
            session.end()
            self._end("stopped", f"{reason} What was done until then is kept.")
        return bool(reason)

    def _look_at_wishes(self, session: Session) -> bool:
        """Do what people want; True where the run has ended with it, or is left to wait without this process."""
        if self.told_to_end.is_set():
            session.end()
            if self._question is None:
                self._end("failed", f"{OVER} What was done until then is kept.")
            return True
        with self._database.read() as connection:
            stop = runs.read_stop_wish(connection, self._id)
            question = self._question and run_records.get_question(connection, self._question.id)
        if stop:
            session.end()
            self._end("stopped", STOPPED)
            return True
        if question and question.answer is not None:
            self._pass_on(question, session)
        elif question and self._waits_alone(question):
            session.end()
            return True
        elif not question and self._deadline_s is not None:
            return self._enforce_deadline(session)
        return not self._beat(session)

    def _pass_on(self, question: Question, session: Session) -> None:
        """Give CrewAI what a person answered."""
        with self._database.begin() as connection:
            self._note_answer(connection, question)
            waited = runs.measure_waiting(connection, self._id)
        if self._deadline_s is not None:
            self._deadline_s += waited - self._waited_before
            self._waited_before = waited
        self._question = None
        session.send({"answer": question.answer or ""})

    def _note_answer(self, connection: Transaction, question: Question) -> None:
        words = word_answer(question.answer or "", self._names.tasks.get(question.task, question.task))
        run_records.add_event(connection, self._id, "question", words, question.task)

    def _waits_alone(self, question: Question) -> bool:
        """Tell whether nothing else is in hand and the person takes so long that the memory is better given back."""
        if (datetime.now(UTC) - question.asked_at).total_seconds() < WAITS_IN_MEMORY_S:
            return False
        with self._database.read() as connection:
            return all(task.state != "running" for task in run_records.list_tasks(connection, self._id))

    def _enforce_deadline(self, session: Session) -> bool:
        if self._deadline_s is None or monotonic() - self._began <= self._deadline_s:
            return not self._beat(session)
        session.end()
        self._end(*self._conclude({"kind": "limit", "limit": "deadline"}))
        return True

    def _beat(self, session: Session) -> bool:
        """Show that this process lives; False where the run has been ended by somebody else."""
        if monotonic() - self._beat_at < BEAT_S:
            return True
        with self._database.begin() as connection:
            alive = runs.beat(connection, self._id).alive
        self._beat_at = monotonic()
        if not alive:
            session.end()
        return alive

    # --- its end --------------------------------------------------------------------------------------------------

    def _conclude(self, final: Event) -> tuple[RunState, str]:
        if final["kind"] == "completed":
            return "completed", ""
        if final["kind"] == "failed":
            name = self._names.tasks.get(self._task or "")
            return "failed", f"{explain_failure(str(final['error']), name)} What was done until then is kept."
        if final["limit"] == "deadline":
            return "stopped", "Its time was up: the next call of a model would have begun after the deadline."
        spent, coming = final["spent_usd"], final["coming_usd"]
        return "stopped", (
            f"Its budget would not have been kept: {spent:.4f} USD were spent, and the next call of a model was "
            f"expected to cost {coming:.4f} USD."
        )

    def _end(self, state: RunState, reason: str = "") -> None:
        secrets = find_secrets(
            (name for name in self._environment if name.endswith(("_KEY", "_TOKEN"))), self._environment
        )
        reason = clean(reason, secrets)
        with self._database.begin() as connection:
            if runs.end(connection, self._id, state, reason):
                run_records.add_event(connection, self._id, "run", reason or "The run is completed.")
        self._log.info("run ended", run=self._id, state=state)


def _list_prices(price: ModelPrice | None) -> list[float] | None:
    """Return USD of a token of the prompt, of one from the cache, and of the answer; None where one is not known."""
    if price is None or price.input_usd is None or price.output_usd is None:
        return None
    read: Any = price.input_usd if price.cache_read_usd is None else price.cache_read_usd
    return [float(price.input_usd), float(read), float(price.output_usd)]
