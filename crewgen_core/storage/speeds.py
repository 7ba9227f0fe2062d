"""How fast models answered: medians over crewgen's own completed calls, worked out by the database."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    null,
    select,
    union_all,
)

from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.known_model import MeasuredSpeed
from crewgen_core.storage.tables import crew_tables, request_tables
from crewgen_core.storage.tables.columns import UtcTime

LEAST_CALLS = 3
"""Calls from which a median says something about a model."""

NEWEST_ANSWERS = 50
"""Answers of a model that count, the newest first: services get faster and slower."""

LOOK_BACK = 2_000
"""Newest requests, and newest versions, that are looked at: the query stays quick however much is stored."""

_requests, _metrics = request_tables.generation_requests, request_tables.generation_metrics
_versions = crew_tables.crew_versions


def measure_speeds(connection: Connection, usual_wait_s: float) -> tuple[MeasuredSpeed, ...]:
    """Return how fast each model was that answered at least three calls.

    A call is read as ``usual_wait_s`` seconds of waiting (at most half of the call), then writing at one speed.
    What was taken from an earlier request made no call and does not count; neither do requests whose model failed.
    """
    answers = union_all(_answers_to_requests(), _answers_to_wishes()).subquery()
    seconds = answers.c.seconds / answers.c.calls
    wait = case((seconds < 2 * usual_wait_s, seconds / 2), else_=usual_wait_s)
    rate = (answers.c.tokens / answers.c.calls) / (seconds - wait)
    newest = (
        select(
            answers.c.model,
            answers.c.calls,
            answers.c.made_at,
            seconds.label("seconds"),
            rate.label("rate"),
            func.row_number().over(partition_by=answers.c.model, order_by=answers.c.made_at.desc()).label("age"),
        )
        .where(answers.c.calls > 0, answers.c.tokens > 0, answers.c.seconds > 0)
        .subquery()
    )
    kept = select(newest).where(newest.c.age <= NEWEST_ANSWERS).subquery()
    rows = connection.execute(_medians(kept))
    return tuple(
        MeasuredSpeed(
            model=row.model,
            calls=row.calls,
            seconds_per_call=row.seconds,
            tokens_per_s=row.rate,
            newest=row.newest,
        )
        for row in rows
    )


def _medians(answers: Subquery) -> Select[*tuple[Any, ...]]:
    """Median of seconds and of rate by model: the middle one of the ranked values, or the mean of the middle two."""

    def rank(column: ColumnElement[float]) -> ColumnElement[int]:
        return func.row_number().over(partition_by=answers.c.model, order_by=column)

    ranked = select(
        answers,
        rank(answers.c.seconds).label("by_seconds"),
        rank(answers.c.rate).label("by_rate"),
        func.count().over(partition_by=answers.c.model).label("number"),
    ).subquery()

    def middle(position: ColumnElement[int], value: ColumnElement[float]) -> ColumnElement[float]:
        twice = 2 * position
        return func.avg(case((and_(twice >= ranked.c.number, twice <= ranked.c.number + 2), value)))

    calls = cast(func.sum(ranked.c.calls), Integer)
    return (
        select(
            ranked.c.model,
            calls.label("calls"),
            middle(ranked.c.by_seconds, ranked.c.seconds).label("seconds"),
            middle(ranked.c.by_rate, ranked.c.rate).label("rate"),
            func.max(ranked.c.made_at, type_=UtcTime).label("newest"),
        )
        .group_by(ranked.c.model)
        .having(calls >= LEAST_CALLS)
        .order_by(ranked.c.model)
    )


def _answers_to_requests() -> Select[*tuple[Any, ...]]:
    """What requests measured, of those whose crew a model made: every call of them was completed."""
    calls, tokens, seconds = (_metrics.alias(name) for name in ("calls", "tokens", "seconds"))
    query = select(
        _requests.c.llm_provider.label("model"),
        calls.c.metric_value.label("calls"),
        tokens.c.metric_value.label("tokens"),
        seconds.c.metric_value.label("seconds"),
        _requests.c.completed_at.label("made_at"),
    ).where(
        _requests.c.id > _newest_id(_requests.c.id),
        _requests.c.generation_status == "completed",
        _requests.c.llm_provider.is_not(None),
        _requests.c.engine != BUILT_IN,
    )
    for alias, name in ((calls, "model_calls"), (tokens, "tokens_out"), (seconds, "model_time")):
        query = query.join(alias, and_(alias.c.generation_request_id == _requests.c.id, alias.c.metric_name == name))
    return query


def _answers_to_wishes() -> Select[*tuple[Any, ...]]:
    """The same of versions that a model made by refining."""
    made = _versions.c.provenance
    return select(
        made["model"].as_string().label("model"),
        cast(made["calls"].as_integer(), Float).label("calls"),
        cast(made["tokens_out"].as_integer(), Float).label("tokens"),
        made["model_seconds"].as_float().label("seconds"),
        _versions.c.created_at.label("made_at"),
    ).where(
        _versions.c.id > _newest_id(_versions.c.id),
        made.is_not(null()),
        made["engine"].as_string() == "model",
        made["fallback_reason"].as_string() == "",
    )


def _newest_id(column: ColumnElement[int]) -> ColumnElement[int]:
    """The id after which the rows that are looked at begin."""
    return select(func.coalesce(func.max(column), 0) - LOOK_BACK).scalar_subquery()
