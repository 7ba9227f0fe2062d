"""Structure, third group: who manages, who delegates, and whether CrewAI accepts it."""

from collections.abc import Iterator

from crewgen_core.models.change import Change
from crewgen_core.models.crew import Agent, Coordination, Manager
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import flatten_role, join_names, list_words, shorten

_MANAGING_WORDS = frozenset({"manager", "coordinator", "supervisor", "orchestrator", "conductor", "delegator"})
_MANAGED_WORDS = frozenset({"crew", "team", "task", "agent", "agents", "project", "workflow", "work", "general", "the"})


def manager_missing(context: Context) -> Iterator[Fault]:
    """CrewAI: "manager_llm or manager_agent is required when using hierarchical process" (``check_manager_llm``)."""
    if context.crew.process == "hierarchical" and context.crew.manager is None:
        manager = _make_manager(context)
        yield Fault(
            "crew",
            "The crew is hierarchical but has no manager, so nobody hands out the work and CrewAI refuses it. Add a "
            "manager, or make the crew sequential.",
            fixes.change(
                "Add a manager",
                "A hierarchical crew needs one.",
                fixes.edit_crew(manager=manager.model_dump(mode="json")),
            ),
        )


def manager_is_worker(context: Context) -> Iterator[Fault]:
    """CrewAI: "Manager agent should not be included in agents list" (``check_manager_llm``); with the same role, the
    delegation tool, which looks up co-workers by role, would hand the manager its own work."""
    manager = context.crew.manager
    if manager is None or context.crew.process != "hierarchical":
        return
    for agent in context.crew.agents:
        if _is_manager(agent, manager):
            yield Fault(
                f"agent:{agent.key}",
                f'The manager "{shorten(manager.role)}" is also among the workers. CrewAI refuses that, and it would '
                "delegate to itself: take it out of the agents, or give the manager a key and a role of its own.",
                _part_from_manager(context, agent),
            )


def manager_unused(context: Context) -> Iterator[Fault]:
    """In a sequential process CrewAI never asks the manager: it costs nothing, but people believe that somebody
    coordinates."""
    if context.crew.manager is not None and context.crew.process == "sequential":
        yield Fault(
            "manager",
            "The crew is sequential, so its manager never acts. Take the manager out, or make the crew hierarchical "
            "if the "
            "work has to be handed out during the run.",
            fixes.change("Take the manager out", "A sequential crew has no use for it.", fixes.edit_crew(manager=None)),
        )


def several_managers(context: Context) -> Iterator[Fault]:
    """One manager decides; a second one with a manager's role and the right to delegate undoes its decisions (MAST:
    disobeying the role specification; CrewAI: "Crew can only have one manager agent")."""
    acting = [a for a in context.crew.agents if a.allow_delegation and _has_manager_role(a)]
    has_manager = context.crew.process == "hierarchical" and context.crew.manager is not None
    if len(acting) + has_manager < 2:
        return
    kept = [] if has_manager else acting[:1]
    edits = fixes.join_edits(
        *(fixes.edit_agent(context, agent, allow_delegation=False) for agent in acting if agent not in kept)
    )
    yield Fault(
        "crew",
        f"{join_names([agent.role for agent in acting])} can hand out work"
        + (" beside the manager" if has_manager else "")
        + ", so several agents manage and may undo each other's decisions. Let one manage.",
        fixes.change("Let only one agent manage", "The others do their own tasks.", edits),
    )


def delegation_loop(context: Context) -> Iterator[Fault]:
    """Agents that may all delegate can pass a task around until the turn limit ends it, paying for every pass (a known
    complaint about CrewAI; MAST: step repetition, 15.7 %)."""
    if context.crew.process != "sequential":
        return
    delegating = [agent for agent in context.crew.agents if agent.allow_delegation]
    if len(delegating) < 2:
        return
    kept = next((agent for agent in delegating if _has_manager_role(agent)), delegating[0])
    edits = fixes.join_edits(
        *(fixes.edit_agent(context, agent, allow_delegation=False) for agent in delegating if agent is not kept)
    )
    yield Fault(
        "crew",
        f"{join_names([agent.role or agent.key for agent in delegating])} may all delegate to each other, so a task "
        "can "
        "go round in circles until the turn limit ends it. Let one of them delegate at most.",
        fixes.change(f'Let only "{shorten(kept.role or kept.key)}" delegate', "A task then cannot come back.", edits),
    )


