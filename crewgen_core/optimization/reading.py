"""Reads a crew in one style as a problem: what each task costs, takes and weighs with each agent and model.

Every figure comes from the estimate's own functions, so that the optimizer and the estimate cannot disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.estimation.basis import difficulty_of
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.shares import Share, share_of
from crewgen_core.estimation.success import (
    add_effect,
    coordination_of,
    effective_load,
    load_at,
    logit_of,
    sigmoid,
    take_effect,
    team_effect,
    to_logit,
    weigh_effect,
)
from crewgen_core.estimation.work import Work, hand_over, is_specialist, read_crew
from crewgen_core.models.crew import Agent, Crew
from crewgen_core.models.optimization import Limits
from crewgen_core.optimization.layout import Layout, Layouts, find_layouts, in_list_order
from crewgen_core.optimization.problem import Choice, Option, Problem, Seat
from crewgen_core.optimization.pruning import prune
from crewgen_core.optimization.reviews import REVIEWER, write_review
from crewgen_core.optimization.styles import Style
from crewgen_core.pipeline import Knowledge

AS_GOOD = 2**-0.44
"""Two horizons nearer than this cannot be told apart: the residual of the regression that gives most of them."""


@dataclass(frozen=True)
class Reading:
    """A crew in one style as a problem, with what is needed to read a choice back."""

    style: Style
    works: tuple[Work, ...]
    agents: tuple[Agent, ...]
    models: tuple[ModelProfile, ...]
    problem: Problem
    effect: float
    """What working as this kind of team adds to the logit of success."""
    constants: Constants
    most_agents: int | None
    """Most agents that a person allows, None for any number."""

    @cached_property
    def today(self) -> Choice | None:
        """The choice that leaves every task as it is in this way, None where that is not among the options."""
        taken: list[int] = []
        for options in self.problem.options:
            own = (at for at, option in enumerate(options) if not option.changes and not self._is_new(option))
            found = next(own, None)
            if found is None:
                return None
            taken.append(found)
        return Choice(tuple(taken))

    def _is_new(self, option: Option) -> bool:
        return bool(self.problem.seat_changes[option.seat])

    def success(self, load: float) -> float:
        """Return the chance of success of a crew with this load."""
        return sigmoid(self.logit(load))

    def logit(self, load: float) -> float:
        """Return its logit; a crew without any load succeeds as if it had next to none."""
        return add_effect(logit_of(max(load, 1e-9), self.constants), self.effect, self.constants)

    def equivalent(self, load: float) -> float:
        """Return the load at which a crew without a team's effect succeeds as often: it compares styles."""
        return load_at(self.logit(load), self.constants)

    def most_load(self, success: float) -> float:
        """Return the load up to which success is at least this, between 0 and 1."""
        if success <= 0:
            return float("inf")
        return load_at(take_effect(to_logit(success), self.effect, self.constants), self.constants)


def read_style(
    style: Style,
    models: Sequence[str],
    limits: Limits,
    knowledge: Knowledge,
    domain: str | None,
    like: Reading | None = None,
) -> Reading:
    """Read the crew of a style; ``models`` are those that agents may be given beside the ones they have.

    ``like`` is the same crew read with the same process and oversight: every task then has the same options.
    """
    crew, catalog, constants = style.crew, knowledge.catalog, load_constants()
    own = {agent.key: agent.model or knowledge.run_model for agent in crew.agents}
    names = tuple(dict.fromkeys([*own.values(), *models]))
    profiles = {name: knowledge.profile_of(name) for name in (*names, knowledge.run_model)}
    if crew.manager and crew.manager.model:
        profiles[crew.manager.model] = knowledge.profile_of(crew.manager.model)
    works = read_crew(crew, profiles, catalog, knowledge.run_model)
    effect = weigh_effect(team_effect(works, coordination_of(crew), constants), constants)
    if like is None:
        difficulty = difficulty_of(domain, catalog, constants)
        source = _Source(crew, works, names, profiles, knowledge.run_model, limits, catalog, constants, difficulty)
        seats = tuple(Seat(agent, model) for agent in range(len(crew.agents)) for model in range(len(names)))
        problem = prune(
            Problem(
                seats=seats,
                seat_changes=tuple(int(own[crew.agents[seat.agent].key] != names[seat.model]) for seat in seats),
                options=tuple(tuple(source.list_options(at)) for at in range(len(works))),
                layouts=(),
                sources=tuple(work.sources for work in works),
                most_seats=1,
                apart=tuple(_keep_apart(works)),
            )
        )
    else:
        problem = like.problem
    layouts = _layouts(style, works)
    most = limits.max_agents or max(len(works), len(crew.agents))
    problem = replace(
        problem,
        layouts=layouts.choices,
        complete=layouts.complete,
        most_seats=min(most, style.most_agents or most),
        least_agents=2 if effect > 0 else 1,
    )
    thinking = tuple(profiles[name] for name in names)
    return Reading(style, works, crew.agents, thinking, problem, effect, constants, limits.max_agents)


