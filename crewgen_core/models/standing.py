"""How everything stands: what whoever watches over crewgen looks at."""

from typing import Literal

from crewgen_core.models.value import Value


class Generations(Value):
    """Requests that have ended alike; they only ever become more."""

    engine: str
    """LiteLLM name of the model that was asked, "built-in" for none."""
    origin: Literal["single", "bulk"]
    result: Literal["completed", "fell_back", "failed"]
    count: int


class ModelCalls(Value):
    """Calls of models that have ended alike; they only ever become more."""

    caller: Literal["crewgen", "run"]
    """Whether crewgen asked, or a crew that ran."""
    provider: str
    result: str
    count: int
    tokens_in: int
    tokens_out: int
    micro_usd: int
    """Millionths of a US dollar, as far as prices are known."""


class Standing(Value):
    """How everything stands, at one moment."""

    generations: tuple[Generations, ...]
    open_requests: int
    calls: tuple[ModelCalls, ...]
    open_calls: int
    jobs: dict[str, int]
    """By state."""
    items: dict[str, int]
    """Rows of jobs by state."""
    runs: dict[str, int]
    """By state."""
    workers: int
    """Processes that work on jobs; a dead one counts until another one took over, seconds later."""


class Part(Value):
    """One thing that has to work."""

    name: str
    ok: bool


class Health(Value):
    """Whether the server can work; no more than everybody may know."""

    ok: bool
    parts: tuple[Part, ...]
