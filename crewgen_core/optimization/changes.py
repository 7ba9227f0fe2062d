"""Turns a choice into changes of the crew: each can be read, applied and undone by itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.names import make_key
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.models.change import Change, Edit, apply_change
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.numbers import format_count
from crewgen_core.optimization.layout import Layout, in_list_order
from crewgen_core.optimization.problem import Choice, Option
from crewgen_core.optimization.reading import Reading
from crewgen_core.optimization.reviews import REVIEWER, write_review
from crewgen_core.validation.texts import shorten

GENERALIST_LEVEL = 5
"""Proficiency that an agent gains in a skill of a task it takes over: it does the work, but is no specialist."""


def list_changes(crew: Crew, reading: Reading, choice: Choice, catalog: Catalog) -> tuple[Change, ...]:
    """Return what turns the crew into the chosen one, in an order in which all of it can be applied.

    ``crew`` is today's, ``reading`` the style that the choice was made in. Each change also fits by itself.
    """
    return tuple(_Writer(crew, reading, choice, catalog).write())


def apply_changes(crew: Crew, changes: Iterable[Change]) -> Crew:
    """Return the crew with the changes applied, one after the other. Raises ChangeDoesNotFit."""
    for change in changes:
        crew = apply_change(crew, change)
    return crew


@dataclass(frozen=True)
class _Place:
    """An agent of the new crew: one of today's, or a second one split off from it."""

    origin: Agent
    key: str
    model: ModelProfile
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class _Writer:
    crew: Crew
    reading: Reading
    choice: Choice
    catalog: Catalog

    def write(self) -> Iterator[Change]:
        yield from self._change_style()
        yield from self._drop_agents()
        yield from self._move_tasks()
        yield from self._change_models()
        yield from self._split_agents()
        yield from self._change_order()
        yield from self._add_reviews()

    @cached_property
    def _taken(self) -> tuple[Option, ...]:
        pairs = zip(self.reading.problem.options, self.choice.options, strict=True)
        return tuple(options[at] for options, at in pairs)

    @cached_property
    def _places(self) -> tuple[_Place, ...]:
        """Who does what: the agent itself where it keeps its model, else with most of its tasks; the others split."""
        by_agent: dict[int, dict[int, list[Task]]] = defaultdict(lambda: defaultdict(list))
        for option, task in zip(self._taken, self.crew.tasks, strict=True):
            seat = self.reading.problem.seats[option.seat]
            by_agent[seat.agent][option.seat].append(task)
        used = {agent.key for agent in self.crew.agents} | {task.key for task in self.crew.tasks}
        places: list[_Place] = []
        for number, seats in sorted(by_agent.items()):
            agent = self.crew.agents[number]
            changes = self.reading.problem.seat_changes
            for at, seat in enumerate(sorted(seats, key=lambda s: (changes[s], -len(seats[s]), s))):
                key = agent.key if at == 0 else make_key(agent.key, used, "agent")
                used.add(key)
                model = self.reading.models[self.reading.problem.seats[seat].model]
                places.append(_Place(agent, key, model, tuple(seats[seat])))
        return tuple(places)

    @cached_property
    def _main(self) -> dict[str, _Place]:
        return {place.key: place for place in self._places if place.key == place.origin.key}

    @cached_property
    def _agent_of(self) -> dict[str, _Place]:
        return {task.key: place for place in self._places for task in place.tasks}

    def _change_style(self) -> Iterator[Change]:
        new = self.reading.style.crew
        if new.process == self.crew.process and new.oversight == self.crew.oversight:
            return
        fields = ("process", "coordination", "oversight", "manager")
        edits = [
            _set(name, new.model_dump(mode="json")[name])
            for name in fields
            if getattr(new, name) != getattr(self.crew, name)
        ]
        edits += [
            _set(f"tasks/{task.key}/async_execution", False)
            for task in self.crew.tasks
            if task.async_execution and new.process == "hierarchical"
        ]
        if new.process == "sequential":
            title, reason = (
                "Work without a manager",
                (
                    "A manager makes at least two calls for each task and reads every result again; the figures do not "
                    "show a gain that is worth it here."
                ),
            )
        elif self.crew.process == "sequential":
            title, reason = (
                f"Put a manager in charge, with {new.oversight} oversight",
                (
                    "On this kind of work crews with a manager did better in the one large study there is, and a "
                    "manager sends back what it finds wrong."
                ),
            )
        else:
            title, reason = (
                f"Have the manager check with {new.oversight} oversight",
                ("It changes how many results the manager reviews and has done again."),
            )
        yield _change(title, reason, edits)

    def _drop_agents(self) -> Iterator[Change]:
        kept = {place.origin.key for place in self._places}
        for agent in self.crew.agents:
            if agent.key in kept or not self.crew.tasks_of(agent.key):
                continue
            tasks = self.crew.tasks_of(agent.key)
            heirs = list(dict.fromkeys(self._agent_of[task.key].origin.key for task in tasks))
            edits = [edit for heir in heirs for edit in self._hand_over(tasks, heir)]
            edits.append(Edit(op="remove", path=f"agents/{agent.key}"))
            if len(kept) == 1 and self.crew.process == "sequential":
                edits.append(_set("coordination", "solo"))
            names = " and ".join(f"“{_role(self.crew.agent(heir))}”" for heir in heirs)
            yield _change(
                f"Do without “{_role(agent)}”",
                f"{names} can do its {format_count(len(tasks), 'task')} with the tools there are.",
                edits,
            )

    def _move_tasks(self) -> Iterator[Change]:
        kept = {place.origin.key for place in self._places}
        for agent in self.crew.agents:
            if agent.key not in kept:
                continue
            moved: dict[str, list[Task]] = defaultdict(list)
            for task in self.crew.tasks_of(agent.key):
                if self._agent_of[task.key].origin.key != agent.key:
                    moved[self._agent_of[task.key].origin.key].append(task)
            for heir, tasks in moved.items():
                yield _change(
                    f"Hand {_list_tasks(tasks)} from “{_role(agent)}” to “{_role(self.crew.agent(heir))}”",
                    "The agent and model there do it better for this goal.",
                    self._hand_over(tasks, heir),
                )

    def _hand_over(self, tasks: Sequence[Task], heir: str) -> list[Edit]:
        """Return the edits that give those of the tasks that go to the heir to it, with skills and tools they need."""
        own = [task for task in tasks if self._agent_of[task.key].origin.key == heir]
        edits = [_set(f"tasks/{task.key}/agent", heir) for task in own]
        agent = self.crew.agent(heir)
        if agent is None:
            return edits
        coming = [t for t in self.crew.tasks if t.agent != heir and self._agent_of[t.key].origin.key == heir]
        known = {level.name for level in agent.skills}
        gained = [name for name in dict.fromkeys(s for task in coming for s in task.skills) if name not in known]
        if gained:
            levels = (*agent.skills, *(SkillLevel(name=name, proficiency=GENERALIST_LEVEL) for name in gained))
            edits.append(_set(f"agents/{heir}/skills", [level.model_dump(mode="json") for level in levels]))
        tools = dict.fromkeys((*agent.tools, *(tool for task in coming for tool in task.tools)))
        if len(tools) > len(agent.tools):
            edits.append(_set(f"agents/{heir}/tools", list(tools)))
        return edits

    def _change_models(self) -> Iterator[Change]:
        for place in self._main.values():
            before = self._today(place.origin)
            if before.name != place.model.name:
                yield _change(
                    f"Let “{_role(place.origin)}” think with {place.model.name}",
                    _compare_models(before, place.model),
                    [_set(f"agents/{place.key}/model", place.model.name)],
                )

    def _split_agents(self) -> Iterator[Change]:
        for place in self._places:
            if place.key == place.origin.key:
                continue
            role = f"{place.origin.role} for {_name(place.tasks[0])}"[:500]
            second = place.origin.model_copy(
                update={
                    "key": place.key,
                    "role": role,
                    "model": place.model.name,
                    "why": f"Does {_list_tasks(place.tasks)} with another model than “{_role(place.origin)}”."[:5_000],
                }
            )
            edits = [
                Edit(op="add", path="agents", value=second.model_dump(mode="json")),
                *(_set(f"tasks/{task.key}/agent", place.key) for task in place.tasks),
            ]
            if self.crew.coordination == "solo":
                edits.append(_set("coordination", "sequential"))
            yield _change(
                f"Give {_list_tasks(place.tasks)} to a second “{_role(place.origin)}” with {place.model.name}",
                _compare_models(self._today(place.origin), place.model),
                edits,
            )

    def _add_reviews(self) -> Iterator[Change]:
        used = {agent.key for agent in self.crew.agents} | {task.key for task in self.crew.tasks}
        used |= {place.key for place in self._places}
        reviewers: dict[str, Agent] = {}
        order = self._order()
        for at, (option, task) in enumerate(zip(self._taken, self.crew.tasks, strict=True)):
            if not option.reviewed:
                continue
            model = self._agent_of[task.key].model
            if model.name not in reviewers:
                reviewers[model.name] = self._find_reviewer(task, model, used, len(reviewers))
            reviewer = reviewers[model.name]
            key = make_key(f"check {task.key}", used, "check")
            used.add(key)
            review = write_review(task, reviewer.key, self.catalog, key)
            readers = [other for other in self.crew.tasks if task.key in other.depends_on]
            edits: list[Edit] = []
            if self.crew.agent(reviewer.key) is None and all(p.key != reviewer.key for p in self._places):
                edits.append(Edit(op="add", path="agents", value=reviewer.model_dump(mode="json")))
            edits.append(
                Edit(op="add", path="tasks", value=review.model_dump(mode="json"), before=self._before(at, order))
            )
            edits += [Edit(op="add", path=f"tasks/{reader.key}/depends_on", value=key) for reader in readers]
            if self.crew.oversight == "none" and self.reading.style.crew.oversight == "none":
                edits.append(_set("oversight", "light"))
            yield _change(
                f"Have the result of “{_name(task)}” checked",
                f"A second look by “{_role(reviewer)}” removes about 23 % of the failures (Kim et al., arXiv "
                f"2512.08296 v3) before {'others build on it' if readers else 'it counts'}.",
                edits,
            )

    def _find_reviewer(self, task: Task, model: ModelProfile, used: set[str], number: int) -> Agent:
        """Return who checks: a free agent of today with this model, else somebody new, else the author's neighbour."""
        author = self._agent_of[task.key]
        same = [
            place.origin
            for place in self._main.values()
            if place.model.name == model.name and place.key != author.key and place.key == place.origin.key
        ]
        checks = [agent for agent in same if self._only_reviews(agent)]
        if checks:
            return checks[0]
        if len(self._places) + number < self.reading.problem.most_seats or not same:
            key = make_key(REVIEWER.key, used, "reviewer")
            used.add(key)
            role = REVIEWER.role if number == 0 else f"Second Reader of {_name(task)}"
            return REVIEWER.model_copy(update={"key": key, "role": role, "model": model.name})
        return same[0]

    def _only_reviews(self, agent: Agent) -> bool:
        reviews = {work.task.key for work in self.reading.works if work.is_review}
        tasks = self.crew.tasks_of(agent.key)
        return bool(tasks) and all(task.key in reviews for task in tasks)

    def _order(self) -> list[int]:
        """Return the positions of the tasks in the order in which they are listed at the end."""
        return [at for block in self._layout.blocks for at in sorted(block)]

    @cached_property
    def _layout(self) -> Layout:
        return self.reading.problem.layouts[self.choice.layout]

    def _before(self, at: int, order: Sequence[int]) -> str | None:
        """Return the task that the review of a task goes in front of: the block of the first that works from it."""
        readers = {place for place, sources in enumerate(self.reading.problem.sources) if at in sources}
        place = 0
        for block in self._layout.blocks:
            if block & readers:
                return self.crew.tasks[order[place]].key
            place += len(block)
        return None

    def _change_order(self) -> Iterator[Change]:
        before = in_list_order([task.async_execution for task in self.crew.tasks])
        if self._layout == before or self.reading.style.crew.process == "hierarchical":
            return
        order, at_once = self._order(), self._layout.at_once
        edits: list[Edit] = []
        stays = _keep_in_order(order)
        for at, following in zip(reversed(order), [None, *reversed(order[1:])], strict=True):
            if at not in stays:
                before_key = None if following is None else self.crew.tasks[following].key
                edits.append(Edit(op="move", path=f"tasks/{self.crew.tasks[at].key}", before=before_key))
        edits += [
            _set(f"tasks/{task.key}/async_execution", at in at_once)
            for at, task in enumerate(self.crew.tasks)
            if task.async_execution != (at in at_once)
        ]
        label = "parallel" if at_once else "sequential"
        agents = {place.key for place in self._places}
        edits.append(_set("coordination", label if len(agents) > 1 else "solo"))
        if at_once:
            together = [
                _list_tasks([self.crew.tasks[at] for at in sorted(b)]) for b in self._layout.blocks if len(b) > 1
            ]
            yield _change(
                f"Run {'; '.join(together)} at the same time",
                "They do not need each other's results, so the run waits only for the longest of them.",
                edits,
            )
        else:
            yield _change(
                "Run the tasks one after the other",
                "On this kind of work agents that worked side by side did worse than one after the other (Kim et al., "
                "arXiv 2512.08296 v3).",
                edits,
            )

    def _today(self, agent: Agent) -> ModelProfile:
        number = self.crew.agents.index(agent)
        problem = self.reading.problem
        seat = next(at for at, own in enumerate(problem.seats) if own.agent == number and not problem.seat_changes[at])
        return self.reading.models[problem.seats[seat].model]


