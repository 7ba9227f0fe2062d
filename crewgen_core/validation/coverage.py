"""Coverage, first group: does the crew have the skills, and make the results, that the objective asks for?"""

from collections.abc import Iterator

from crewgen_core.models.analysis import Deliverable
from crewgen_core.models.change import Change
from crewgen_core.models.crew import Agent, Task
from crewgen_core.models.report import WORKING_PROFICIENCY
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import find_stems, list_words, shorten

NAMED_WEIGHT = 0.5
"""From this weight on a skill was called for by the objective's own words; below it is implied [assumption]."""


def skill_missing(context: Context) -> Iterator[Fault]:
    """A skill that the objective names and no agent has is work that somebody unfit will do (MAST: design and
    specification cause 44.2 % of all failures)."""
    for key, name, weight in _missing_skills(context):
        if weight >= NAMED_WEIGHT:
            yield Fault(
                "crew",
                f"The objective calls for {name}, and no agent has this skill. Add an agent that has it, or name it "
                "among "
                "the skills of the agent that can do it.",
                _teach(context, key, name),
            )


def implied_skill_missing(context: Context) -> Iterator[Fault]:
    """A skill that follows from others is not vital, but its absence is worth a look (knowing what is *not* covered is
    what a coverage matrix is for)."""
    for key, name, weight in _missing_skills(context):
        if weight < NAMED_WEIGHT:
            yield Fault(
                "crew",
                f"{name[:1].upper()}{name[1:]} would help with this objective, and no agent has it. Consider naming "
                "it among "
                "the skills of the agent that can do it.",
                _teach(context, key, name),
            )


def task_skill_missing(context: Context) -> Iterator[Fault]:
    """A task given to an agent without its skill is done from the model's general knowledge; the specialist beside it
    is paid for and not used (MAST: disobeying the role specification)."""
    for task, agent in _assigned(context):
        known = context.levels[agent.key]
        missing = [skill for skill in dict.fromkeys(context.skills_of_task[task.key]) if skill not in known]
        if missing and known:
            names = " and ".join(context.skill_name(skill) for skill in missing[:3])
            yield Fault(
                f"task:{task.key}",
                f'The task "{_label(task)}" needs {names}, which its agent "{shorten(agent.role)}" does not have. '
                "Give it "
                "to an agent that has it, or add the skill.",
                _hand_to_specialist(context, task),
            )


def task_skill_low(context: Context) -> Iterator[Fault]:
    """Below a proficiency of 5 a skill does not do the work (catalog, ``Role.skills``); the estimate counts such an
    agent as a generalist, with a higher load."""
    for task, agent in _assigned(context):
        known = context.levels[agent.key]
        for skill in dict.fromkeys(context.skills_of_task[task.key]):
            if known.get(skill, WORKING_PROFICIENCY) < WORKING_PROFICIENCY:
                yield Fault(
                    f"task:{task.key}",
                    f'"{shorten(agent.role)}" has {context.skill_name(skill)} at {known[skill]} of 10 only, too '
                    "little for "
                    f'the task "{_label(task)}". Give it to a more proficient agent.',
                    _hand_to_specialist(context, task),
                )
                break


def deliverable_missing(context: Context) -> Iterator[Fault]:
    """A deliverable that no task is asked to make will not exist in the end (MAST: disobeying the task specification,
    11.8 %)."""
    for deliverable in _deliverables(context):
        if not _is_made(context, deliverable):
            name = shorten(deliverable.name)
            yield Fault(
                "crew",
                f'The objective asks for "{name}", and no task says that it makes one. Ask for it in the expected '
                "output of "
                "the task that ends with it.",
                _ask_at_end(
                    context, f"Ask for the {name}", f"The result contains what was asked for: {deliverable.name}."
                ),
            )


def length_not_mentioned(context: Context) -> Iterator[Fault]:
    """A length or a file format that stands only in the objective never reaches the agents: CrewAI shows an agent its
    task, not the objective (MAST: disobeying the task specification, 11.8 %)."""
    for deliverable in _deliverables(context):
        for wish in (deliverable.length, deliverable.file_format):
            if wish and not context.mentions(wish):
                yield Fault(
                    "crew",
                    f'The objective asks for "{shorten(wish)}", and no task says so; agents see their tasks, not the '
                    "objective. Say it in the expected output.",
                    _ask_at_end(context, f'Ask for "{shorten(wish)}"', f"It has this form: {wish}."),
                )


def language_not_mentioned(context: Context) -> Iterator[Fault]:
    """Agents answer in the language of their prompt unless told otherwise, and their prompts are English."""
    tongue = context.analysis.constraints.language if context.analysis else ""
    if tongue and context.crew.tasks and not context.mentions(tongue):
        yield Fault(
            "crew",
            f"The result is wanted in {tongue}, and no task says so, so the agents will write in the language of their "
            "tasks. Name the language in the expected output.",
            _ask_at_end(context, f"Ask for {tongue}", f"The result is written in {tongue}."),
        )


