"""Adds a task, and where needed an agent for it, from what the catalog knows about such work."""

import re
from dataclasses import dataclass, replace

from crewgen_core.analysis.phrasing import upper_first
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Role, Stage, Step
from crewgen_core.composition.job_titles import write_job_title
from crewgen_core.composition.names import make_key
from crewgen_core.composition.ordering import leads_to
from crewgen_core.composition.pieces import Piece
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.team import find_team
from crewgen_core.composition.texts import Voice, list_work
from crewgen_core.composition.toolbox import grant_tools
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.refinement.lookup import Found, look_up
from crewgen_core.refinement.parts import activity_of, find_tasks, share_of, the_task, words_of
from crewgen_core.refinement.wishes import Add, Place
from crewgen_core.refinement.work import Declined, Outcome, Work, change_tasks, keys_taken, name_of, quote

STAGES: tuple[Stage, ...] = ("input", "source", "data", "finding", "plan", "draft", "product", "review", "final")
"""How far along results are, from what a person brings to what is handed over."""

_REVIEWING = STAGES.index("review")
_DRAFTING = STAGES.index("draft")
_WORKING, STRETCHED = 5, 6
"""From 5 on a skill does the work; 6 is shown for one that an agent takes on beside its trade (as in ``finishing``)."""

_MOST_SKILLS = 6
_BY_ACTIVITY: dict[str, Stage] = {
    "research": "source", "analyze": "finding", "plan": "plan", "write": "draft", "make": "product",
    "operate": "product", "communicate": "draft", "review": "review",
}  # fmt: skip