def _keep_in_order(order: Sequence[int]) -> frozenset[int]:
    """Return the most numbers that stand in rising order already, so that only the others have to move."""
    best: list[list[int]] = []
    for number in order:
        shorter = [chain for chain in best if chain[-1] < number]
        best.append([*max(shorter, key=len), number] if shorter else [number])
    return frozenset(max(best, key=len)) if best else frozenset()


def _compare_models(before: ModelProfile, after: ModelProfile) -> str:
    """Say in figures how two models differ."""
    return (
        f"{after.label} costs {_prices(after)} per million tokens read and written, {before.label} {_prices(before)}; "
        f"it gets tasks of {_minutes(after.horizon_minutes)} right half the time, {before.label} of "
        f"{_minutes(before.horizon_minutes)}."
    )


def _prices(profile: ModelProfile) -> str:
    price = profile.price
    if price is None or price.input_usd is None or price.output_usd is None:
        return "an unknown amount"
    return f"${float(price.input_usd) * 1e6:g} and ${float(price.output_usd) * 1e6:g}"


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} human minutes" if minutes < 120 else f"{minutes / 60:.1f} human hours"


def _list_tasks(tasks: Sequence[Task]) -> str:
    names = [f"“{_name(task)}”" for task in tasks[:3]]
    if len(tasks) > 3:
        names.append(f"{len(tasks) - 3} more")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _name(task: Task) -> str:
    return shorten(task.name.strip() or task.key, 60)


def _role(agent: Agent | None) -> str:
    return shorten(agent.role.strip() or agent.key, 60) if agent else "nobody"


def _set(path: str, value: object) -> Edit:
    return Edit.model_validate({"op": "set", "path": path, "value": value})


def _change(title: str, reason: str, edits: Sequence[Edit]) -> Change:
    return Change(title=title, reason=reason, edits=tuple(edits))
