"""Says what a job will cost and take before it starts: from some of its own rows, worked out here and now."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from time import perf_counter

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.prompt import ask_for_crew
from crewgen_core.errors import CrewgenError
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.jobs.gate import Limits
from crewgen_core.models.design import Design
from crewgen_core.models.job import Forecast
from crewgen_core.models.objective import Objective
from crewgen_core.models.upload import ObjectiveRow, UploadReport
from crewgen_core.pipeline import Knowledge, design

SAMPLE = 5
"""Rows that are designed to learn how long the others take: about a tenth of a second."""

CHARACTERS_A_TOKEN = 4.0
"""Characters of a token of English, by OpenAI's rule of thumb (help.openai.com, "What are tokens")."""

ANSWER_LOW, ANSWER_HIGH = 0.6, 1.8
"""How long answers are, against the built-in draft that the model improves: an assumption, said with the forecast."""

STORING = 1.1
"""Time of storing, against that of designing: `make bench-bulk` holds it to a tenth and a half at most."""

BUSY = 2.0
"""How much longer it may take when the machine has other work: an assumption, said with the forecast."""

START_S = 5.0
"""Seconds until workers have started where none are there: the catalog is read once in each."""

OWN_WORK = 3.0
"""Own time of a row with a model, against one without: its answer is read, grounded and checked beside the draft."""


@dataclass(frozen=True)
class _Calls:
    """What asking models for some rows costs and takes."""

    low_usd: Decimal
    usd: Decimal
    high_usd: Decimal
    known: bool
    seconds: float
    """Of all calls, one after the other."""
    rows: int


def forecast(
    report: UploadReport, knowledge: Knowledge, profile_of: Callable[[str], ModelProfile], limits: Limits, workers: int
) -> Forecast:
    """Return what working on the good rows of an upload will cost and take with so many workers."""
    sample, row_s = _design_sample(report, knowledge)
    model_rows = {model: number for model, number in report.models.items() if model}
    built_in = report.models.get("", 0)
    calls = [_price_calls(profile_of(model), number, sample, knowledge.catalog) for model, number in model_rows.items()]
    known = all(call.known for call in calls)
    asked = sum(call.rows for call in calls)
    own_s = row_s * STORING * (built_in + OWN_WORK * asked) / max(workers, 1)
    waiting_s = sum(call.seconds for call in calls) / limits.at_once
    if limits.per_minute:
        waiting_s = max(waiting_s, (asked / limits.per_minute - 1) * 60)
    seconds = START_S + max(own_s, waiting_s)
    return Forecast(
        rows=built_in + asked,
        model_rows=asked,
        cost_usd=sum((call.usd for call in calls), Decimal(0)) if known else None,
        cost_low_usd=sum((call.low_usd for call in calls), Decimal(0)) if known else None,
        cost_high_usd=sum((call.high_usd for call in calls), Decimal(0)) if known else None,
        seconds=seconds,
        seconds_low=max(own_s, waiting_s * ANSWER_LOW),
        seconds_high=START_S + BUSY * max(own_s, waiting_s),
        basis=tuple(_tell(sample, row_s, workers, calls, model_rows, limits)),
    )


def _design_sample(report: UploadReport, knowledge: Knowledge) -> tuple[list[Design], float]:
    """Return some rows designed without a model, and the seconds that one takes."""
    composer = CatalogComposer(knowledge.catalog)
    made: list[Design] = []
    spent: list[float] = []
    for row in report.preview:
        if isinstance(row, ObjectiveRow) and len(made) < SAMPLE:
            started = perf_counter()
            try:
                objective = Objective.model_validate({"text": row.text, **row.requirements})
                made.append(asyncio.run(design(objective, composer, knowledge)))
            except CrewgenError:
                continue
            spent.append(perf_counter() - started)
    return made, min(spent[1:] or spent, default=0.02)  # the first one loads what all others use


def _price_calls(profile: ModelProfile, rows: int, sample: Sequence[Design], catalog: Catalog) -> _Calls:
    """Return what asking a model once for each of some rows costs and takes."""
    questions = [ask_for_crew(made.analysis, made.crew, catalog)[0] for made in sample]
    count = max(len(sample), 1)
    tokens_in = sum(len(part.content) for question in questions for part in question) / count / CHARACTERS_A_TOKEN
    tokens_out = sum(len(made.crew.model_dump_json()) for made in sample) / count / CHARACTERS_A_TOKEN
    price = profile.price

    def cost(share: float) -> Decimal:
        one = price.cost(round(tokens_in), round(tokens_out * share + profile.hidden_tokens)) if price else None
        return (one or Decimal(0)) * rows

    known = price is not None and price.cost(1, 1) is not None
    seconds = profile.first_answer_s + tokens_out / profile.tokens_per_s
    return _Calls(cost(ANSWER_LOW), cost(1), cost(ANSWER_HIGH), known, seconds * rows, rows)


def _tell(
    sample: Sequence[Design],
    row_s: float,
    workers: int,
    calls: Sequence[_Calls],
    model_rows: dict[str, int],
    limits: Limits,
) -> list[str]:
    """Return where the figures come from."""
    designed = f"{len(sample)} of these rows were" if len(sample) != 1 else "1 of these rows was"
    share = f"{workers} worker processes share the rows" if workers > 1 else "1 worker process takes all rows"
    told = [
        f"{designed} designed just now, in {row_s * 1000:.0f} ms each; "
        f"{share}. On a busy machine it takes up to {BUSY:g} times as long."
    ]
    if calls:
        told.append(
            "Prompts are as long as for these rows, and answers about as long as the built-in drafts "
            f"({ANSWER_LOW:g} to {ANSWER_HIGH:g} times): an assumption."
        )
        told.append(
            "Prices are LiteLLM's, speeds those under Settings. "
            f"At most {limits.at_once} calls are open at once"
            + (f", and {limits.per_minute} begin in a minute." if limits.per_minute else ".")
        )
    if not all(call.known for call in calls):
        told.append("The cost is not known, because the price of a model is not.")
    return told
