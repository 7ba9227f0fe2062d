"""What is found out about one version of a crew while somebody looks for a better one; kept in the session only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.optimization import Goal, Limits, Optimization, Variant
from crewgen_core.models.stored import StoredCrew
from pages.shared.session import front_door

_STUDY, _PROBLEM, _MOVED = "optimize_study", "optimize_problem", "optimize_moved"

MOST_RESULTS = 64
"""Results kept of one crew, so that a checkbox does not solve again; the oldest goes first."""

EXTREMES = 3
"""Points that come first: the cheapest, the fastest and the most successful crew."""


class Frontier:
    """The points found so far, and the search for more; a rerun goes on where the one before it was interrupted."""

    def __init__(self, points: Iterator[Variant]) -> None:
        """Begin with no points; nothing is searched before ``take``."""
        self.variants: tuple[Variant, ...] = ()
        self.complete = False
        self.drawn = False
        """Whether what was found is on the page, so that it is time to look for more."""
        self._points = points
        self._lock = Lock()  # a rerun can begin while the one before it still waits for its point

    def take(self, most: int) -> bool:
        """Search for at most so many points more; return whether there may be others."""
        with self._lock:
            for _ in range(most):
                found = None if self.complete else next(self._points, None)
                if found is None:
                    self.complete = True
                    break
                self.variants = (*self.variants, found)
        return not self.complete


@dataclass
class Study:
    """One version of a crew with the results for the goals and limits that were tried."""

    stored: StoredCrew
    """The version as this person sees it; somebody may have saved a newer one."""
    facts: object
    """What was known about models: with other facts, results are others."""
    spent_usd: Decimal | None
    """What designing the crew cost; None when nothing was spent or it is not known."""
    results: dict[tuple[Goal, Limits], Optimization] = field(default_factory=dict[tuple[Goal, Limits], Optimization])
    frontiers: dict[Limits, Frontier] = field(default_factory=dict[Limits, Frontier])

    def optimize(self, goal: Goal, limits: Limits) -> Optimization:
        """Return the best crew for a goal within limits; nothing is stored. Raises CannotOptimize."""
        asked = (goal, limits)
        if asked not in self.results:
            crew, objective = self.stored.crew, self.stored.objective
            found = front_door().optimizing.optimize(crew, goal, limits, objective, self.spent_usd)
            while len(self.results) >= MOST_RESULTS:
                del self.results[next(iter(self.results))]
            self.results[asked] = found
        return self.results[asked]

    def frontier(self, limits: Limits) -> Frontier:
        """Return the frontier for what the limits allow to change, begun with its extremes. Raises CannotOptimize."""
        allowed = limits.model_copy(update={"budget_usd": None, "deadline_minutes": None, "least_success": None})
        if allowed not in self.frontiers:
            points = front_door().optimizing.find_frontier(self.stored.crew, allowed, self.stored.objective)
            begun = Frontier(points)
            begun.take(EXTREMES)
            self.frontiers[allowed] = begun
        return self.frontiers[allowed]


def open_study(crew_id: int) -> Study:
    """Return the study of the newest version of a crew, the one begun where it is still the newest. Raises NotFound."""
    stored, facts = front_door().crews.get(crew_id), front_door().models.read()
    known: Study | None = st.session_state.get(_STUDY)
    if known is None or (known.stored.crew_id, known.stored.number, known.facts) != (crew_id, stored.number, facts):
        known = Study(stored, facts, _read_spent(stored))
        st.session_state[_STUDY] = known
    return known


def _read_spent(stored: StoredCrew) -> Decimal | None:
    design = None if stored.request_id is None else front_door().get_request(stored.request_id).design
    return (design.provenance.cost_usd or None) if design else None


def refuse(problem: CrewgenError) -> None:
    """Keep why something was not done for ``take_problem``."""
    st.session_state[_PROBLEM] = problem


def take_problem() -> CrewgenError | None:
    """Return why the last click did not do what it should, once; for the run of the whole page that it asked for."""
    st.session_state.pop(_MOVED, None)
    return st.session_state.pop(_PROBLEM, None)


def move_on() -> None:
    """Let the whole page run again: for the callback of a button in a fragment, which runs only that part again."""
    st.session_state[_MOVED] = True


def follow() -> None:
    """Run the whole page again where a callback asked for it; the first thing in a fragment."""
    if st.session_state.pop(_MOVED, False):
        st.rerun()
