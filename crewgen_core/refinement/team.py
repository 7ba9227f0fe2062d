"""Changes of the team: who is in it, who does what, who leads."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from crewgen_core.catalog.entries import Role
from crewgen_core.composition.management import write_manager
from crewgen_core.composition.names import make_key
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.texts import Voice
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.refinement.adding import STRETCHED, role_for, write_agent
from crewgen_core.refinement.lookup import look_up
from crewgen_core.refinement.parts import find_agents, find_tasks, means_all, share_of, the_agent, the_part, words_of
from crewgen_core.refinement.settling import settle
from crewgen_core.refinement.tasks import merge_tasks, remove_tasks
from crewgen_core.refinement.wishes import Delegate, Hand, Lead, Merge, Rename, Replace, TeamSize
from crewgen_core.refinement.work import (
    Declined,
    Outcome,
    Work,
    change_agents,
    change_tasks,
    join_words,
    keys_taken,
    name_of,
    quote,
)

LONGEST_ROLE = 500


def fold(crew: Crew, gone: str, heir: str) -> Crew:
    """Return the crew in which one agent takes over the tasks, skills and tools of another, who leaves."""
    one, other = crew.agent(heir), crew.agent(gone)
    if one is None or other is None or gone == heir:
        return crew
    levels: dict[str, SkillLevel] = {}
    for level in (*one.skills, *other.skills):
        if level.name not in levels or levels[level.name].proficiency < level.proficiency:
            levels[level.name] = level
    crew = change_agents(crew, {heir}, skills=tuple(levels.values()))
    for task in crew.tasks_of(gone):  # the tools go with the task, so that the heir's own tasks do not pay for them
        crew = change_tasks(crew, {task.key}, agent=heir, tools=task.tools or other.tools)
    return crew.model_copy(update={"agents": tuple(agent for agent in crew.agents if agent.key != gone)})


# --- size -------------------------------------------------------------------------------------------------------------


def resize(wish: TeamSize, work: Work) -> Outcome:
    """Bring the team to a number of agents: merge those that are most alike, or part those with several tasks."""
    count = len(work.crew.agents)
    number = count + wish.number if wish.relative else wish.number
    if number < 1:
        raise Declined("One agent is the fewest that a crew can have.")
    if count > number:
        crew, pairs = _shrink(work, number)
        gone = {heir: [other for one, other in pairs if one == heir] for heir, _ in pairs}
        merged = join_words([f"{heir} took over from {join_words(others)}" for heir, others in gone.items()])
        done = f"Merged the team to {_agents(number)}: {merged}."
    elif count < number and (wish.exact or wish.relative):
        crew = _grow(work, number)
        new = [name_of(agent) for agent in crew.agents if work.crew.agent(agent.key) is None]
        if not new:
            raise Declined(
                f"The tasks cannot be shared among {_agents(number)}: every agent has one task. Split a task first."
            )
        done = f"Added {join_words(new)}, who {'takes' if len(new) == 1 else 'take'} over work from the others."
    else:
        crew, done = work.crew, f"The crew has {_agents(count)} and may have {number} at most now."
    objective = work.objective
    if objective and (not wish.relative or (work.most_agents is not None and number > work.most_agents)):
        objective = objective.model_copy(update={"max_agents": number})
    if crew == work.crew and objective == work.objective:
        raise Declined(f"The crew has {_agents(count)} already.")
    missing = number - len(crew.agents)
    remark = (f"There was work for {_agents(len(crew.agents))} only.",) if missing > 0 and crew != work.crew else ()
    return Outcome(crew, done, objective, remark)


def _agents(count: int) -> str:
    return f"{count} {'agent' if count == 1 else 'agents'}"


def _shrink(work: Work, number: int) -> tuple[Crew, list[tuple[str, str]]]:
    """Merge two agents at a time: first those where nobody would check own work, then those most alike."""
    pairs: list[tuple[str, str]] = []
    while len(work.crew.agents) > number:
        heir, gone = min(_ordered_pairs(work.crew), key=lambda pair: _loss(pair[0], pair[1], work))
        pairs.append((name_of(heir), name_of(gone)))
        work = work.with_crew(fold(work.crew, gone.key, heir.key))
    return work.crew, pairs


def _ordered_pairs(crew: Crew) -> Iterator[tuple[Agent, Agent]]:
    """Yield each pair of agents, who has more work first."""
    load = {agent.key: sum(task.human_minutes for task in crew.tasks_of(agent.key)) for agent in crew.agents}
    for one, other in combinations(crew.agents, 2):
        yield (one, other) if load[one.key] >= load[other.key] else (other, one)


def _loss(heir: Agent, gone: Agent, work: Work) -> tuple[bool, int, float]:
    """Return what merging would cost: a check of own work, then how little the two have in common, then the work."""
    reviews = work.context.reviews
    mine, theirs = work.crew.tasks_of(heir.key), work.crew.tasks_of(gone.key)
    checks = [task.key in reviews for task in (*mine, *theirs)]
    mixed = any(checks) and not all(checks)
    common = {level.name for level in heir.skills} & {level.name for level in gone.skills}
    return mixed, -len(common), sum(task.human_minutes for task in theirs)


def _grow(work: Work, number: int) -> Crew:
    """Give tasks of the agents with the most of them to new specialists."""
    while len(work.crew.agents) < number:
        busy = max(work.crew.agents, key=lambda agent: len(work.crew.tasks_of(agent.key)), default=None)
        tasks = work.crew.tasks_of(busy.key) if busy else ()
        if len(tasks) < 2:
            break
        crew = hire_for(tasks[-1], work)
        if len(crew.agents) == len(work.crew.agents):
            break
        work = work.with_crew(crew)
    return work.crew


def hire_for(task: Task, work: Work) -> Crew:
    """Return the crew with a new agent for one task; the crew as it is where the catalog does not know its work."""
    skill = next((key for key in task.skills if work.catalog.roles_by_skill.get(key)), None)
    if skill is None:
        return work.crew
    voice = Voice(work.ground, plan_pieces(work.ground, work.catalog), work.catalog)
    agent = write_agent(role_for(skill, work), skill, voice, task, work)
    crew = change_tasks(work.crew, {task.key}, agent=agent.key)
    return crew.model_copy(update={"agents": (*crew.agents, agent)})


def split_agent(agent: Agent, work: Work) -> Outcome | None:
    """Let a new specialist take over the later half of an agent's tasks; None where it has one task only."""
    tasks = work.crew.tasks_of(agent.key)
    if len(tasks) < 2:
        return None
    moved = tasks[(len(tasks) + 1) // 2 :]
    crew = hire_for(moved[0], work)
    new = next((one for one in crew.agents if work.crew.agent(one.key) is None), None)
    if new is None:
        raise Declined(f"The catalog knows no other role for what {name_of(agent)} does.")
    crew = change_tasks(crew, {task.key for task in moved}, agent=new.key)
    names = join_words([name_of(task) for task in moved])
    return Outcome(crew, f"{name_of(new)} takes over {names} from {name_of(agent)}.")


# --- one agent --------------------------------------------------------------------------------------------------------


def merge(wish: Merge, work: Work) -> Outcome:
    """Make one of several agents, or of several tasks."""
    if len(wish.parts) == 1:
        agents = (
            list(work.crew.agents)
            if "agent" in wish.parts[0].lower() or means_all(wish.parts[0])
            else find_agents(wish.parts[0], work)
        )
        tasks = find_tasks(wish.parts[0], work)
        parts: list[Agent | Task] = [*(tasks if len(tasks) > 1 and len(agents) < 2 else agents)]
    else:
        parts = _parts_alike(wish.parts, work)
    if len({part.key for part in parts}) < 2:
        raise Declined(f"{quote(' and '.join(wish.parts))} is one part of the crew already.", unclear=True)
    if isinstance(parts[0], Task):
        return merge_tasks([part for part in parts if isinstance(part, Task)], work)
    first, *others = [part for part in parts if isinstance(part, Agent)]
    crew = work.crew
    for other in others:
        crew = fold(crew, other.key, first.key)
    role = _join_roles([first, *others])
    crew = change_agents(crew, {first.key}, role=role)
    names = join_words([name_of(agent) for agent in (first, *others)])
    return Outcome(crew, f"Merged {names} into one agent, {quote(role)}.")


def _parts_alike(names: tuple[str, ...], work: Work) -> list[Agent | Task]:
    """Return what is meant as agents where all names mean agents, else as tasks."""
    try:
        return [the_agent(name, work) for name in names]
    except Declined as refusal:
        found = [find_tasks(name, work) for name in names]
        if all(len(tasks) == 1 for tasks in found):
            return [tasks[0] for tasks in found]
        raise refusal from None


def _join_roles(agents: list[Agent]) -> str:
    roles = list(dict.fromkeys(agent.role for agent in agents if agent.role))
    joined = join_words(roles)
    return joined if len(joined) <= LONGEST_ROLE and len(roles) <= _MOST_JOINED else roles[0]


_MOST_JOINED = 3


def rename(wish: Rename, work: Work) -> Outcome:
    """Give an agent, a task, the manager or the crew another name."""
    new = wish.new.strip()[:LONGEST_ROLE]
    crew = work.crew
    if re.fullmatch(r"(?:it|the (?:whole )?(?:crew|team)|crew|team)", wish.old, re.I):
        return Outcome(crew.model_copy(update={"name": new[:300]}), f"Renamed the crew to {quote(new)}.")
    if crew.manager and words_of(wish.old) == ["manager"]:
        manager = crew.manager.model_copy(update={"role": new})
        return Outcome(crew.model_copy(update={"manager": manager}), f"Renamed the manager to {quote(new)}.")
    part = the_part(wish.old, work)
    changed = (
        change_agents(crew, {part.key}, role=new)
        if isinstance(part, Agent)
        else change_tasks(crew, {part.key}, name=new)
    )
    return Outcome(changed, f"Renamed {name_of(part)} to {quote(new)}.")


def replace_agent(wish: Replace, agent: Agent, work: Work) -> Outcome:
    """Put another role in an agent's place; its tasks stay."""
    found = look_up(wish.new, work.ground, work.catalog)
    tasks = work.crew.tasks_of(agent.key)
    meant = [task for task in find_tasks(wish.old, work) if task in tasks]
    by_role = share_of(words_of(wish.old), agent.role) > 0
    if found and found.role and meant and not by_role and len(meant) < len(tasks):
        return _hire_instead(found.role, meant, agent, work)
    if found is None or found.role is None or not tasks:
        return rename(Rename(wish.words, wish.old, re.sub(r"^(?:an?|the)\s+", "", wish.new, flags=re.I).title()), work)
    voice = Voice(work.ground, plan_pieces(work.ground, work.catalog), work.catalog)
    skill = next((key for task in tasks for key in task.skills if key in work.catalog.skills), found.step.skill)
    new = write_agent(found.role, skill, voice, tasks[0], work)
    new = _teach(new, tasks, work)
    new = new.model_copy(
        update={"key": agent.key, "tools": agent.tools, "model": agent.model, "max_iter": agent.max_iter}
    )
    crew = work.crew.model_copy(update={"agents": tuple(new if a.key == agent.key else a for a in work.crew.agents)})
    return Outcome(crew, f"{name_of(new)} takes the place of {name_of(agent)} and keeps its tasks.")


def _hire_instead(role: Role, tasks: Sequence[Task], agent: Agent, work: Work) -> Outcome:
    """Let a new agent take over some tasks of one who keeps the others."""
    voice = Voice(work.ground, plan_pieces(work.ground, work.catalog), work.catalog)
    skill = next((key for key in tasks[0].skills if key in work.catalog.skills), next(iter(role.skills)))
    new = _teach(write_agent(role, skill, voice, tasks[0], work), tasks, work)
    crew = change_tasks(work.crew, {task.key for task in tasks}, agent=new.key)
    crew = crew.model_copy(update={"agents": (*crew.agents, new)})
    return Outcome(
        crew, f"{name_of(new)} takes over {join_words([name_of(task) for task in tasks])} from {name_of(agent)}."
    )


def _teach(agent: Agent, tasks: Sequence[Task], work: Work) -> Agent:
    """Give an agent the skills of tasks that its role does not have."""
    known = {level.name for level in agent.skills}
    names = (work.catalog.skills[key].name for task in tasks for key in task.skills if key in work.catalog.skills)
    levels = (SkillLevel(name=name, proficiency=STRETCHED) for name in dict.fromkeys(names) if name not in known)
    return agent.model_copy(update={"skills": (*agent.skills, *levels)})


def remove_agent(agent: Agent, work: Work) -> Outcome:
    """Take an agent out: with its tasks where nothing misses them, else its tasks go to the others."""
    if len(work.crew.agents) < 2:
        raise Declined(f"{name_of(agent)} is the only agent; a crew needs one.")
    tasks = work.crew.tasks_of(agent.key)
    without = work.crew.model_copy(update={"agents": tuple(a for a in work.crew.agents if a.key != agent.key)})
    if not tasks:
        return Outcome(without, f"Took out {name_of(agent)}, who had no task.")
    if len(tasks) < len(work.crew.tasks):
        crew = remove_tasks(without, {task.key for task in tasks})
        if not _missed(work, crew):
            names = join_words([name_of(task) for task in tasks])
            return Outcome(crew, f"Took out {name_of(agent)} and what it did: {names}.")
    crew = work.crew
    heirs: list[str] = []
    for task in tasks:
        heir = work.context.closest_agent(task, without.agents) or without.agents[0]
        heirs.append(name_of(heir))
        crew = change_tasks(crew, {task.key}, agent=heir.key)
    crew = crew.model_copy(update={"agents": without.agents})
    took = join_words(list(dict.fromkeys(heirs)))
    return Outcome(crew, f"Took out {name_of(agent)}. {took} took over its work, which the objective asks for.")


def _missed(work: Work, crew: Crew) -> bool:
    """Tell whether the objective would miss something: warnings about coverage or care that were not there before."""
    after = work.with_crew(settle(work, crew))
    known = {(finding.code, finding.message) for finding in work.report.findings}
    return any(
        finding.severity != "advice" and finding.code.startswith("CG2") and (finding.code, finding.message) not in known
        for finding in after.report.findings
    )


def hand_task(wish: Hand, work: Work) -> Outcome | None:
    """Give a task to an agent; None where the words name no task and agent."""
    for task_words, agent_words in _splits(wish.text):
        tasks, agents = find_tasks(task_words, work), find_agents(agent_words, work)
        if len(tasks) != 1 or len(agents) != 1 or not words_of(agent_words):
            continue
        task, agent = tasks[0], agents[0]
        if task.agent == agent.key:
            raise Declined(f"{name_of(agent)} does {name_of(task)} already.")
        return Outcome(
            change_tasks(work.crew, {task.key}, agent=agent.key), f"{name_of(agent)} does {name_of(task)} now."
        )
    return None


_DOES = re.compile(
    r"(?P<agent>.+?)\s+(?:do|does|handle|handles|takes? over|be responsible for|performs?|take care of)\s+(?P<task>.+)",
    re.I,
)
_TO = re.compile(r"(?P<task>.+?)\s+(?:over )?to\s+(?P<agent>.+)", re.I)
_TASK_OF = re.compile(r"(?P<agent>.+?)\s+(?P<task>the\s+(?:task|step|job|work)\b.+|(?:task|step)\s+\d+)", re.I)
_VERB_OF = re.compile(
    r"(?P<agent>(?:the\s+)?[\w-]+(?:\s+[\w-]+)?)\s+(?P<task>(?:write|research|analyze|analyse|check|review|edit|plan|find|draft|test|design|build)\b.+)",
    re.I,
)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_DOES, _TO, _TASK_OF, _VERB_OF):
        match = pattern.fullmatch(text)
        if match:
            yield match["task"], match["agent"]


