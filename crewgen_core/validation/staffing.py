"""Substance, second group: is the crew the right size, and does its process earn what it costs?

Rules that an expert accepts: one agent or a short pipeline by default; more agents only for parallel sub-problems or
distinct tools; at most three or four that talk to each other; no team for strictly sequential planning.
"""

from collections.abc import Iterator
from itertools import pairwise

from crewgen_core.models.change import Change
from crewgen_core.models.crew import CREWAI_DEFAULT_MAX_ITER, Agent
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import find_stems, shorten

MAX_TALKING = 4
"""Agents that talk to each other: 4 take 6.6 times the turns of one (2.72·(n + 0.5)^1.724, fitted to n ≤ 4; Kim et al.,
arXiv 2512.08296v3)."""

SMALL_WORK_MINUTES = 60
"""Minutes of human work up to which one agent does all [assumption: half of the horizon of a middling model]."""

MIN_MAX_ITER = 2
MAX_MAX_ITER = 60
"""Turns on one task: a tool needs two (call it, answer); gains are marginal beyond some 50 (SWE-bench)."""

FAR_APART = 4
"""Kinds of work (catalog, ``Activity``) from which one agent does too different things [assumption]."""


def too_many_agents(context: Context) -> Iterator[Fault]:
    """The most agents a crew may have is a limit that a person set; a crew beyond it is not the one asked for."""
    limit, count = context.max_agents, len(context.crew.agents)
    if limit is not None and count > limit:
        yield Fault(
            "crew",
            f"The crew has {count} agents, and the objective allows {limit}. Merge those with the least to do.",
            _fold_to(context, limit),
        )


def more_agents_than_tasks(context: Context) -> Iterator[Fault]:
    """Coordination costs turns whether it helps or not; in a hierarchical crew of more agents than tasks, the manager
    has to choose among agents that nobody needs (MAST: disobeying the role specification)."""
    agents, tasks = len(context.crew.agents), len(context.crew.tasks)
    if context.crew.process == "hierarchical" and agents > tasks > 0:
        yield Fault(
            "crew",
            f"The crew has {agents} agents for {tasks} {'task' if tasks == 1 else 'tasks'}, so the manager chooses "
            "among "
            "agents that nobody needs. Take out those without a task.",
        )


def too_many_talking(context: Context) -> Iterator[Fault]:
    """Turns grow as 2.72·(n + 0.5)^1.724 with the agents that talk to each other, while the value of messages saturates
    (Kim et al., arXiv 2512.08296v3): a talking group is three or four."""
    crew, count = context.crew, len(context.crew.agents)
    talking = crew.process == "hierarchical" or any(agent.allow_delegation for agent in crew.agents)
    if talking and count > MAX_TALKING:
        edits = fixes.join_edits(
            *(
                fixes.edit_agent(context, agent, allow_delegation=False)
                for agent in crew.agents
                if agent.allow_delegation
            )
        )
        yield Fault(
            "crew",
            f"{count} agents talk to each other. Turns grow faster than the group while the gain levels off at about "
            f"{MAX_TALKING}: merge agents, or let them work one after another without delegation.",
            fixes.change("Switch delegation off", "Results are handed on by the tasks.", edits)
            if crew.process == "sequential"
            else None,
        )


def agent_too_broad(context: Context) -> Iterator[Fault]:
    """One prompt cannot make an agent good at everything: a generalist bears a higher load per task (f = 1.15 against 1
    in the estimator), and its long context mixes unrelated work."""
    for agent in context.agents.values():
        skills = {skill for task in context.tasks_of[agent.key] for skill in context.skills_of_task[task.key]}
        kinds = {context.catalog.skills[skill].activity for skill in skills if skill in context.catalog.skills}
        if len(kinds) >= FAR_APART and len(context.tasks_of[agent.key]) >= FAR_APART:
            yield Fault(
                f"agent:{agent.key}",
                f'"{shorten(agent.role)}" does {len(kinds)} different kinds of work ({", ".join(sorted(kinds))}). A '
                "prompt "
                "that fits all of them steers none: give one or two kinds to an agent of their own.",
            )


def one_agent_would_do(context: Context) -> Iterator[Fault]:
    """Teams help only where a single agent is below some 45 % (Kim et al., arXiv 2512.08296v3: mean effect of a team
    -3.5 %), and take about four times the tokens (Anthropic, multi-agent research system): small work in one line with
    the same tools needs no team."""
    crew = context.crew
    if len(crew.agents) < 2 or not crew.tasks or len(crew.tasks) > 3 or context.human_minutes > SMALL_WORK_MINUTES:
        return
    alike = len({frozenset(agent.tools) for agent in crew.agents}) == 1 and not any(task.tools for task in crew.tasks)
    parallel = any(task.async_execution for task in crew.tasks)
    if not alike or parallel or _has_second_pair_of_eyes(context):
        return
    yield Fault(
        "crew",
        f"This is about {context.human_minutes:.0f} minutes of work in one line with the same tools: one agent would "
        "do. "
        "Teams take several times the tokens and help only where one agent often fails.",
        _make_solo(context),
    )


