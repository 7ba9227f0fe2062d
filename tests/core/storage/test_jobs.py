"""Jobs: their counts, their states, and whose turn it is."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from crewgen_core.errors import NotFound, UnusableJob
from crewgen_core.models.job import FinishedItem, NewItem, NewJob, Priority
from crewgen_core.storage import job_items, jobs
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import job_tables

SIZE = job_items.CHUNK["optimize"]
"""Rows of a chunk; of all kinds of jobs the smallest, so that a few rows make several."""

MODEL = "openai/gpt-5-mini"

ROWS = st.lists(st.tuples(st.sampled_from(["high", "normal", "low"]), st.sampled_from(["", MODEL])), max_size=14)


def start(database: Database, rows: Sequence[tuple[Priority, str]], **fields: object) -> int:
    new = NewJob.model_validate({"name": "Spring", "kind": "optimize"} | fields)
    with database.begin() as connection:
        job_id = jobs.create(connection, new)
        items = [NewItem(at + 2, f"Write {at}", priority=rank, model=model) for at, (rank, model) in enumerate(rows)]
        job_items.add(connection, job_id, items)
    return job_id


def enqueue(database: Database, job_id: int, limit: int = 10_000) -> list[tuple[int, int, bool]]:
    with database.begin() as connection:
        return jobs.take_chunks(connection, job_id, limit)


def finish_chunk(database: Database, job_id: int, chunk: int) -> None:
    with database.begin() as connection:
        begun = job_items.begin(connection, job_id, chunk)
        job_items.finish(connection, job_id, [FinishedItem(id=item.id) for item in begun])


class AnythingWithAJob(RuleBasedStateMachine):
    """Does whatever workers and people may do with a job, in any order, and compares the counts with the rows."""

    database: Database
    hands = Bundle("hands")
    """Rows that some worker has in hand: it may finish them much later, or never."""

    @initialize(rows=ROWS)
    def make(self, rows: list[tuple[Priority, str]]) -> None:
        self.job_id = start(self.database, rows)
        self.total = len(rows)
        self.finished: dict[int, str] = {}

    @rule(limit=st.integers(1, 3))
    def enqueue(self, limit: int) -> None:
        enqueue(self.database, self.job_id, limit)

    @rule(target=hands, chunk=st.integers(1, 8))
    def begin(self, chunk: int) -> list[int]:
        with self.database.begin() as connection:
            return [item.id for item in job_items.begin(connection, self.job_id, chunk)]

    @rule(hand=consumes(hands), fails=st.booleans())
    def finish(self, hand: list[int], fails: bool) -> None:
        state = "failed" if fails else "completed"
        with self.database.begin() as connection:
            jobs.lock(connection, self.job_id)
            pending = job_items.lock_pending(connection, hand)
            assert pending.isdisjoint(self.finished)
            done = [FinishedItem(id=item, state=state, failure_reason="x" if fails else "") for item in pending]
            job_items.finish(connection, self.job_id, done)
        self.finished |= dict.fromkeys(pending, state)

    @rule(chunk=st.integers(1, 8))
    def leave(self, chunk: int) -> None:
        with self.database.begin() as connection:
            job_items.leave(connection, self.job_id, chunk)

    @rule()
    def leave_all(self) -> None:
        with self.database.begin() as connection:
            job_items.leave_all(connection, self.job_id)

    @rule(state=st.sampled_from(["paused", "running", "cancelled"]))
    def want(self, state: jobs.JobState) -> None:
        try:
            with self.database.begin() as connection:
                assert jobs.set_state(connection, self.job_id, state).state == state
        except UnusableJob:
            with self.database.read() as connection:
                assert jobs.get(connection, self.job_id).state in ("completed", "cancelled")

    @rule(some=st.booleans())
    def retry(self, some: bool) -> None:
        failed = [item for item, state in self.finished.items() if state == "failed"]
        chosen = failed[:1] if some else []
        with self.database.begin() as connection:
            moved = job_items.retry(connection, self.job_id, chosen)
            assert jobs.get(connection, self.job_id).state == "running" or not moved
        for item in chosen or failed:
            del self.finished[item]

    @invariant()
    def counts_are_those_of_the_rows(self) -> None:
        row, job = job_tables.job_items.c, job_tables.jobs.c
        with self.database.read() as connection:
            found = jobs.get(connection, self.job_id)
            states = connection.execute(
                select(row.state, func.count()).where(row.job_id == self.job_id).group_by(row.state)
            ).all()
            chunks = connection.execute(
                select(row.chunk, row.priority, row.model, row.state).where(row.job_id == self.job_id)
            ).all()
            (last,) = connection.execute(select(job.chunk_count).where(job.id == self.job_id)).one()
        counted = {"pending": 0, "completed": 0, "failed": 0, "cancelled": 0} | dict(map(tuple, states))
        assert counted == {
            "pending": found.pending,
            "completed": found.completed,
            "failed": found.failed,
            "cancelled": found.cancelled,
        }
        assert found.total == self.total
        ended = not found.pending
        assert (found.state in ("completed", "cancelled")) == ended == (found.finished_at is not None)
        assert list(self.finished.values()).count("completed") == found.completed
        members: dict[int, list[tuple[str, str]]] = {}
        for number, priority, model, state in chunks:
            if state == "pending":
                members.setdefault(number, []).append((priority, model))
        assert all(1 <= number <= last for number in members)
        assert all(len(set(rows)) == 1 and len(rows) <= SIZE for rows in members.values())


def test_counts_never_drift_from_rows_whatever_is_done(database: Database) -> None:
    machine = type("Machine", (AnythingWithAJob,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_new_job_runs_and_an_empty_one_is_completed_at_once(database: Database) -> None:
    full = start(database, [("normal", "")], name="Full", budget_usd=Decimal("1.5"), file_name="a.csv")
    empty = start(database, [])
    with database.read() as connection:
        found = jobs.get(connection, full)
        assert (found.state, found.total, found.pending, found.budget_usd) == ("running", 1, 1, Decimal("1.5"))
        assert (found.name, found.file_name, found.share_done) == ("Full", "a.csv", 0.0)
        assert jobs.get(connection, empty).state == "completed"
        assert [job.id for job in jobs.find_open(connection)] == [full]
        assert [job.id for job in jobs.list_jobs(connection)] == [empty, full]


def test_what_is_not_there_is_not_found(database: Database) -> None:
    for ask in (
        jobs.lock,
        jobs.get,
        lambda c, id: jobs.set_state(c, id, "paused"),
        lambda c, id: job_items.retry(c, id),
    ):
        with pytest.raises(NotFound, match="no job 9"), database.begin() as connection:
            ask(connection, 9)


def test_a_job_at_its_end_cannot_be_paused_or_cancelled(database: Database) -> None:
    job_id = start(database, [("normal", "")])
    finish_chunk(database, job_id, 1)
    for state in ("paused", "cancelled", "running"):
        with pytest.raises(UnusableJob, match="is completed"), database.begin() as connection:
            jobs.set_state(connection, job_id, state)


def test_there_is_work_while_a_job_runs_or_its_queue_is_not_cleared(database: Database) -> None:
    def has_work() -> bool:
        with database.read() as connection:
            return jobs.has_work(connection)

    assert not has_work()
    job_id = start(database, [("normal", "")])
    assert has_work()
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "paused")
    assert has_work()  # the queue has to learn of it
    with database.begin() as connection:
        jobs.note_queue(connection, job_id, "paused")
    assert not has_work()
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "cancelled")
    assert has_work()
    with database.begin() as connection:
        jobs.note_queue(connection, job_id, "cleared")
        assert jobs.find_unsettled(connection) == ()
    assert not has_work()


def test_chunks_are_given_to_the_queue_once_and_only_while_the_job_runs(database: Database) -> None:
    job_id = start(database, [("normal", "")] * (3 * SIZE))
    assert [chunk for chunk, _, _ in enqueue(database, job_id, 2)] == [1, 2]
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "paused")
    assert enqueue(database, job_id) == []
    with database.begin() as connection:
        jobs.set_state(connection, job_id, "running")
    assert [chunk for chunk, _, _ in enqueue(database, job_id)] == [3]
    assert enqueue(database, job_id) == []


def test_a_chunk_holds_rows_of_one_priority_and_one_kind_of_engine(database: Database) -> None:
    mixed: list[tuple[Priority, str]] = [("normal", ""), ("high", MODEL), ("high", ""), ("normal", "")]
    job_id = start(database, mixed)
    assert [with_model for _, _, with_model in enqueue(database, job_id)] == [False, True, False]


def test_a_small_job_does_not_wait_for_the_backlog_of_a_huge_one(database: Database) -> None:
    huge = start(database, [("normal", "")] * (100 * SIZE), name="Huge")
    turns = {(huge, chunk): turn for chunk, turn, _ in enqueue(database, huge)}
    for chunk in range(1, 31):
        finish_chunk(database, huge, chunk)
        del turns[huge, chunk]
    small = start(database, [("normal", "")] * (5 * SIZE), name="Small")
    turns |= {(small, chunk): turn for chunk, turn, _ in enqueue(database, small)}
    order = sorted(turns, key=lambda place: (turns[place], place))
    last = max(at for at, (job, _) in enumerate(order) if job == small)
    assert sum(job == huge for job, _ in order[:last]) <= 6


def test_a_new_job_does_not_push_back_those_that_wait(database: Database) -> None:
    first = start(database, [("normal", "")] * (20 * SIZE))
    turns = {(first, chunk): turn for chunk, turn, _ in enqueue(database, first)}
    for _ in range(5):
        job_id = start(database, [("normal", "")] * SIZE)
        turns |= {(job_id, chunk): turn for chunk, turn, _ in enqueue(database, job_id)}
    order = sorted(turns, key=lambda place: (turns[place], place))
    assert order[0] == (first, 1)  # equal turns go by age


def test_high_priority_gets_about_four_times_the_turns(database: Database) -> None:
    turns = []
    for priority in ("normal", "high"):
        job_id = start(database, [(priority, "")] * (100 * SIZE), priority=priority)
        turns += [(turn, priority) for _, turn, _ in enqueue(database, job_id)]
    first = [priority for _, priority in sorted(turns)[:100]]
    assert 3.5 <= first.count("high") / first.count("normal") <= 4.5


def test_the_budget_can_be_raised_and_taken_away(database: Database) -> None:
    job_id = start(database, [("normal", "")], budget_usd=Decimal(1))
    with database.begin() as connection:
        assert jobs.set_budget(connection, job_id, Decimal("2.5")).budget_usd == Decimal("2.5")
        assert jobs.set_budget(connection, job_id, None).budget_usd is None


def test_work_begins_once(database: Database) -> None:
    job_id = start(database, [("normal", "")])
    with database.begin() as connection:
        jobs.mark_started(connection, job_id)
        begun = jobs.get(connection, job_id).started_at
        jobs.mark_started(connection, job_id)
        assert begun is not None
        assert jobs.get(connection, job_id).started_at == begun