def _layouts(style: Style, works: Sequence[Work]) -> Layouts:
    current: Layout = in_list_order([work.task.async_execution for work in works])
    if not style.at_once:
        return Layouts((current,), complete=True)
    alone = frozenset(at for at, work in enumerate(works) if work.task.human_input)
    found = find_layouts([work.sources for work in works], [work.task.human_minutes for work in works], alone)
    choices = dict.fromkeys((*found.choices, current))
    if style.crew.coordination == "parallel":  # whoever is called so must be so
        return Layouts(tuple(layout for layout in choices if layout.at_once), found.complete)
    return Layouts(tuple(choices), found.complete)


def _keep_apart(works: Sequence[Work]) -> Iterator[tuple[int, int]]:
    """Yield reviews with what they review, where two agents do them today."""
    for at, work in enumerate(works):
        if work.is_review and work.agent:
            for source in work.sources:
                other = works[source]
                if not other.is_review and other.agent and other.agent.key != work.agent.key:
                    yield source, at


@dataclass(frozen=True)
class _Source:
    """What the options of a style's tasks are read from."""

    crew: Crew
    works: tuple[Work, ...]
    names: tuple[str, ...]
    """Models that agents may think with."""
    profiles: Mapping[str, ModelProfile]
    run_model: str
    limits: Limits
    catalog: Catalog
    constants: Constants
    difficulty: float

    def list_options(self, at: int) -> Iterator[Option]:
        """Yield every way to have one task done."""
        work = self.works[at]
        context = sum(self.constants.output[self.works[source].activity].value for source in work.sources)
        reviewable = self._may_be_reviewed(at)
        for place, agent in enumerate(self.crew.agents):
            if not self._may_take(agent, work):
                continue
            moved = work.agent is None or agent.key != work.agent.key
            for number, name in enumerate(self.names):
                if not self._may_think(agent, self.profiles[name], work):
                    continue
                given = hand_over(work, agent, self.profiles[name], self.crew, self.catalog)
                option = self._option(given, context, place * len(self.names) + number, moved)
                yield option
                if reviewable:
                    yield self._add_review(option, given)

    def _may_take(self, agent: Agent, work: Work) -> bool:
        """Tell whether the agent may do the task: the one who does it, else a free one with the tools who is better."""
        if work.agent is not None and agent.key == work.agent.key:
            return True
        fixed = self.limits.fixed_agents
        if work.agent is None or work.agent.key in fixed or agent.key in fixed:
            return False
        if self.crew.process == "hierarchical":
            return False  # there the manager decides who does what
        if not self.limits.new_tools and not set(work.tools) <= set(agent.tools):
            return False
        better = not work.specialist and is_specialist(agent, work.task, self.catalog)
        return better or self._must_merge

    @property
    def _must_merge(self) -> bool:
        """True where fewer agents are allowed than there are; else nobody does the work of an equal for nothing."""
        return self.limits.max_agents is not None and self.limits.max_agents < len(self.crew.agents)

    def _may_think(self, agent: Agent, model: ModelProfile, work: Work) -> bool:
        """Tell whether the agent may do the task with a model: a fixed one keeps its own, a reviewer gets none weaker.

        No published figure says how much less a weaker model finds, so the optimizer must not profit from one.
        """
        if agent.key in self.limits.fixed_agents:
            return model.name == (agent.model or self.run_model)
        return not work.is_review or model.horizon_minutes >= AS_GOOD * work.profile.horizon_minutes

    def _may_be_reviewed(self, at: int) -> bool:
        """Tell whether a review can be added: others build on the result, or it is the crew's, so it is not lost."""
        work = self.works[at]
        free = not self.limits.keep_reviews and self.crew.process == "sequential" and self.limits.max_agents != 1
        matters = at + 1 == len(self.works) or any(at in other.sources for other in self.works)
        return free and matters and work.review == "none" and not work.is_review

    def _option(self, work: Work, context: float, seat: int, moved: bool) -> Option:
        share = self._share(work, context)
        cost, reading = share.cost or 0.0, 0.0
        if any(self._may_be_reviewed(source) for source in work.sources):
            reading = (self._share(work, context + self.constants.output["review"].value).cost or 0.0) - cost
        return Option(
            seat=seat,
            reviewed=False,
            cost=cost,
            seconds=share.seconds,
            review_seconds=0.0,
            load=0.0 if work.is_review else effective_load(work, self.difficulty, self.constants),
            changes=int(moved),
            reading=max(0.0, reading),  # a longer prompt can be cheaper where only long ones are cached
        )

    def _add_review(self, option: Option, work: Work) -> Option:
        """Return the option with a review by somebody who thinks with the same model as the author."""
        task = write_review(work.task, REVIEWER.key, self.catalog)
        checking = replace(work, task=task, agent=REVIEWER, activity="review", tools=(), may_delegate=False)
        review = self._share(checking, self.constants.output[work.activity].value)
        return replace(
            option,
            reviewed=True,
            cost=option.cost + (review.cost or 0.0),
            review_seconds=review.seconds,
            load=effective_load(replace(work, review="model"), self.difficulty, self.constants),
            changes=option.changes + 1,
        )

    def _share(self, work: Work, context: float) -> Share:
        manager = self.profiles[(self.crew.manager and self.crew.manager.model) or self.run_model]
        return share_of(self.crew, work, context, manager, self.difficulty, self.constants)