def hierarchy_not_earned(context: Context) -> Iterator[Fault]:
    """A manager makes at least two calls per task and re-reads every result: +285 % tokens at no better success on most
    work (Kim et al., arXiv 2512.08296v3). It earns that where somebody has to decide during the run who does what."""
    crew = context.crew
    if crew.process != "hierarchical" or not crew.tasks or not crew.agents:
        return
    if len(crew.agents) > 2 and len(crew.tasks) > 2 and not _is_decided(context):
        return
    why = (
        "every task has its agent and works from the one before" if len(crew.agents) > 2 else "so few agents and tasks"
    )
    staffed = all(task.agent in context.agents for task in crew.tasks)
    edits = fixes.edit_crew(
        process="sequential", manager=None, coordination="solo" if len(crew.agents) == 1 else "sequential"
    )
    yield Fault(
        "crew",
        f"A manager costs about four times the tokens, and here it has nothing to decide ({why}). Make the crew "
        "sequential.",
        fixes.change("Make the crew sequential", "The manager has nothing to decide.", edits) if staffed else None,
    )


def turn_limit_absurd(context: Context) -> Iterator[Fault]:
    """One turn is not enough to call a tool and answer; beyond some 50 turns gains are marginal while the cost of a
    loop grows with the square of its turns (MAST: step repetition)."""
    for agent in context.crew.agents:
        tools = agent.tools or any(task.tools for task in context.tasks_of[agent.key])
        if agent.max_iter > MAX_MAX_ITER or (tools and agent.max_iter < MIN_MAX_ITER):
            effect = (
                "an endless loop is stopped far too late"
                if agent.max_iter > MAX_MAX_ITER
                else "it cannot use its tools"
            )
            yield Fault(
                f"agent:{agent.key}",
                f'"{shorten(agent.role or agent.key)}" may take {agent.max_iter} turns on a task, so {effect}. '
                f"CrewAI's default is {CREWAI_DEFAULT_MAX_ITER}.",
                fixes.change(
                    f"Allow {CREWAI_DEFAULT_MAX_ITER} turns",
                    "That is CrewAI's default.",
                    fixes.edit_agent(context, agent, max_iter=CREWAI_DEFAULT_MAX_ITER),
                ),
            )


def _is_decided(context: Context) -> bool:
    """Say whether every task has its agent and works from the one listed before it."""
    tasks = context.crew.tasks
    return all(task.agent in context.agents for task in tasks) and all(
        before.key in task.depends_on for before, task in pairwise(tasks)
    )


def _has_second_pair_of_eyes(context: Context) -> bool:
    makers = {task.agent for task in context.crew.tasks if task.key not in context.reviews}
    return any(context.tasks[key].agent not in makers for key in context.reviews)


def _make_solo(context: Context) -> Change | None:
    first, *others = context.agents.values()
    if len(context.agents) < len(context.crew.agents):
        return None
    orphans = [task for task in context.crew.tasks if task.agent not in context.agents]
    edits = fixes.join_edits(
        fixes.fold_agents(context, {agent.key: first.key for agent in others}),
        *(fixes.edit_task(context, task, agent=first.key) for task in orphans),
        fixes.edit_agent(context, first, allow_delegation=False),
        fixes.edit_crew(process="sequential", manager=None, coordination="solo"),
    )
    return fixes.change(f'Let "{shorten(first.role or first.key)}" do all', "The work is small and in one line.", edits)


def _fold_to(context: Context, limit: int) -> Change | None:
    """Merge the agents with the least to do into those of the rest that are most like them."""
    if len(context.agents) < len(context.crew.agents):
        return None
    load = {key: (bool(tasks), sum(t.human_minutes for t in tasks)) for key, tasks in context.tasks_of.items()}
    ranked = sorted(context.agents.values(), key=lambda agent: load[agent.key], reverse=True)
    kept, gone = ranked[:limit], ranked[limit:]
    into = {agent.key: max(kept, key=lambda heir: _likeness(context, agent, heir)).key for agent in gone}
    return fixes.change(
        f"Merge to {limit} {'agent' if limit == 1 else 'agents'}",
        "Those with the least to do go to the one most like them.",
        fixes.fold_agents(context, into),
    )


def _likeness(context: Context, one: Agent, other: Agent) -> tuple[int, int]:
    """Return common skills, then common words of role and goal."""
    return (
        len(context.levels[one.key].keys() & context.levels[other.key].keys()),
        len(find_stems(f"{one.role} {one.goal}") & find_stems(f"{other.role} {other.goal}")),
    )
