"""Makes a sound crew of a model's answer: known skills and tools, nobody without work, no circles, nothing missing.

The built-in crew for the same analysis is the ground: what the answer leaves out is taken from there. Whatever is
changed is told in a plain sentence.
"""

import re
from collections.abc import Callable, Iterable

from rapidfuzz import fuzz

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.answer import AgentAnswer, CrewAnswer, TaskAnswer
from crewgen_core.composition.coverage import cover_deliverables, cover_skills, cover_tools, find_ground
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.finishing import finish_crew
from crewgen_core.composition.likeness import all_stems
from crewgen_core.composition.names import Glossary, find_name, make_key, plain_name
from crewgen_core.composition.reviews import keep_check, separate_reviews
from crewgen_core.composition.rewording import reword_formulas
from crewgen_core.composition.substance import Topic
from crewgen_core.composition.team_size import drop_idle_agents, limit_team, most_agents, split_work
from crewgen_core.composition.toolbox import MOST_TOOLS, is_allowed
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task

MOST_TASKS = 25
"""More than this no objective of a page needs; an answer that has more ran away [assumption]."""

SAME_TASK = 0.85
"""Share of common words, among all of both, from which two tasks ask for the same [assumption]."""

USUAL_PROFICIENCY = 7
"""Proficiency in a skill that only the model vouches for (the default of models.crew.SkillLevel)."""

USUAL_MINUTES = 30.0
"""Human minutes of a task of which nobody said how long it takes (the default of models.crew.Task)."""

_FEWEST_WORDS = 3
"""Words that a task needs to be told from another by them."""

_SAME_ROLE = 92
"""Likeness, 0 to 100, from which one role is another spelling of the other [assumption]."""

_RANKS = re.compile(r"\b(?:senior|junior|lead|chief|principal|head|expert|sr|jr)\b\.?", re.IGNORECASE)

_LONGEST_LINE = 160
_LONGEST_TEXT = 2_500


def ground(
    answer: CrewAnswer, analysis: Analysis, built_in: Crew, catalog: Catalog, glossary: Glossary
) -> tuple[Crew, tuple[str, ...]] | None:
    """Return the grounded crew and notes about what was changed; None when no agent or no task can be used.

    ``built_in`` is the built-in composer's crew for the same analysis.
    """
    work = CrewInWork()
    reader = Reader(work, analysis, built_in, catalog, glossary)
    reader.read_agents(answer.agents)
    reader.read_tasks(answer.tasks)
    if not work.agents or not work.tasks:
        return None
    drop_strangers(work, analysis, built_in, catalog)
    if not work.tasks:
        return None
    most = most_agents(analysis, built_in)
    split_work(work, built_in, catalog, most)
    fill_gaps(work, analysis, built_in, catalog, most)
    _withhold_risky_tools(work, analysis, built_in, catalog)
    reword_formulas(work, analysis, built_in, catalog)
    crew = finish_crew(work, analysis, built_in, catalog, wants_manager=answer.process == "hierarchical")
    return crew, tuple(work.notes)


def fill_gaps(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog, most: int) -> None:
    """Put in what the work on the bench leaves out of the built-in crew's, for a team of at most so many."""
    cover_skills(work, analysis, built_in, catalog, most)
    cover_deliverables(work, analysis, built_in, most)
    keep_check(work, built_in, catalog, most)
    cover_tools(work, analysis, built_in, catalog)
    drop_idle_agents(work)
    limit_team(work, most, analysis.constraints.max_agents)
    separate_reviews(work, built_in, catalog, most)
    drop_idle_agents(work)


def drop_strangers(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog) -> None:
    """Drop the tasks that have nothing to do with the objective: no word, no skill and no work of the draft."""
    topic = Topic(analysis, built_in)
    wanted = {skill.key for skill in analysis.skills} | {skill for task in built_in.tasks for skill in task.skills}
    for task in list(work.tasks.values()):
        if wanted.intersection(task.skills) or topic.covers(f"{task.name} {task.description}"):
            continue
        if find_ground(task, work, built_in, catalog):
            continue
        del work.tasks[task.key]
        work.note(f'"{shown(task.name)}" has nothing to do with the objective and was left out.')
    for task in list(work.tasks.values()):
        work.set_task(task, depends_on=tuple(key for key in task.depends_on if key in work.tasks))


def _withhold_risky_tools(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog) -> None:
    """Leave a tool of high risk to the tasks whose work it is for: the objective names it, or the draft has it there.

    An agent keeps no tool of its own that its tasks already name, and none of high risk.
    """
    for task in list(work.tasks.values()):
        ground = find_ground(task, work, built_in, catalog)
        needed = {*analysis.tools, *(ground.tools if ground else ())}
        risky = [tool for tool in task.tools if catalog.tools[tool].risk == "high" and tool not in needed]
        for tool in risky:
            work.note(f'The tool {catalog.tools[tool].name} is risky and "{shown(task.name)}" can do without it.')
        work.set_task(task, tools=tuple(tool for tool in task.tools if tool not in risky))
    for agent in list(work.agents.values()):
        every = all(task.tools for task in work.tasks.values() if task.agent == agent.key)
        kept = () if every else tuple(tool for tool in agent.tools if catalog.tools[tool].risk != "high")
        work.set_agent(agent, tools=kept)