def delegation_to_nobody(context: Context) -> Iterator[Fault]:
    """CrewAI gives delegation tools only where there is a co-worker (``_add_delegation_tools``); alone, the right to
    delegate only invites the model to try."""
    if len(context.crew.agents) == 1 and context.crew.agents[0].allow_delegation:
        agent = context.crew.agents[0]
        yield Fault(
            f"agent:{agent.key}",
            f'"{shorten(agent.role or agent.key)}" may delegate, but there is nobody to delegate to. Switch '
            "delegation off.",
            fixes.change(
                "Switch delegation off", "It is alone.", fixes.edit_agent(context, agent, allow_delegation=False)
            ),
        )


def coordination_contradicts(context: Context) -> Iterator[Fault]:
    """The label of the coordination style decides what people expect and how the crew is priced; it must say what the
    crew really does."""
    crew, right = context.crew, _real_coordination(context)
    if crew.agents and crew.tasks and right is not None:
        yield Fault(
            "crew",
            f'The crew is labelled "{crew.coordination}", but its process is {crew.process} with {len(crew.agents)} '
            f'{"agent" if len(crew.agents) == 1 else "agents"}: it works "{right}". Correct the label, or the crew.',
            fixes.change(f'Label it "{right}"', "That is how it works.", fixes.edit_crew(coordination=right)),
        )


def _is_manager(agent: Agent, manager: Manager) -> bool:
    return agent.key == manager.key or flatten_role(agent.role) == flatten_role(manager.role)


def _has_manager_role(agent: Agent) -> bool:
    """Say whether the role is to manage the crew; a "Product Manager" manages products."""
    words = list_words(agent.role)
    return any(word in _MANAGING_WORDS for word in words) and all(
        word in _MANAGING_WORDS or word in _MANAGED_WORDS for word in words
    )


def _make_manager(context: Context, role: str = "Crew Manager") -> Manager:
    """Return a manager whose key and role no worker has."""
    roles = {flatten_role(agent.role) for agent in context.crew.agents}
    free = next(
        r for i in range(1, len(roles) + 3) if flatten_role(r := role if i == 1 else f"{role} {i}") not in roles
    )
    objective = shorten(context.crew.objective, 300)
    return Manager(
        key=fixes.make_key("manager", context.names),
        role=free,
        goal=f"Bring the crew to its objective: {objective}" if objective else "Bring the crew to its objective.",
        backstory="You hand each task to the agent that fits it best, check every result against the expected output, "
        "and send back what does not meet it, once, with the reason.",
        why="A hierarchical crew needs somebody who hands out the work and checks it.",
    )


def _part_from_manager(context: Context, agent: Agent) -> Change | None:
    """Take the worker out when it has no task; else give the manager a key and a role of its own."""
    manager = context.crew.manager
    if not context.tasks_of[agent.key] and (edits := fixes.remove_agent(context, agent)):
        return fixes.change("Take the manager out of the agents", "It has no task of its own there.", edits)
    own = _make_manager(context)
    return fixes.change(
        f'Give the manager the role "{own.role}"',
        "The worker keeps its tasks.",
        fixes.edit_crew(
            manager=own.model_copy(update={"model": manager.model if manager else None}).model_dump(mode="json")
        ),
    )


def _real_coordination(context: Context) -> Coordination | None:
    """Return what the label should be, None when it fits."""
    crew = context.crew
    if crew.process == "hierarchical":
        return None if crew.coordination == "hierarchical" else "hierarchical"
    runs_parallel = any(task.async_execution for task in crew.tasks)
    if crew.coordination == "hierarchical" or (crew.coordination == "parallel" and not runs_parallel):
        return "solo" if len(crew.agents) == 1 else "sequential"
    if crew.coordination == "solo" and len(crew.agents) > 1:
        return "parallel" if runs_parallel else "sequential"
    if crew.coordination == "collaborative" and not any(agent.allow_delegation for agent in crew.agents):
        return "parallel" if runs_parallel else "solo" if len(crew.agents) == 1 else "sequential"
    return None
