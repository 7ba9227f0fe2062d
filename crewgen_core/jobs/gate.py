"""The gate that every model call passes: limits of providers, over all workers, limits of the day, budgets of jobs.

Who asks by hand passes those who ask in bulk: jobs leave a little of each limit unused.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import TypeVar

from crewgen_core.day_limits import explain, refuse
from crewgen_core.errors import LimitReached, ModelFault
from crewgen_core.jobs.patience import persist
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.faults import CallFailed
from crewgen_core.llm.prices import ModelPrice, price_of
from crewgen_core.models.limit import NO_LIMITS, DayLimits, LimitStanding
from crewgen_core.storage import model_calls
from crewgen_core.storage.database import Database
from crewgen_core.storage.model_calls import Ask, Held, Passed, Refusal

KEPT_FREE = 0.05
"""Share of each limit that jobs leave to people at a page; at least one call, where the limit is more than one."""

MOST_TOKENS_OUT = 10_000
"""Most tokens that one answer may have where money is limited: a crew takes one to two thousand, thinking more."""

RETRY_S = 60.0
"""Seconds after which whoever waited in vain for open calls may try again."""

Result = TypeVar("Result")

AskModel = Callable[[Request], Awaitable[Answer]]
"""How to ask a model (``llm.client.ModelClient.ask``)."""

PriceOf = Callable[[str], ModelPrice | None]
"""What a model costs, as far as it is known."""


class NotNow(Exception):
    """A call must not be made: its job does not run, or money is used up. The row stays as it is."""

    def __init__(self, reason: Refusal, full: LimitStanding | None = None) -> None:
        """``reason`` is "stopped", "budget" or "limit"; of a limit, ``full`` is which."""
        super().__init__(reason)
        self.reason = reason
        self.full = full


@dataclass(frozen=True)
class Limits:
    """What providers allow, each of them, over all workers, and what may be used within a day."""

    at_once: int
    """Calls that may be open."""
    per_minute: int
    """Calls that may begin within a minute; 0 is no limit."""
    day: DayLimits = NO_LIMITS
    """What may be used within a day."""

    def for_jobs(self) -> "Limits":
        """Return what jobs may use of it."""
        return Limits(_leave_some(self.at_once), _leave_some(self.per_minute), self.day)


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
        self,
        database: Database,
        ask: AskModel,
        limits: Limits,
        deadline_s: float,
        worker_id: str | None = None,
        price_of: PriceOf = price_of,
    ) -> None:
        """``deadline_s`` is how long one call may take, in seconds; ``worker_id`` says whose calls they are.

        ``price_of`` is asked where the price map knows no price.
        """
        self._database = database
        self._ask = ask
        self.limits = limits
        self._price_of = price_of
        self._deadline_s = deadline_s
        self._worker_id = worker_id
        self._turns: defaultdict[tuple[str, int | None], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._ended = asyncio.Event()

    async def ask(self, request: Request, question: Question | None = None) -> Answer:
        """Ask a model as soon as limits and budget allow it.

        Raises CallFailed, StorageFault, ModelFault where money is limited and the model's price is not known, and where
        a limit of the day is used up, NotNow for a job, LimitReached for everybody else.
        """
        if question and question.again and (answer := await asyncio.to_thread(persist, partial(self._find, question))):
            return answer
        provider = request.model.partition("/")[0]
        async with self._turns[
            provider, question and question.job_id
        ]:  # so calls begin in the order in which they came
            price = await asyncio.to_thread(self._find_price, request.model)
            if self.limits.day.of_money or (question and question.has_budget):
                request = request.model_copy(update={"max_tokens": MOST_TOKENS_OUT})
            most = reckon_most(request, price)
            if most is None and self.limits.day.of_money:
                raise unpriced_fault(request.model)
            call_id = await self._pass(provider, request.model, most, question)
        cost: Decimal | None = None
        came: Answer | None = None
        try:
            answer = came = await self._ask(request)
            cost = _cost_of(answer, price)
        except CallFailed as fault:
            cost = fault.cost_usd
            raise
        finally:
            end = partial(self._end, call_id, cost, came, keep=question is not None)
            await asyncio.shield(asyncio.to_thread(_within(question), end))
            self._ended.set()
        return answer

    async def _pass(self, provider: str, model: str, most_usd: Decimal | None, question: Question | None) -> int:
        """Wait until the call may begin."""
        wish = Ask(
            provider=provider,
            model=model,
            at_once=self.limits.at_once,
            per_minute=self.limits.per_minute,
            day=self.limits.day,
            deadline_s=self._deadline_s,
            most_usd=most_usd,
            worker_id=self._worker_id,
            job_id=question and question.job_id,
            item_id=question and question.item_id,
            step=question.step if question else 0,
        )
        began = monotonic()
        while True:
            self._ended.clear()
            verdict = await asyncio.to_thread(_within(question), partial(self._begin, wish))
            if isinstance(verdict, Passed):
                return verdict.call_id
            if verdict.full and question is None:
                self._refuse_person(verdict, verdict.full, monotonic() - began)
            elif verdict.reason != "busy":
                raise NotNow(verdict.reason, verdict.full)
            await self._wait(verdict.wait_s)

    def _refuse_person(self, held: Held, full: LimitStanding, waited_s: float) -> None:
        """Tell a person that a limit is used up; while open calls may still make room, only after a while."""
        if held.reason != "busy":
            raise refuse(full, full.resets_at - timedelta(seconds=held.wait_s))
        if waited_s > self._deadline_s:
            raise LimitReached(
                f"{explain(full)} Calls that are open may cost less than was put aside for them.", RETRY_S
            )

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until a call of this process ends."""
        try:
            async with asyncio.timeout(min(seconds, 1.0)):
                await self._ended.wait()
        except TimeoutError:
            pass

    def _find_price(self, model: str) -> ModelPrice | None:
        known = price_of(model)
        return self._price_of(model) if known is None or known.cost(1, 1) is None else known

    def _find(self, question: Question) -> Answer | None:
        with self._database.read() as connection:
            return model_calls.find_answer(connection, question.item_id, question.step)

    def _begin(self, wish: Ask) -> Passed | Held:
        with self._database.begin() as connection:
            return model_calls.begin(connection, wish)

    def _end(self, call_id: int, cost_usd: Decimal | None, answer: Answer | None, keep: bool) -> None:
        with self._database.begin() as connection:
            model_calls.end(connection, call_id, cost_usd, answer, keep)