def part_addition(wish: Add, work: Work) -> tuple[Add, ...]:
    """Return the wish for each of several things ("a legal review and a fact checker") where one of them is known."""
    parts = [part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+plus\s+", wish.what) if part.strip()]
    known = [look_up(part, work.ground, work.catalog) is not None for part in parts]
    if len(parts) < 2 or not any(known) or (not all(known) and look_up(wish.what, work.ground, work.catalog)):
        return (wish,)
    return tuple(
        replace(wish, words=f"add {part}" if is_known else part, what=part)
        for part, is_known in zip(parts, known, strict=True)
    )


def add(wish: Add, work: Work) -> Outcome:
    """Add what is wanted, and an agent for it where nobody can do it. Raises Declined."""
    found = look_up(wish.what, work.ground, work.catalog)
    if found is None:
        raise Declined(
            f"The catalog knows no work or role like {quote(wish.what)}. Name a role, a kind of work or a check, such "
            "as “a fact checker” or “a risk assessment”.",
            unclear=True,
        )
    return _add_found(wish, found, work)


def add_found(found: Found, what: str, work: Work) -> Outcome:
    """Add a piece of work of the catalog where it belongs. Raises Declined when it is there already."""
    return _add_found(Add(what, what), found, work)


def _add_found(wish: Add, found: Found, work: Work) -> Outcome:
    _refuse_what_is_there(wish, found, work)
    slot = _find_slot(found.step, wish.place, wish.other, work)
    piece = _new_piece(found, wish, work)
    voice = Voice(work.ground, _pieces_around(piece, slot, work), work.catalog)
    task = _write_task(piece, found, slot, voice, wish, work)
    agent, newcomer, remarks = _find_agent(found, slot, voice, task, work)
    task = task.model_copy(update={"agent": agent.key})
    crew = _insert(task, slot, work.crew)
    if newcomer:
        crew = crew.model_copy(update={"agents": (*crew.agents, agent)})
    elif agent != work.crew.agent(agent.key):
        crew = crew.model_copy(update={"agents": tuple(agent if a.key == agent.key else a for a in crew.agents)})
    who = f"a new agent, {name_of(agent)}," if newcomer else name_of(agent)
    done = f"Added the task {name_of(task)}, which {who} does{_tell_place(slot, work.crew)}."
    return Outcome(crew, done, remarks=remarks)


def _refuse_what_is_there(wish: Add, found: Found, work: Work) -> None:
    if re.match(
        r"(?:another|one more|a second|a third|an?\s+(?:extra|additional)|extra|additional)\b", wish.what, re.I
    ):
        return
    if found.role:
        there = next((a for a in work.crew.agents if a.key == found.role.key or a.role == found.role.title), None)
        if there and work.crew.tasks_of(there.key):
            raise Declined(f"The crew has {name_of(there)} already. Say “add another …” if you want one more.")
    same = [task for task in work.crew.tasks if found.step.skill in task.skills and found.step.key != "asked_for"]
    if (
        same
        and not found.role
        and not found.title
        and share_of(words_of(found.known_by), f"{same[0].name} {work.catalog.skills[found.step.skill].name}") == 1
    ):
        raise Declined(f"The task {name_of(same[0])} does that already. Say “add another …” if you want one more.")


# --- where it goes ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Slot:
    """Where a new task goes."""

    index: int
    sources: tuple[str, ...]
    """Keys of the tasks that it works from."""
    followers: tuple[str, ...]
    """Keys of the tasks that will work from it."""
    instead: bool = False
    """True when the followers no longer work from the sources directly."""


def stage_of(task: Task, work: Work) -> int:
    """Return how far along the result of a task is, as a place in ``STAGES``."""
    if task.key in work.context.reviews:
        return _REVIEWING
    for skill in task.skills:
        steps = work.catalog.steps_by_skill.get(skill)
        if steps:
            return STAGES.index(work.catalog.artefacts[steps[0].produces].stage)
    return STAGES.index(_BY_ACTIVITY.get(activity_of(task, work.catalog) or "analyze", "finding"))


def end_keys(crew: Crew) -> tuple[str, ...]:
    """Return the keys of the tasks whose result no other works from."""
    used = {key for task in crew.tasks for key in task.depends_on}
    return tuple(task.key for task in crew.tasks if task.key not in used)


def _find_slot(step: Step, place: Place, other: str, work: Work) -> _Slot:
    crew = work.crew
    if place in ("before", "after") and other:
        words = re.sub(r"\s+(?:is|are|gets?|has been|was)\s+\w+$", "", other)
        named = find_tasks(words, work) or [the_task(words, work)]
        return _slot_beside(named[0] if place == "before" else named[-1], place, crew)
    if place == "first":
        starts = tuple(task.key for task in crew.tasks if not task.depends_on)
        return _Slot(0, (), starts)
    if place == "last" or not crew.tasks:
        return _Slot(len(crew.tasks), end_keys(crew), ())
    stage = STAGES.index(work.catalog.artefacts[step.produces].stage)
    return _slot_late(stage, crew, work) if stage >= _DRAFTING else _slot_early(step, stage, work)


def _slot_beside(task: Task, place: Place, crew: Crew) -> _Slot:
    index = next(i for i, other in enumerate(crew.tasks) if other.key == task.key)
    if place == "before":
        return _Slot(index, task.depends_on, (task.key,))
    followers = tuple(other.key for other in crew.tasks if task.key in other.depends_on)
    return _Slot(index + 1, (task.key,), followers)


def _slot_late(stage: int, crew: Crew, work: Work) -> _Slot:
    """What is written or checked comes at the end, in front of the checks that look at it."""
    makes = [task for task in crew.tasks if stage_of(task, work) < _REVIEWING]
    checks = [task for task in crew.tasks if stage_of(task, work) >= _REVIEWING]
    if not makes:
        return _Slot(len(crew.tasks), end_keys(crew), ())
    used = {key for task in makes for key in task.depends_on}
    sources = tuple(task.key for task in makes if task.key not in used)
    ending = [task for task in checks if task is crew.tasks[-1]] if stage >= _REVIEWING else checks
    if not ending:
        return _Slot(len(crew.tasks), end_keys(crew), ())
    index = min(crew.tasks.index(task) for task in ending)
    known = {task.key for task in crew.tasks[:index]}
    return _Slot(index, tuple(key for key in sources if key in known), tuple(task.key for task in ending))


def _slot_early(step: Step, stage: int, work: Work) -> _Slot:
    """What is found out or planned comes in front of what uses it."""
    crew, catalog = work.crew, work.catalog
    wanted = {step.produces, f"stage:{catalog.artefacts[step.produces].stage}"}

    def uses_it(task: Task) -> bool:
        steps = [s for skill in task.skills for s in catalog.steps_by_skill.get(skill, ())[:1]]
        return any(wanted.intersection((*s.needs, *s.uses)) for s in steps)

    later = [task for task in crew.tasks if stage_of(task, work) > stage]
    users = [task for task in later if uses_it(task)] or later[:1]
    if not users:
        return _Slot(len(crew.tasks), end_keys(crew), ())
    index = crew.tasks.index(users[0])
    needs = {*step.needs, *step.uses}
    makers = tuple(
        task.key
        for task in crew.tasks[:index]
        if any(
            s.produces in needs or f"stage:{catalog.artefacts[s.produces].stage}" in needs
            for skill in task.skills
            for s in catalog.steps_by_skill.get(skill, ())[:1]
        )
    )
    return _Slot(index, makers, (users[0].key,))


def _insert(task: Task, slot: _Slot, crew: Crew) -> Crew:
    """Put a task in its place; followers that it would wait for itself do not wait for it."""
    edges = {other.key: other.depends_on for other in crew.tasks} | {task.key: task.depends_on}
    tasks = list(crew.tasks)
    tasks.insert(slot.index, task)
    changed = crew.model_copy(update={"tasks": tuple(tasks)})
    for key in slot.followers:
        follower = crew.task(key)
        if follower and not leads_to(task.key, key, edges):
            changed = change_tasks(changed, {key}, depends_on=tuple(dict.fromkeys((*follower.depends_on, task.key))))
    return changed


def _tell_place(slot: _Slot, crew: Crew) -> str:
    followers = [task for key in slot.followers if (task := crew.task(key))]
    sources = [task for key in slot.sources if (task := crew.task(key))]
    if followers:
        return f", before {name_of(followers[0])}"
    return f", after {name_of(sources[-1])}" if sources else ""


# --- what it says -----------------------------------------------------------------------------------------------------


def _why(wish: Add) -> str:
    return f"Asked for: {quote(wish.what)}."


def _new_piece(found: Found, wish: Add, work: Work) -> Piece:
    request = found.title if found.step.key == "asked_for" else ""
    focus = work.ground.subject
    if work.catalog.artefacts[found.step.produces].stage in ("review", "final"):
        focus = deliverable_name(work)  # what is checked, edited or translated is the text, not its subject
    return Piece(found.step, focus, _why(wish), len(work.crew.tasks), request=request)


def deliverable_name(work: Work) -> str:
    """Return what the crew makes as a sentence can name it: "the two-page brief"."""
    made = work.ground.deliverables
    if not made:
        return "the result"
    name = made[0].name
    return name if made[0].quantity > 1 or re.match(r"(?:the|an?|our|my|\d)\b", name, re.I) else f"the {name}"


def _pieces_around(new: Piece, slot: _Slot, work: Work) -> list[Piece]:
    """Return the new piece among those of the crew, so that its texts can speak of them."""
    known = [
        Piece(work.catalog.steps_by_skill[skill][0], work.ground.subject, "", at)
        for at, task in enumerate(work.crew.tasks)
        for skill in task.skills[:1]
        if skill in work.catalog.steps_by_skill
    ]
    known = known or list(plan_pieces(work.ground, work.catalog))
    return [*known, new] if not slot.followers else [new, *known]


def _write_task(piece: Piece, found: Found, slot: _Slot, voice: Voice, wish: Add, work: Work) -> Task:
    names = {task.key: task.name for task in work.crew.tasks}
    title = voice.title(piece)
    if found.title and found.step.key != "asked_for":
        title = f"{found.title} of {deliverable_name(work)}"
    description = voice.description(piece, [f'"{names[key]}"' for key in slot.sources])
    output = voice.expected_output(piece)
    skill = work.catalog.skills[found.step.skill]
    if (
        share_of(
            words_of(wish.what), " ".join((title, skill.name, *skill.aliases, found.role.title if found.role else ""))
        )
        < 1
    ):
        description += f" What was asked for: {wish.what}."
    stage = work.catalog.artefacts[found.step.produces].stage
    if stage == "review" and not slot.followers and "in full" not in description:
        output += " Below it stands the complete result with these corrections made."
    return Task(
        key=make_key(title, keys_taken(work.crew), "added_task"),
        name=upper_first(title)[:200],
        description=description,
        expected_output=output,
        depends_on=slot.sources,
        skills=(found.step.skill,),
        tools=grant_tools(piece, work.ground, work.catalog),
        human_minutes=found.step.minutes,
        why=_why(wish),
    )


# --- who does it ------------------------------------------------------------------------------------------------------


def _find_agent(found: Found, slot: _Slot, voice: Voice, task: Task, work: Work) -> tuple[Agent, bool, tuple[str, ...]]:
    """Return who does the task, whether that agent is new, and what to know about it."""
    skill = work.catalog.skills[found.step.skill].name
    makers = {other.agent for other in work.crew.tasks if other.key in slot.sources}
    checks = STAGES.index(work.catalog.artefacts[found.step.produces].stage) >= _REVIEWING
    free = [agent for agent in work.crew.agents if not (checks and agent.key in makers)]
    if not found.role:
        able = max(free, key=lambda agent: _proficiency(agent, skill), default=None)
        if able and _proficiency(able, skill) >= _WORKING:
            return able, False, ()
    limit = work.most_agents
    if limit is None or len(work.crew.agents) < limit or not work.crew.agents:
        return (
            write_agent(found.role or role_for(found.step.skill, work), found.step.skill, voice, task, work),
            True,
            (),
        )
    heir = max(
        free or work.crew.agents, key=lambda agent: (_proficiency(agent, skill), -len(work.crew.tasks_of(agent.key)))
    )
    remark = (
        f"The objective allows {limit} {'agent' if limit == 1 else 'agents'}, so {name_of(heir)} takes on {skill} "
        f"beside its own work. Ask for “at most {limit + 1} agents” to have a specialist."
    )
    return heir, False, (remark,)


def _proficiency(agent: Agent, skill: str) -> int:
    return next((level.proficiency for level in agent.skills if level.name == skill), 0)


def role_for(skill: str, work: Work) -> Role:
    """Return the role of the catalog that does this best in the field of the objective."""
    return find_team((skill,), work.catalog.roles.values(), work.ground.domain, {})[0].role


def write_agent(role: Role, skill: str, voice: Voice, task: Task, work: Work) -> Agent:
    """Return a new agent of a role that is there for one task."""
    catalog, subject = work.catalog, work.ground.subject
    checks = skill in catalog.skills and catalog.skills[skill].activity == "review"
    title = write_job_title(role, [voice.deliverable if checks else subject, subject], work.ground, catalog)
    taken = {agent.role for agent in work.crew.agents}
    models = {agent.model for agent in work.crew.agents}
    shown = list(dict.fromkeys((skill, *role.skills)))[:_MOST_SKILLS]
    return Agent(
        key=make_key(role.key, keys_taken(work.crew) | {task.key}, "added_agent"),
        role=title if title not in taken else f"Second {title}",
        goal=voice.speak(role.goal, subject),
        backstory=f"{voice.speak(role.style, subject)} {list_work([task])}",
        skills=tuple(
            SkillLevel(name=_name(key, catalog), proficiency=role.skills.get(key, STRETCHED)) for key in shown
        ),
        tools=task.tools,
        model=models.pop() if len(models) == 1 else None,
        why=f"Does {quote(task.name)}.",
    )


def _name(skill: str, catalog: Catalog) -> str:
    return catalog.skills[skill].name
