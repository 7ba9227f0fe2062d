"""What model calls of one run use of the limits of a day: each asks before it begins, and waits until it may."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crewgen_core.day_limits import explain
from crewgen_core.llm.call import Answer
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.limit import DayLimits
from crewgen_core.storage import model_calls
from crewgen_core.storage.database import Database, Transaction
from crewgen_core.storage.model_calls import Ask, Held, Passed

LONGEST_ANSWER = 16_000
"""Tokens that one answer may have while money is limited: results of tasks take one to five thousand, thinking more."""

CALL_S = 600.0
"""Seconds after which a call that has not ended is taken for one of a dead process, should the supervisor die too."""

Event = Mapping[str, Any]


class RunSpending:
    """The calls of a run that wait to begin, and those that have begun."""

    def __init__(
        self, database: Database, run_id: int, price_of: Callable[[str], ModelPrice | None], day: DayLimits
    ) -> None:
        """``price_of`` says what a model costs."""
        self._database = database
        self._run_id = run_id
        self._price_of = price_of
        self._day = day
        self._waiting: list[Event] = []
        self._begun: dict[int, int] = {}

    @property
    def asks(self) -> bool:
        """True where each call has to ask."""
        return self._day.of_money

    def hear(self, events: Sequence[Event]) -> None:
        """Note the calls that want to begin."""
        self._waiting += [event for event in events if event["kind"] == "may_call"]

    def decide(self, allow: Callable[[int], None]) -> str:
        """Let calls begin that fit, the others wait; return why the run has to end, "" where it goes on."""
        for event in tuple(self._waiting):
            verdict = self._begin(event)
            if isinstance(verdict, str):
                return verdict
            if isinstance(verdict, Passed):
                self._begun[event["call"]] = verdict.call_id
                self._waiting.remove(event)
                allow(event["call"])
        return ""

    def settle(self, connection: Transaction, event: Event, cost_usd: Decimal | None) -> None:
        """Count what a call cost that ended; where that is not known, it cost the most."""
        call_id = self._begun.get(event.get("call") or 0)
        if call_id is None:
            model_calls.note(connection, self._make_ask(event["model"]), cost_usd)
        else:
            model_calls.end(connection, call_id, cost_usd, _read_answer(event, cost_usd), keep=False)

    def _begin(self, event: Event) -> Passed | Held | str:
        price = self._price_of(event["model"])
        most = None if price is None else price.cost(event["tokens_in"], event["tokens_out"])
        if most is None:
            return (
                f"The price of {event['model']} is not known, so the limits of money that are set here cannot be kept."
            )
        with self._database.begin() as connection:
            verdict = model_calls.begin(connection, self._make_ask(event["model"], most))
        if isinstance(verdict, Held) and verdict.full and verdict.reason != "busy":
            full = verdict.full
            return f"{explain(full, 'owner')} It can go on from {full.resets_at:%Y-%m-%d %H:%M} UTC."
        return verdict

    def _make_ask(self, model: str, most_usd: Decimal | None = None) -> Ask:
        provider, slash, _ = model.partition("/")
        price = None if slash else self._price_of(model)
        return Ask(
            provider=price.provider if price else provider,
            model=model,
            at_once=0,
            per_minute=0,
            deadline_s=CALL_S,
            most_usd=most_usd,
            run_id=self._run_id,
            day=self._day,
        )


def _read_answer(event: Event, cost_usd: Decimal | None) -> Answer | None:
    """Return what is known of an answer, its text is CrewAI's; None where the call failed."""
    if event["kind"] != "call":
        return None
    tokens_in, tokens_out = event["tokens_in"], event["tokens_out"]
    return Answer(text="", tokens_in=tokens_in, tokens_out=tokens_out, cost_usd=cost_usd, seconds=0, finish_reason="")