def _within(question: Question | None) -> Callable[[Callable[[], Result]], Result]:
    """Return how to ask the database: a row waits while it fails, and a person is told."""
    return persist if question else lambda do: do()


def reckon_most(request: Request, price: ModelPrice | None) -> Decimal | None:
    """Return the most that a question may cost, in USD; None where its price is not known.

    No tokenizer makes more tokens of a text than it has bytes; English has about four bytes a token.
    """
    if price is None:
        return None
    tokens_in = sum(len(message.content.encode("utf-8", "replace")) for message in request.messages)
    return price.cost(tokens_in, request.max_tokens or min(price.max_output_tokens or MOST_TOKENS_OUT, MOST_TOKENS_OUT))


def unpriced_fault(model: str) -> ModelFault:
    """Return why a model is not asked whose price is not known while money is limited."""
    return ModelFault(
        f"The price of {model} is not known, so the limits of money that are set here cannot be kept.",
        "Enter its price under Settings, or choose another model.",
    )


def _cost_of(answer: Answer, price: ModelPrice | None) -> Decimal | None:
    """Return what an answer cost, by a price that a person entered where the price map knows none."""
    if answer.cost_usd is not None or price is None or not answer.tokens_in:
        return answer.cost_usd
    return price.cost(answer.tokens_in, answer.tokens_out)


def _leave_some(limit: int) -> int:
    return limit if limit <= 1 else limit - max(1, round(limit * KEPT_FREE))
