"""Work on a chunk: its rows are worked out, then stored in one transaction with what came of them.

Whatever happens, work ends with no row of the chunk pending under its number: rows are finished, or wait in a new
chunk. A process may die at any moment; whoever works on the chunk again finds what is stored, and does the rest.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count
from threading import Lock

from crewgen_core.day_limits import explain
from crewgen_core.errors import CrewgenError, NotFound
from crewgen_core.jobs.craft import Craft, Store
from crewgen_core.jobs.gate import Gate, NotNow, Question
from crewgen_core.jobs.patience import persist
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.loop import shared_loop
from crewgen_core.logs import get_log, log_context
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, Item, Job
from crewgen_core.models.limit import LimitStanding
from crewgen_core.models.objective import Objective
from crewgen_core.storage import job_items, jobs, model_calls, people, requests, usage
from crewgen_core.storage.database import Database, Transaction

MOST_ATTEMPTS = 5
"""Times that work on a row may begin. The process was killed in each before: by chance, or by the row itself."""

TRIES, FIRST_PAUSE_S = 4, 2.0
"""Times that a model is asked the same while its provider is busy, and seconds before the second; they double."""

OUR_FAULT = "The program failed while it worked on this row."
WORN_OUT = f"The program was stopped each of the {MOST_ATTEMPTS} times that it worked on this row."
OUT_OF_BUDGET = "The budget is used up: the next call could cost more than is left. Raise it, and the job goes on."

Worked = Design | FinishedItem | Store
"""A row that is worked out, but not stored: a new crew, a failure, or what stores the rest."""

_log = get_log("jobs")


@dataclass(frozen=True)
class Mandate:
    """A job as it is worked on for its owner: with what they may see, and what comes of it is theirs."""

    job: Job
    database: Database
    craft: Craft


class ChunkWork:
    """Works on chunks, in threads of the queue."""

    def __init__(self, database: Database, craft: Craft, gate: Gate, rows_at_once: int) -> None:
        """``rows_at_once`` is how many rows of this process are with models at the same time."""
        self._database = database
        self._craft = craft
        self._gate = gate
        self._processor = Lock()  # two chunks in two threads would only take turns, and both end late
        self._with_models = asyncio.Semaphore(rows_at_once)

    def work_on(self, job_id: int, chunk: int) -> None:
        """Work on a chunk until none of its rows is pending."""
        with log_context(job=job_id, chunk=chunk):
            self._work_on(job_id, chunk)

    def _work_on(self, job_id: int, chunk: int) -> None:
        while begun := persist(partial(self._begin, job_id, chunk)):
            mandate, items = begun
            if mandate.job.kind == "generate" and items[0].model:
                self._ask_models(mandate, items)
            else:
                with self._processor:
                    self._compute(mandate, items)

    def _begin(self, job_id: int, chunk: int) -> tuple[Mandate, Sequence[Item]] | None:
        """Return rows to work on next; None when there are none, or the job does not run: then they wait for later."""
        with self._database.begin() as connection:
            try:
                job = jobs.lock(connection, job_id)
            except NotFound:
                return None
            if job.state != "running":
                job_items.leave(connection, job_id, chunk)
                return None
            jobs.mark_started(connection, job_id)
            items, full = self._take_rows(connection, job, chunk)
            if not items and full:
                _pause_until_reset(connection, job_id, full)
                job_items.leave(connection, job_id, chunk)
            return (self._take_on(connection, job), items) if items else None

    def _take_rows(self, connection: Transaction, job: Job, chunk: int) -> tuple[Sequence[Item], LimitStanding | None]:
        """Return rows to begin, as many as may be generated today, and the limit that leaves out the others."""
        if job.kind != "generate":
            return job_items.begin(connection, job.id, chunk), None
        full: LimitStanding | None = None

        def grant(wanted: int) -> int:
            nonlocal full
            owner = jobs.find_owner(connection, job.id)
            granted, full = usage.grant_generations(connection, owner, self._gate.limits.day, wanted)
            return granted

        return job_items.begin(connection, job.id, chunk, grant), full

    def _take_on(self, connection: Transaction, job: Job) -> Mandate:
        if job.owner_id is None or self._craft.acting_for is None:
            return Mandate(job, self._database, self._craft)
        owner = people.find_maker(connection, job.owner_id)
        return Mandate(job, self._database.acting_for(owner), self._craft.acting_for(owner))

    def _compute(self, mandate: Mandate, items: Sequence[Item]) -> None:
        """Work out rows one after the other and store them together."""
        with asyncio.Runner() as runner:
            done = {item.id: self._try(mandate, item, runner) for item in items}
        self._keep(mandate, items, done)

    def _try(self, mandate: Mandate, item: Item, runner: asyncio.Runner) -> Worked:
        if item.attempts >= MOST_ATTEMPTS:
            return _fail(item, WORN_OUT)
        try:
            with log_context(item=item.id):
                return persist(partial(self._work_out, mandate, item, runner))
        except Exception as fault:  # noqa: BLE001 one row must not stop the others
            return _explain(item, fault)

    def _work_out(self, mandate: Mandate, item: Item, runner: asyncio.Runner) -> Worked:
        job, craft = mandate.job, mandate.craft
        if job.kind == "generate":
            return runner.run(craft.design(_objective_of(item), "", None))
        work = craft.check if job.kind == "validate" else craft.optimize
        return work(job, item)

    def _ask_models(self, mandate: Mandate, items: Sequence[Item]) -> None:
        """Let rows wait for their models side by side; each is stored as soon as it is there."""
        self._craft.prepare()

        async def work_on_all() -> list[BaseException | None]:
            return await asyncio.gather(*(self._ask_for(mandate, item) for item in items), return_exceptions=True)

        stops = [stop for stop in shared_loop().run(work_on_all()) if stop is not None]
        if any(isinstance(stop, NotNow) and stop.reason == "budget" for stop in stops):
            persist(partial(self._pause, mandate.job))
        full = next((stop.full for stop in stops if isinstance(stop, NotNow) and stop.reason == "limit"), None)
        if full:
            persist(partial(self._pause_for_today, mandate.job, full))
        for stop in stops:
            if not isinstance(stop, NotNow):
                raise stop

    async def _ask_for(self, mandate: Mandate, item: Item) -> None:
        """Work out and store a row with its model; raise NotNow where its job must not go on."""
        async with self._with_models:
            try:
                with log_context(item=item.id):
                    done = await self._design_with_model(mandate, item)
            except NotNow:
                raise
            except Exception as fault:  # noqa: BLE001 one row must not stop the others
                done = _explain(item, fault)
            await asyncio.to_thread(self._keep, mandate, [item], {item.id: done})

    async def _design_with_model(self, mandate: Mandate, item: Item) -> Worked:
        if item.attempts >= MOST_ATTEMPTS:
            return _fail(item, WORN_OUT)
        job, steps = mandate.job, count()

        async def ask(request: Request) -> Answer:
            question = Question(job.id, item.id, next(steps), job.budget_usd is not None, item.attempts > 0)
            return await self._ask_patiently(request, question)

        made = await mandate.craft.design(_objective_of(item), item.model, ask)
        if made.provenance.fallback_reason and not job.settings.fall_back:
            return _fail(item, made.provenance.fallback_reason, made)
        return made

    async def _ask_patiently(self, request: Request, question: Question) -> Answer:
        """Ask, and ask again after a while where that may help."""
        for tried in count(1):
            try:
                return await self._gate.ask(request, question)
            except CallFailed as fault:
                if not fault.passing or tried == TRIES:
                    raise
                pause = FIRST_PAUSE_S * 2 ** (tried - 1)
            await asyncio.sleep(pause * random.uniform(0.75, 1.25))  # noqa: S311 so that rows do not all come back at once
        raise AssertionError("The last try returns or raises.")

    def _keep(self, mandate: Mandate, items: Sequence[Item], done: Mapping[int, Worked]) -> None:
        """Store what came of rows; where one of them cannot be stored, it fails and the others are."""
        try:
            persist(partial(self._store, mandate, items, done))
        except Exception as fault:  # noqa: BLE001 one row must not stop the others
            if len(items) == 1:
                persist(partial(self._store, mandate, items, {items[0].id: _explain(items[0], fault)}))
                return
            for item in items:
                self._keep(mandate, [item], done)

    def _store(self, mandate: Mandate, items: Sequence[Item], done: Mapping[int, Worked]) -> None:
        """Store what came of rows, those that nobody else finished in the meantime, together or not at all."""
        job_id = mandate.job.id
        with mandate.database.begin() as connection:
            shared = jobs.lock(connection, job_id).shared
            pending = job_items.lock_pending(connection, [item.id for item in items])
            rows = [item for item in items if item.id in pending]
            finished = _store_designs(connection, rows, done, shared)
            for item in rows:
                match done[item.id]:
                    case Design():
                        pass
                    case FinishedItem() as failed:
                        finished.append(failed)
                    case store:
                        finished.append(store(connection))
            job_items.finish(connection, job_id, finished)
            model_calls.forget_answers(connection, [item.id for item in rows if item.model])

    def _pause(self, job: Job) -> None:
        with self._database.begin() as connection:
            now = jobs.lock(connection, job.id)
            if now.state == "running" and now.budget_usd == job.budget_usd:  # nobody raised it in the meantime
                jobs.set_state(connection, job.id, "paused", OUT_OF_BUDGET)

    def _pause_for_today(self, job: Job, full: LimitStanding) -> None:
        with self._database.begin() as connection:
            if jobs.lock(connection, job.id).state == "running":
                _pause_until_reset(connection, job.id, full)


def _pause_until_reset(connection: Transaction, job_id: int, full: LimitStanding) -> None:
    """Pause a job until a limit of the day is free again; people may go on with it before, and it then looks again."""
    reason = (
        f"{explain(full, 'owner')} It goes on by itself on {full.resets_at:%Y-%m-%d} at {full.resets_at:%H:%M} UTC."
    )
    jobs.set_state(connection, job_id, "paused", reason, full.resets_at)


def _store_designs(
    connection: Transaction, rows: Sequence[Item], done: Mapping[int, Worked], shared: bool
) -> list[FinishedItem]:
    made = [(item, design) for item in rows if isinstance(design := done[item.id], Design)]
    stored = requests.store_designs(
        connection, [design for _, design in made], [item.model or None for item, _ in made], shared=shared
    )
    return [FinishedItem.of(item.id, design, place) for (item, design), place in zip(made, stored, strict=True)]


def _objective_of(item: Item) -> Objective:
    return Objective.model_validate({"text": item.objective, **item.requirements})


def _explain(item: Item, fault: Exception) -> FinishedItem:
    if isinstance(fault, CrewgenError):
        return _fail(item, str(fault))
    _log.error("row failed", item=item.id, kind=type(fault).__name__, exc_info=True)
    return _fail(item, OUR_FAULT)


def _fail(item: Item, reason: str, made: Design | None = None) -> FinishedItem:
    spent = made.provenance.cost_usd if made else None
    return FinishedItem(
        id=item.id, state="failed", failure_reason=reason, crew_id=item.crew_id, spent_usd=spent or Decimal(0)
    )