# --- leading ----------------------------------------------------------------------------------------------------------


def lead(wish: Lead, work: Work) -> Outcome:
    """Put a manager over the crew, or let it work without one."""
    return _appoint(work) if wish.wanted else _dismiss(work)


def _appoint(work: Work) -> Outcome:
    crew = work.crew
    if crew.manager and crew.process == "hierarchical":
        raise Declined(f"The crew has a manager already: {quote(crew.manager.role)}.")
    if not crew.agents:
        raise Declined("The crew has no agents that a manager could lead.")
    manager = crew.manager or write_manager(work.ground, crew.agents, "A manager was asked for.")
    roles = {agent.role for agent in crew.agents}
    manager = manager.model_copy(
        update={
            "key": make_key(manager.key, keys_taken(crew.model_copy(update={"manager": None})), "crew_manager"),
            "role": manager.role if manager.role not in roles else f"Manager: {manager.role}"[:LONGEST_ROLE],
        }
    )
    tasks = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
    agents = tuple(agent.model_copy(update={"allow_delegation": False}) for agent in crew.agents)
    led = crew.model_copy(update={"process": "hierarchical", "manager": manager, "tasks": tasks, "agents": agents})
    remark = (
        "A manager re-reads every result, which takes several times the tokens; it pays where somebody has to decide "
        "during the run."
    )
    return Outcome(
        led,
        f"{quote(manager.role)} manages the crew now: it hands out the tasks and checks the results.",
        remarks=(remark,),
    )