def exclusion_not_mentioned(context: Context) -> Iterator[Fault]:
    """What must not be done has to be said to those who could do it; an agent does not see the objective."""
    for exclusion in context.analysis.constraints.exclusions if context.analysis else ():
        if context.crew.tasks and not context.mentions(exclusion):
            yield Fault(
                "crew",
                f'The objective rules something out ("{shorten(exclusion)}"), and no task says so; agents see their '
                "tasks, "
                "not the objective. Say it in the tasks that could break it.",
                _ask_at_end(context, "Say what is ruled out", f"The result keeps to this limit: {exclusion}."),
            )


def objective_not_reflected(context: Context) -> Iterator[Fault]:
    """Agents see their tasks, not the objective: when no task speaks of its subject, the crew works on something else
    (MAST: task derailment and disobeying the task specification)."""
    subject = context.analysis.subject if context.analysis else context.crew.objective
    wanted = find_stems(subject)
    if not wanted or not context.crew.tasks or wanted & context.all_stems:
        return
    first = context.crew.tasks[0]
    edits = fixes.append_sentence(context, first, "description", f"The objective behind it: {shorten(subject, 500)}")
    if edits and not wanted & find_stems(shorten(subject, 500)):
        edits = None
    yield Fault(
        "crew",
        f'No task mentions the subject of the objective ("{shorten(subject)}"), and agents see only their tasks. '
        "Name the "
        "subject in the tasks.",
        fixes.change("Name the subject in the first task", "Agents see their tasks, not the objective.", edits),
    )


def _label(task: Task) -> str:
    return shorten(task.name.strip() or task.key)


def _assigned(context: Context) -> Iterator[tuple[Task, Agent]]:
    for task in context.tasks.values():
        agent = context.agents.get(task.agent or "")
        if agent is not None:
            yield task, agent


def _missing_skills(context: Context) -> Iterator[tuple[str, str, float]]:
    """Yield key, name and weight of each skill that the objective calls for and no agent has."""
    if context.analysis is None or not context.crew.agents:
        return
    had = {skill for levels in context.levels.values() for skill in levels}
    for skill in {skill.key: skill for skill in context.analysis.skills}.values():
        if skill.key not in had:
            yield skill.key, skill.name, skill.weight


def _teach(context: Context, skill: str, name: str) -> Change | None:
    """Name the skill at the agent that the catalog's role of its title says to have it; else there is no honest fix."""
    titles = {find_stems(role.title) for role in context.catalog.roles_by_skill.get(skill, ())}
    for agent in context.crew.agents:
        title = find_stems(agent.role)
        role = next((t for t in titles if t and t <= title), None)
        if role is not None:
            level = _level_of(context, skill, role)
            skills = [s.model_dump(mode="json") for s in agent.skills] + [{"name": name, "proficiency": level}]
            if context.skill_key(name) != skill:
                return None
            return fixes.change(
                f'Name {name} among the skills of "{shorten(agent.role)}"',
                "The catalog says that this role has it.",
                fixes.edit_agent(context, agent, skills=skills),
            )
    return None


def _level_of(context: Context, skill: str, title: frozenset[str]) -> int:
    return next(role.skills[skill] for role in context.catalog.roles_by_skill[skill] if find_stems(role.title) == title)


def _hand_to_specialist(context: Context, task: Task) -> Change | None:
    """Give the task to the most proficient agent that has all of its skills at a working level."""
    wanted = context.skills_of_task[task.key]
    fit = [
        agent
        for agent in context.agents.values()
        if all(context.levels[agent.key].get(skill, 0) >= WORKING_PROFICIENCY for skill in wanted)
    ]
    best = context.closest_agent(task, fit)
    if best is None:
        return None
    return fixes.change(
        f'Give it to "{shorten(best.role or best.key)}"',
        "It has all the skills of the task at a working level.",
        fixes.edit_task(context, task, agent=best.key),
    )


def _deliverables(context: Context) -> tuple[Deliverable, ...]:
    return context.analysis.deliverables if context.analysis and context.crew.tasks else ()


def _is_made(context: Context, deliverable: Deliverable) -> bool:
    """Say whether a task names the deliverable: the noun at the end of its name, or of its catalog name."""
    artefact = context.catalog.artefacts.get(deliverable.artefact)
    names = [deliverable.name, artefact.name if artefact else ""]
    nouns = [find_stems(list_words(name)[-1]) for name in names if list_words(name)]
    return any(noun <= context.all_stems for noun in nouns) if nouns else True


def _ask_at_end(context: Context, title: str, sentence: str) -> Change | None:
    """Add a sentence to the expected output of the task whose result the crew returns."""
    last = context.crew.tasks[-1]
    return fixes.change(
        title,
        "Agents see their tasks, not the objective.",
        fixes.append_sentence(context, last, "expected_output", sentence),
    )
