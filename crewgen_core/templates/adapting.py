"""Fits a filled skeleton to an objective in a person's own words: adds what it lacks, leaves out what nobody asked for.

The built-in crew for the same objective is where missing tasks come from. Whatever is changed is told in a sentence.
"""

from collections.abc import Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.coverage import cover_deliverables, cover_tools, find_task_about, take_over
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.finishing import finish_crew, restore
from crewgen_core.composition.likeness import find_stems, is_review
from crewgen_core.composition.team_size import MOST_AGENTS, drop_idle_agents, limit_team
from crewgen_core.composition.toolbox import is_allowed
from crewgen_core.models.analysis import Analysis, RequiredSkill
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.template import Template

MORE_AGENTS = 2
"""So many agents beyond the skeleton's its additions may bring [assumption, as for the draft of a model's crew]."""

LEAST_WEIGHT = 0.5
"""Weight from which a skill that the objective names is worth a task of its own [assumption]."""


def adapt(skeleton: Crew, template: Template, analysis: Analysis, built_in: Crew, catalog: Catalog) -> CrewInWork:
    """Return the skeleton with what the objective needs beside it and without what it does not need."""
    work = lay_out(skeleton)
    _leave_out(work, template, analysis, catalog)
    named = analysis.model_copy(update={"skills": tuple(_named_skills(analysis))})
    source = _tasks_for(named, built_in, catalog)
    most = min(analysis.constraints.max_agents or MOST_AGENTS, len(skeleton.agents) + MORE_AGENTS)
    if source.tasks:
        _add_tasks(work, named, source, built_in, most)
        cover_deliverables(work, named, source, most)
    cover_tools(work, analysis, built_in, catalog)
    _name_subject(work, analysis)
    return work


def lay_out(skeleton: Crew) -> CrewInWork:
    """Return a crew on the bench."""
    return CrewInWork(
        agents={agent.key: agent for agent in skeleton.agents}, tasks={task.key: task for task in skeleton.tasks}
    )


def keep_limits(work: CrewInWork, analysis: Analysis, catalog: Catalog) -> None:
    """Take away tools that are not allowed, and merge agents where there are more than allowed."""
    for part in (*work.tasks.values(), *work.agents.values()):
        gone = [tool for tool in part.tools if tool in catalog.tools and not is_allowed(tool, analysis, catalog)]
        kept = tuple(tool for tool in part.tools if tool not in gone)
        for tool in gone:
            work.note(f"The tool {catalog.tools[tool].name} is not allowed for this objective and was taken away.")
        if isinstance(part, Task):
            work.set_task(part, tools=kept)
        else:
            work.set_agent(part, tools=kept)
    most = analysis.constraints.max_agents
    if most:
        limit_team(work, most, most)


def finish(work: CrewInWork, skeleton: Crew, analysis: Analysis, catalog: Catalog) -> Crew:
    """Return the crew on the bench, ordered, with the manager, the checks by people and the models of the skeleton."""
    drop_idle_agents(work)
    managed = skeleton.process == "hierarchical"
    if _is_changed(work, skeleton):
        crew = finish_crew(work, analysis, skeleton, catalog, wants_manager=managed)
    else:
        parts = {"agents": tuple(work.agents.values()), "tasks": tuple(work.tasks.values())}
        crew = skeleton.model_copy(update=parts)
    return restore(crew, skeleton, analysis)


def _is_changed(work: CrewInWork, skeleton: Crew) -> bool:
    """Tell whether tasks, their order or who does them are not the skeleton's any more."""
    before = [(task.key, task.agent, task.depends_on, task.skills) for task in skeleton.tasks]
    return before != [(task.key, task.agent, task.depends_on, task.skills) for task in work.tasks.values()] or len(
        work.agents
    ) != len(skeleton.agents)


def _leave_out(work: CrewInWork, template: Template, analysis: Analysis, catalog: Catalog) -> None:
    """Leave out the optional tasks that the objective has neither a skill nor a word for."""
    wanted = {skill.key for skill in analysis.skills if skill.evidence}
    objective = analysis.objective
    said = find_stems(f"{objective.text} {objective.context} {objective.preferences}")
    for key in template.optional:
        task = work.tasks.get(key)
        if task is None or wanted.intersection(task.skills) or len(work.tasks) == 1:
            continue
        trades = (catalog.skills[skill].name for skill in task.skills if skill in catalog.skills)
        if any(find_stems(trade) & said for trade in trades):
            continue
        del work.tasks[key]
        for other in list(work.tasks.values()):
            if key in other.depends_on:
                sources = (*(source for source in other.depends_on if source != key), *task.depends_on)
                work.set_task(other, depends_on=tuple(dict.fromkeys(sources)))
        work.note(f"“{shown(task.name)}” was left out: the objective does not ask for it.")


def _add_tasks(work: CrewInWork, named: Analysis, source: Crew, built_in: Crew, most_agents: int) -> None:
    """Have every named skill asked for by a task: one that speaks of it, else the built-in one, which is added."""
    for skill in named.skills:
        if any(skill.key in task.skills for task in work.tasks.values()):
            continue
        ground = next((task for task in source.tasks if skill.key in task.skills), None)
        about_it = find_task_about(skill, ground, work)
        if about_it:
            work.set_task(about_it, skills=(*about_it.skills, skill.key))
        elif ground:
            take_over(ground, work, source, most_agents)
            _quote_own_titles(work, ground, built_in)
            work.note(f"“{shown(ground.name)}” was added: the objective asks for {skill.name}.")


def _quote_own_titles(work: CrewInWork, ground: Task, built_in: Crew) -> None:
    """Let an added task quote the skeleton's tasks that it works from, not those of the built-in crew."""
    task = work.tasks[ground.key]
    own = " and ".join(f'"{work.tasks[key].name}"' for key in task.depends_on)
    text = task.description
    quoted = [f'"{other.name}"' for key in ground.depends_on if (other := built_in.task(key)) and other.name in text]
    for at, title in enumerate(quoted):
        text = text.replace(title, own if at == 0 and own else "what was done before", 1)
    work.set_task(task, description=text)


def _named_skills(analysis: Analysis) -> Iterator[RequiredSkill]:
    """Yield the skills that the objective asks for in words; what is only implied, the template's author decided."""
    return (skill for skill in analysis.skills if skill.evidence and skill.weight >= LEAST_WEIGHT)


def _tasks_for(named: Analysis, built_in: Crew, catalog: Catalog) -> Crew:
    """Return the part of the built-in crew that makes what the objective names; checks are the template's."""
    wanted = {skill.key for skill in named.skills}
    tasks = tuple(task for task in built_in.tasks if wanted.intersection(task.skills) and not is_review(task, catalog))
    agents = {task.agent for task in tasks}
    return built_in.model_copy(
        update={"tasks": tasks, "agents": tuple(agent for agent in built_in.agents if agent.key in agents)}
    )


def _name_subject(work: CrewInWork, analysis: Analysis) -> None:
    """Say what it is about where the tasks that begin the work have no word of it."""
    subject = find_stems(analysis.subject)
    if not subject or any(subject & find_stems(f"{task.name} {task.description}") for task in work.tasks.values()):
        return
    for task in list(work.tasks.values()):
        if not task.depends_on:
            work.set_task(task, description=f"{task.description} The work is about {analysis.subject}.".strip())
    work.note(f"The tasks at the beginning now say what the work is about: {shown(analysis.subject)}.")
