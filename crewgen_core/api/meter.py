"""The meter: counts every request and its seconds, and writes all figures in the form that Prometheus reads.

What happens in this process is counted here; what all processes do stands in the database and is read when asked for.
"""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crewgen_core.models.standing import Standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

NO_ROUTE = "(none)"
"""Stands for what no route is there for; addresses that people make up would fill the memory."""

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds between which requests are counted: a read takes milliseconds, a model half a minute."""


class Figures:
    """What is counted in this process, in a registry of its own."""

    def __init__(self, version: str) -> None:
        """``version`` is the program's."""
        self._registry = CollectorRegistry(auto_describe=False)
        labels = ("method", "route", "status")
        self._requests = Counter(
            "crewgen_http_requests", "Requests that were answered.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "crewgen_http_request_seconds",
            "Seconds until they were answered.",
            labels[:2],
            buckets=BOUNDS_S,
            registry=self._registry,
        )
        self._refusals = Counter(
            "crewgen_refusals", "Requests that a limit refused.", ("limit",), registry=self._registry
        )
        Info("crewgen_build", "What runs here.", registry=self._registry).info({"version": version})

    def note(self, method: str, route: str, status: int, seconds: float, limit: str = "") -> None:
        """Count one request; ``limit`` is the limit that refused it."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            self._refusals.labels(limit or "other").inc()

    def write(self, standing: Standing | None) -> bytes:
        """Return all figures as text; without ``standing`` the database could not be asked."""
        of_database = CollectorRegistry(auto_describe=False)
        of_database.register(_Standing(standing))
        return generate_latest(self._registry) + generate_latest(of_database)


class Meter:
    """Times what the application behind it answers. Plain ASGI: it stands before every request."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        """``figures`` count."""
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and count it, also where it breaks off."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        status, begun, mounted = 500, perf_counter(), scope.get("route")

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            found = scope.get("route")
            route = NO_ROUTE if found is mounted else getattr(found, "path", NO_ROUTE)
            limit = scope.get("state", {}).get("limit_reached", "")
            method = scope["method"] if scope["method"] in METHODS else "OTHER"
            self._figures.note(method, route, status, perf_counter() - begun, limit)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Standing(Collector):
    """What the database says, as metrics."""

    def __init__(self, standing: Standing | None) -> None:
        self._standing = standing

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics."""
        standing = self._standing
        reachable = "1 while the database answers."
        yield GaugeMetricFamily("crewgen_database_up", reachable, value=float(standing is not None))
        if standing is None:
            return
        yield _count(
            "crewgen_generations",
            "Crews that were asked for, and what came of it.",
            ("engine", "origin", "result"),
            (((one.engine, one.origin, one.result), one.count) for one in standing.generations),
        )
        yield GaugeMetricFamily("crewgen_open_generations", "Crews being designed.", value=standing.open_requests)
        calls, labels = standing.calls, ("caller", "provider", "result")
        for name, about, field, scale in (
            ("crewgen_model_calls", "Calls of models that have ended.", "count", 1),
            ("crewgen_model_tokens_in", "Tokens that models read.", "tokens_in", 1),
            ("crewgen_model_tokens_out", "Tokens that models wrote.", "tokens_out", 1),
            ("crewgen_model_usd", "US dollars that models cost, as far as prices are known.", "micro_usd", 1e-6),
        ):
            values: Iterable[tuple[tuple[str, ...], float]] = (
                ((one.caller, one.provider, one.result), getattr(one, field) * scale) for one in calls
            )
            yield _count(name, about, labels, values)
        yield GaugeMetricFamily("crewgen_open_model_calls", "Calls of models that are open.", value=standing.open_calls)
        yield _by_state("crewgen_jobs", "Jobs by state.", standing.jobs)
        yield _by_state("crewgen_job_items", "Rows of jobs by state.", standing.items)
        yield _by_state("crewgen_runs", "Runs of crews by state.", standing.runs)
        yield GaugeMetricFamily("crewgen_workers", "Processes that work on jobs.", value=standing.workers)


def _count(name: str, about: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], Any]]) -> Metric:
    family = CounterMetricFamily(name, about, labels=labels)
    for of, value in values:
        family.add_metric(of, value)
    return family


def _by_state(name: str, about: str, counts: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, about, labels=("state",))
    for state, count in counts.items():
        family.add_metric((state,), count)
    return family
