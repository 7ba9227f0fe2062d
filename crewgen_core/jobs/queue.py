"""The queue: what is to be done next, kept by DBOS until it is done, whatever dies in between. Only this file knows it.

A chunk of a job is a workflow named after both, so giving it to the queue twice is the same as once. DBOS keeps its
tables in our database; chunks are enqueued in the transaction that notes that they are.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer, EnqueueOptions

from crewgen_core.storage.database import Database, Transaction

APPLICATION = "crewgen"

VERSION = "1"
"""Of how chunks are worked on. DBOS gives a chunk only to workers of its version, and any edit would make a new one."""

BUILT_IN, WITH_MODEL = "crewgen-rows", "crewgen-model-rows"
"""Chunks that keep a processor busy, and chunks that mostly wait for the network: neither waits for the other."""

AT_ONCE = {BUILT_IN: 2, WITH_MODEL: 3}
"""Chunks that one worker has in hand; one is worked on while the next is fetched, or the rows of three wait at once."""

POLL_S = 0.2
"""Seconds between two looks for work; half of what a chunk of built-in rows takes."""

_BATCH = 5_000
"""Ids in one statement; PostgreSQL takes 65,535 parameters."""


class Queue:
    """The queue as a worker uses it."""

    def __init__(self, database: Database, worker_id: str, work: Callable[[int, int], None]) -> None:
        """Join the queue and begin to work: ``work`` is called with job and chunk, in threads of DBOS."""
        engine = database.open_queue_engine()
        logging.getLogger("dbos").setLevel(
            logging.CRITICAL
        )  # chunks tell their own faults; it only adds tracebacks of cancelled ones
        serializer = DBOSPortableJSONSerializer()  # the default could execute what stands in a database
        settings = DBOSConfig(
            name=APPLICATION,
            application_version=VERSION,
            executor_id=worker_id,
            system_database_engine=engine,
            serializer=serializer,
            log_level="ERROR",
            max_executor_threads=sum(AT_ONCE.values()) + 4,
        )
        DBOS(config=settings)

        @DBOS.workflow(name="chunk", max_recovery_attempts=1_000_000)  # rows count their attempts themselves
        def work_on_chunk(job_id: int, chunk: int) -> None:  # pyright: ignore[reportUnusedFunction]
            work(job_id, chunk)

        DBOS.launch()
        for name, number in AT_ONCE.items():
            DBOS.register_queue(
                name, worker_concurrency=number, polling_interval_sec=POLL_S, on_conflict="always_update"
            )
        self._client = DBOSClient(system_database_engine=engine, serializer=serializer, application_name=APPLICATION)

    def close(self, patience_s: int = 0) -> None:
        """Take no more chunks, wait for those in hand at most so many seconds, and leave."""
        DBOS.destroy(workflow_completion_timeout_sec=patience_s)

    def add(self, connection: Transaction, job_id: int, chunks: Iterable[tuple[int, int, bool]]) -> None:
        """Enqueue chunks of a job in the caller's transaction: number, turn (low is soon), whether models are asked."""
        for chunk, turn, with_model in chunks:
            options = EnqueueOptions(
                workflow_name="chunk",
                queue_name=WITH_MODEL if with_model else BUILT_IN,
                workflow_id=f"{_prefix(job_id)}{chunk}",
                app_version=VERSION,
                priority=min(max(turn, 1), 2**31 - 1),
            )
            self._client.enqueue_in_transaction(connection, options, job_id, chunk)

    def hold(self, job_id: int) -> None:
        """Keep the chunks of a job that nobody has begun from being begun."""
        for ids in self._find(job_id, ["ENQUEUED"]):
            self._client.cancel_workflows([id for id, _ in ids])

    def release(self, job_id: int) -> None:
        """Let the chunks that were held be worked on."""
        for found in self._find(job_id, ["CANCELLED"]):
            self._put_back(found)

    def forget(self, job_id: int) -> None:
        """Delete everything about a job's chunks that are done or held."""
        for found in self._find(job_id, ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]):
            self._client.delete_workflows([id for id, _ in found])

    def holds(self, job_id: int) -> bool:
        """Tell whether any chunk of a job waits or is being worked on."""
        open_states = ["ENQUEUED", "PENDING", "DELAYED"]
        return bool(
            self._client.list_workflows(
                workflow_id_prefix=_prefix(job_id), status=open_states, limit=1, load_input=False, load_output=False
            )
        )

    def take_over(self, worker_id: str) -> int:
        """Put what another worker had in hand back into the queue; return how many chunks there were."""
        taken = self._client.list_workflows(
            status="PENDING", executor_id=worker_id, load_input=False, load_output=False
        )
        self._put_back([(found.workflow_id, found.queue_name or BUILT_IN) for found in taken])
        return len(taken)

    def _put_back(self, found: Sequence[tuple[str, str]]) -> None:
        for queue in AT_ONCE:
            ids = [id for id, name in found if name == queue]
            if ids:
                self._client.resume_workflows(ids, queue_name=queue)

    def _find(self, job_id: int, states: list[str]) -> Iterator[list[tuple[str, str]]]:
        """Yield ids and queues of a job's chunks in some states, in batches."""
        found = iter(
            (workflow.workflow_id, workflow.queue_name or BUILT_IN)
            for workflow in self._client.list_workflows(
                workflow_id_prefix=_prefix(job_id), status=states, load_input=False, load_output=False
            )
        )
        while batch := list(islice(found, _BATCH)):
            yield batch


def _prefix(job_id: int) -> str:
    return f"job-{job_id}-chunk-"