def _dismiss(work: Work) -> Outcome:
    crew = work.crew
    if crew.process == "sequential" and crew.manager is None:
        if any(task.async_execution for task in crew.tasks):
            tasks = tuple(task.model_copy(update={"async_execution": False}) for task in crew.tasks)
            return Outcome(crew.model_copy(update={"tasks": tasks}), "All tasks run one after the other now.")
        raise Declined("The crew has no manager; its tasks run one after the other.")
    flat = crew.model_copy(update={"process": "sequential", "manager": None})
    for task in (task for task in crew.tasks if crew.agent(task.agent) is None):
        heir = work.context.closest_agent(task, crew.agents)
        flat = change_tasks(flat, {task.key}, agent=heir.key if heir else None)
    return Outcome(flat, "The crew works without a manager now: each agent does its tasks in their order.")


def delegate(wish: Delegate, work: Work) -> Outcome:
    """Allow or forbid agents to hand work on."""
    keys = (
        {a.key for a in work.crew.agents}
        if means_all(wish.whom) or not wish.wanted
        else {the_agent(wish.whom, work).key}
    )
    if wish.wanted and len(work.crew.agents) < 2:
        raise Declined("There is one agent only, so there is nobody to delegate to.")
    crew = change_agents(work.crew, keys, allow_delegation=wish.wanted)
    if crew == work.crew:
        raise Declined(f"That is so already: delegation is {'allowed' if wish.wanted else 'switched off'}.")
    who = "Every agent" if len(keys) > 1 else name_of(next(a for a in work.crew.agents if a.key in keys))
    done = f"{who} may delegate work now." if wish.wanted else "No agent delegates work any more."
    return Outcome(crew, done)
