"""What is done with a row, as the front door does it: this room only knows when and how often."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from crewgen_core.jobs.gate import AskModel, PriceOf
from crewgen_core.llm.prices import price_of
from crewgen_core.models.design import Design
from crewgen_core.models.job import FinishedItem, Item, Job
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Person
from crewgen_core.storage.database import Transaction

Store = Callable[[Transaction], FinishedItem]
"""Stores what was worked out for a row, and says what came of it."""


@dataclass(frozen=True)
class Craft:
    """What is done with rows."""

    design: Callable[[Objective, str, AskModel | None], Coroutine[Any, Any, Design]]
    """Design a crew with a model, asked as given, or without one (""). Raises CrewgenError."""
    check: Callable[[Job, Item], Store]
    """Check, and where wanted mend, the stored crew of a row. Raises CrewgenError."""
    optimize: Callable[[Job, Item], Store]
    """Optimize the stored crew of a row for the goal of its job. Raises CrewgenError."""
    ask: AskModel
    """Ask a model once. Raises CallFailed."""
    price_of: PriceOf = price_of
    """What a model costs, also where only a person knows it."""
    acting_for: "Callable[[Person], Craft] | None" = None
    """Give the craft as it works for the owner of a job: with what they may see, and for them to keep. None: for
    whoever it is."""
    prepare: Callable[[], None] = lambda: None
    """Load what asking models needs: it takes seconds, in which a call that was let pass would be late."""
