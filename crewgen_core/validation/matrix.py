"""The coverage matrix: how well each agent covers each skill that the objective or a task asks for."""

from crewgen_core.models.report import WORKING_PROFICIENCY, CoverageCell
from crewgen_core.validation.context import Context

MAX_CELLS = 5_000
"""Above this size, cells without proficiency are left out, since nobody can read them; only a skill that no agent has
keeps one, so that it does not vanish."""


def list_skills(context: Context) -> tuple[str, ...]:
    """Return the keys of the skills asked for: those of the objective by weight, then those of tasks in order."""
    required = sorted(context.analysis.skills, key=lambda skill: -skill.weight) if context.analysis else []
    asked = [skill.key for skill in required] + [s for skills in context.skills_of_task.values() for s in skills]
    return tuple(dict.fromkeys(asked))


def cover_skills(context: Context) -> tuple[CoverageCell, ...]:
    """Return one cell per skill and agent, skill by skill; skills by their name for people, agents by key."""
    skills = list_skills(context)
    used = {
        (skill, agent)
        for agent, tasks in context.tasks_of.items()
        for t in tasks
        for skill in context.skills_of_task[t.key]
    }
    sparse = len(skills) * len(context.agents) > MAX_CELLS
    had = {skill for levels in context.levels.values() for skill in levels}
    first = next(iter(context.agents), None)
    return tuple(
        CoverageCell(
            skill=context.skill_name(skill),
            agent=agent,
            proficiency=context.levels[agent].get(skill, 0),
            used=(skill, agent) in used,
        )
        for skill in skills
        for agent in context.agents
        if not sparse or skill in context.levels[agent] or (agent == first and skill not in had)
    )


def measure_coverage(context: Context) -> float:
    """Return how much of what is asked for is covered, 0 to 1; 1 when nothing is asked for.

    Each skill counts with its weight (1 for a skill that only a task names) times the best agent's share of a working
    proficiency: full from 5 on, half when no task of that agent asks for it, since an unused skill
    does no work.
    """
    weights = {skill.key: skill.weight for skill in context.analysis.skills} if context.analysis else {}
    total = covered = 0.0
    best = _best_levels(context)
    for skill in list_skills(context):
        weight = weights.get(skill, 1.0)
        total += weight
        covered += weight * min(best.get(skill, 0.0), 1.0)
    return covered / total if total else 1.0


def _best_levels(context: Context) -> dict[str, float]:
    """Return for each skill the best share of a working proficiency, halved where it is not used."""
    best: dict[str, float] = {}
    for agent, levels in context.levels.items():
        used = {skill for task in context.tasks_of[agent] for skill in context.skills_of_task[task.key]}
        for skill, level in levels.items():
            share = min(level / WORKING_PROFICIENCY, 1.0) * (1.0 if skill in used else 0.5)
            best[skill] = max(best.get(skill, 0.0), share)
    return best
