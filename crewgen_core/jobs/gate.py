"""The gate that every model call passes: the limits of providers, over all workers, and the budgets of jobs.

Who asks by hand passes those who ask in bulk: jobs leave a little of each limit unused.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar

from crewgen_core.jobs.patience import persist
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.prices import price_of
from crewgen_core.storage import model_calls
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import Ask, Held, Passed, Refusal

KEPT_FREE = 0.05
"""Share of each limit that jobs leave to people at a page; at least one call, where the limit is more than one."""

MOST_TOKENS_OUT = 10_000
"""Most tokens that one answer may have where a job has a budget: a crew takes one to two thousand, thinking more."""

CHARACTERS_A_TOKEN = 2
"""A cautious reckoning of prompts, of which English has about four a token."""

Result = TypeVar("Result")

AskModel = Callable[[Request], Awaitable[Answer]]
"""How to ask a model (``llm.client.ModelClient.ask``)."""


class NotNow(Exception):
    """A call must not be made: its job does not run, or its budget is used up. The row stays as it is."""

    def __init__(self, reason: Refusal) -> None:
        """``reason`` is "stopped" or "budget"."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Limits:
    """What providers allow, each of them, over all workers."""

    at_once: int
    """Calls that may be open."""
    per_minute: int
    """Calls that may begin within a minute; 0 is no limit."""

    def for_jobs(self) -> "Limits":
        """Return what jobs may use of it."""
        return Limits(_leave_some(self.at_once), _leave_some(self.per_minute))


@dataclass(frozen=True)
class Question:
    """What a call is for."""

    job_id: int
    item_id: int
    step: int
    """Which question of its item it is, from 0; one that was answered is not asked again."""
    has_budget: bool
    again: bool
    """Whether work on the item began before, so that there may be an answer already."""


class Gate:
    """The gate as one process sees it. What may pass is decided in the database, for all."""

    def __init__(
        self, database: Database, ask: AskModel, limits: Limits, deadline_s: float, worker_id: str | None = None
    ) -> None:
        """``deadline_s`` is how long one call may take, in seconds; ``worker_id`` says whose calls they are."""
        self._database = database
        self._ask = ask
        self._limits = limits
        self._deadline_s = deadline_s
        self._worker_id = worker_id
        self._turns: defaultdict[tuple[str, int | None], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ended = asyncio.Event()

    async def ask(self, request: Request, question: Question | None = None) -> Answer:
        """Ask a model as soon as limits and budget allow it. Raises CallFailed, NotNow, StorageFault."""
        if question and question.again and (answer := await asyncio.to_thread(persist, partial(self._find, question))):
            return answer
        if question and question.has_budget:
            request = request.model_copy(update={"max_tokens": MOST_TOKENS_OUT})
        call_id = await self._pass(request, question)
        cost: Decimal | None = None
        kept: Answer | None = None
        try:
            answer = await self._ask(request)
            cost, kept = answer.cost_usd, answer if question else None
        except CallFailed as fault:
            cost = fault.cost_usd
            raise
        finally:
            await asyncio.shield(asyncio.to_thread(_within(question), partial(self._end, call_id, cost, kept)))
            self._ended.set()
        return answer

    async def _pass(self, request: Request, question: Question | None) -> int:
        """Wait until the call may begin; those of one job and process pass in the order in which they came."""
        wish = Ask(
            provider=request.model.partition("/")[0],
            model=request.model,
            at_once=self._limits.at_once,
            per_minute=self._limits.per_minute,
            deadline_s=self._deadline_s,
            most_usd=reckon_most(request),
            worker_id=self._worker_id,
            job_id=question and question.job_id,
            item_id=question and question.item_id,
            step=question.step if question else 0,
        )
        async with self._turns[wish.provider, wish.job_id]:
            while True:
                self._ended.clear()
                verdict = await asyncio.to_thread(_within(question), partial(self._begin, wish))
                if isinstance(verdict, Passed):
                    return verdict.call_id
                if verdict.reason != "busy":
                    raise NotNow(verdict.reason)
                await self._wait(verdict.wait_s)

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until a call of this process ends."""
        try:
            async with asyncio.timeout(min(seconds, 1.0)):
                await self._ended.wait()
        except TimeoutError:
            pass

    def _find(self, question: Question) -> Answer | None:
        with self._database.read() as connection:
            return model_calls.find_answer(connection, question.item_id, question.step)

    def _begin(self, wish: Ask) -> Passed | Held:
        with self._database.begin() as connection:
            return model_calls.begin(connection, wish)

    def _end(self, call_id: int, cost_usd: Decimal | None, answer: Answer | None) -> None:
        with self._database.begin() as connection:
            model_calls.end(connection, call_id, cost_usd, answer)


def _within(question: Question | None) -> Callable[[Callable[[], Result]], Result]:
    """Return how to ask the database: a row waits while it fails, and a person is told."""
    return persist if question else lambda do: do()


def reckon_most(request: Request) -> Decimal | None:
    """Return the most that a question may cost, in USD; None where a price is not known."""
    price = price_of(request.model)
    if price is None:
        return None
    tokens_in = sum(len(message.content) for message in request.messages) // CHARACTERS_A_TOKEN
    return price.cost(tokens_in, request.max_tokens or min(price.max_output_tokens or MOST_TOKENS_OUT, MOST_TOKENS_OUT))


def _leave_some(limit: int) -> int:
    return limit if limit <= 1 else limit - max(1, round(limit * KEPT_FREE))