class Reader:
    """Reads agents and tasks of an answer onto the bench, in words of the catalog."""

    def __init__(
        self, work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog, glossary: Glossary
    ) -> None:
        """Take the bench, on which there may be parts already, and what their words are held against."""
        self._work = work
        self._analysis = analysis
        self._built_in = built_in
        self._catalog = catalog
        self._glossary = glossary
        self._agent_names: dict[str, str] = {}
        self._task_names: dict[str, str] = {}
        self._asked_for = {*analysis.tools, *(tool for task in built_in.tasks for tool in task.tools)}
        for part, names in ((work.agents, self._agent_names), (work.tasks, self._task_names)):
            for key, known in part.items():  # of a bench that is not empty
                names.setdefault(plain_name(known.role if isinstance(known, Agent) else known.name), key)
                names.setdefault(plain_name(key), key)

    def read_agents(self, answers: Iterable[AgentAnswer]) -> None:
        """Read the agents; two of the same role become one."""
        for number, answer in enumerate(answers, start=1):
            ground = self._built_in.agent(answer.key)
            role = cut_line(answer.role or (ground.role if ground else answer.key.replace("_", " ").title()))
            if not role:
                continue
            known = self._agent_names.get(plain_name(role)) or self._same_role(role)
            if known:
                self._merge(self._work.agents[known], answer)
            else:
                known = self._add_agent(role, answer, number)
            self._agent_names[plain_name(role)] = known
            self._agent_names.setdefault(plain_name(answer.key), known)

    def knows_agent(self, name: str) -> bool:
        """Tell whether an agent on the bench is meant by a name."""
        return find_name(name, self._agent_names) is not None

    def read_tasks(self, answers: tuple[TaskAnswer, ...]) -> None:
        """Read the tasks, with agents and dependencies that exist."""
        if len(answers) > MOST_TASKS:
            self._work.note(f"The answer had {len(answers)} tasks; the first {MOST_TASKS} were kept.")
        if not self._work.agents:
            return
        sources: dict[str, tuple[str, ...]] = {}
        for number, answer in enumerate(answers[:MOST_TASKS], start=1):
            ground = self._built_in.task(answer.key)
            name = cut_line(answer.name or (ground.name if ground else answer.key.replace("_", " ").capitalize()))
            if not name:
                continue
            twin = self._twin_of(name, answer)
            if twin:
                self._merge_tasks(self._work.tasks[twin.key], answer)
                self._task_names.setdefault(plain_name(answer.key), twin.key)
                continue
            key = self._add_task(self._unique_name(name), answer, number)
            sources[key] = answer.depends_on
            self._task_names[plain_name(name)] = key
            self._task_names.setdefault(plain_name(answer.key), key)
        for key, names in sources.items():
            self._work.set_task(self._work.tasks[key], depends_on=self._known_tasks(key, names))

    def _add_agent(self, role: str, answer: AgentAnswer, number: int) -> str:
        key = make_key(answer.key or role, self._work.agents, f"agent_{number}")
        ground = self._built_in.agent(key)
        self._work.set_agent(
            Agent(
                key=key,
                role=role,
                goal=cut_text(answer.goal, ground.goal if ground else ""),
                backstory=cut_text(answer.backstory, ground.backstory if ground else ""),
                skills=self._levels(answer.skills, ground),
                tools=self._tools(answer.tools),
                why=cut_text(answer.why, ground.why if ground else ""),
            )
        )
        return key

    def _same_role(self, role: str) -> str | None:
        """Return the agent whose role is another spelling or rank of the same ("Senior Data Analysts")."""
        plain = _without_rank(role)
        same = (agent.key for agent in self._work.agents.values() if _is_alike(plain, _without_rank(agent.role)))
        return next(same, None)

    def _merge(self, agent: Agent, answer: AgentAnswer) -> None:
        skills = {level.name: level for level in (*self._levels(answer.skills, None), *agent.skills)}
        tools = tuple(dict.fromkeys((*agent.tools, *self._tools(answer.tools))))
        self._work.set_agent(agent, skills=tuple(skills.values()), tools=tools)
        self._work.note(f'Two agents were called "{shown(agent.role)}"; they are one now.')

    def _add_task(self, name: str, answer: TaskAnswer, number: int) -> str:
        key = make_key(answer.key or name, self._work.tasks, f"task_{number}")
        ground = self._built_in.task(key)
        skills = self._known(answer.skills, self._glossary.skill, "skill")
        self._work.set_task(
            Task(
                key=key,
                name=name,
                description=cut_text(answer.description, ground.description if ground else name),
                expected_output=cut_text(answer.expected_output, ground.expected_output if ground else ""),
                agent=self._find_agent(name, answer.agent, skills),
                skills=skills or (ground.skills if ground else ()),
                tools=self._tools(answer.tools)[:MOST_TOOLS],
                human_minutes=answer.human_minutes or (ground.human_minutes if ground else USUAL_MINUTES),
                why=cut_text(answer.why, ground.why if ground else ""),
            )
        )
        return key

    def _twin_of(self, name: str, answer: TaskAnswer) -> Task | None:
        """Return the task that asks for the same: by name and description, or by nearly all of their words."""
        known = self._task_names.get(plain_name(name))
        if known and self._work.tasks[known].description == cut_text(answer.description, name):
            return self._work.tasks[known]
        words = all_stems(f"{name} {answer.description}")
        for task in self._work.tasks.values():
            others = all_stems(f"{task.name} {task.description}")
            if len(words) >= _FEWEST_WORDS and len(words & others) >= SAME_TASK * len(words | others):
                return task
        return None

    def _unique_name(self, name: str) -> str:
        number, unique = 2, name
        while plain_name(unique) in self._task_names:
            number, unique = number + 1, f"{name} ({number})"
        return unique

    def _merge_tasks(self, twin: Task, answer: TaskAnswer) -> None:
        skills = self._known(answer.skills, self._glossary.skill, "skill")
        tools = tuple(dict.fromkeys((*twin.tools, *self._tools(answer.tools))))[:MOST_TOOLS]
        self._work.set_task(twin, skills=tuple(dict.fromkeys((*twin.skills, *skills))), tools=tools)
        self._work.note(f'The task "{shown(twin.name)}" was there twice.')

    def _find_agent(self, task: str, name: str, skills: tuple[str, ...]) -> str:
        """Return the agent that is meant, else the one with most of the task's skills."""
        found = find_name(name, self._agent_names)
        if found:
            return found
        wanted = {self._catalog.skills[key].name for key in skills}
        agents = self._work.agents.values()
        best = max(agents, key=lambda agent: len(wanted & {level.name for level in agent.skills}))
        self._work.note(f'"{shown(task)}" was given to nobody in the crew; "{shown(best.role)}" does it.')
        return best.key

    def _known_tasks(self, task: str, names: Iterable[str]) -> tuple[str, ...]:
        found = {name: find_name(name, self._task_names) for name in names}
        for name, key in found.items():
            if key is None:
                title = shown(self._work.tasks[task].name)
                self._work.note(f'"{title}" was to wait for "{shown(name)}", which is no task of the crew.')
        return tuple(dict.fromkeys(key for key in found.values() if key and key != task))

    def _levels(self, names: Iterable[str], ground: Agent | None) -> tuple[SkillLevel, ...]:
        vouched = {level.name: level.proficiency for level in ground.skills} if ground else {}
        skills = [self._catalog.skills[key].name for key in self._known(names, self._glossary.skill, "skill")]
        return tuple(SkillLevel(name=name, proficiency=vouched.get(name, USUAL_PROFICIENCY)) for name in skills)

    def _tools(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the tools that are meant and may be granted; risky ones only where the objective asks for them."""
        granted: list[str] = []
        for key in self._known(names, self._glossary.tool, "tool"):
            tool = self._catalog.tools[key]
            if not is_allowed(key, self._analysis, self._catalog):
                self._work.note(f"The tool {tool.name} is not allowed for this objective and was not granted.")
            elif tool.risk == "high" and key not in self._asked_for:
                self._work.note(f"The tool {tool.name} is risky and the objective does not ask for it: not granted.")
            else:
                granted.append(key)
        return tuple(granted)

    def _known(self, names: Iterable[str], find: Callable[[str], str | None], kind: str) -> tuple[str, ...]:
        """Return the catalog keys that the names mean, and note the names that mean nothing."""
        found = {name: find(name) for name in names}
        for name, key in found.items():
            if key is None:
                self._work.note(f'The catalog has no {kind} "{shown(name)}"; it was left out.')
        return tuple(dict.fromkeys(key for key in found.values() if key))


def _without_rank(role: str) -> str:
    return " ".join(_RANKS.sub(" ", plain_name(role)).split()) or plain_name(role)


def _is_alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other, score_cutoff=_SAME_ROLE) > 0


def cut_line(text: str) -> str:
    """Return a title in one line, within its limit."""
    return " ".join(text.split())[:_LONGEST_LINE].strip()


def cut_text(text: str, draft: str) -> str:
    """Return the text within its limit; the draft's where the answer has none or repeats what it was shown of it."""
    if not text or (text.endswith("…") and draft.startswith(text.removesuffix("…"))):
        return draft
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
