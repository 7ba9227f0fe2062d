"""Answers "why?" about a part of a crew, whatever made the crew."""

from crewgen_core.analysis.analyze import analyze
from crewgen_core.errors import UnusableObjective
from crewgen_core.explanation.absence import compare
from crewgen_core.explanation.notes import note_rules
from crewgen_core.explanation.parts import Part, find_part, list_parts, name_agent, name_task
from crewgen_core.explanation.quotes import Quoter, find_quotes, skills_served
from crewgen_core.explanation.removal import remove
from crewgen_core.explanation.sentences import followers_of, say_why, say_why_unquoted, sources_of
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.explanation import CoveredSkill, Explanation, Quote, Reason, ToolFacts
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, assess
from crewgen_core.validation.context import Context


def explain(crew: Crew, path: str, objective: Objective | None, knowledge: Knowledge) -> Explanation:
    """Return why the part is there, and what happens without it.

    Nothing that was remembered while the crew was made is needed, so edited, imported and model-made crews are
    explained as well as built-in ones. Without an objective, or with one that cannot be used, no words are quoted.
    Raises NotFound for a path that the crew does not have.
    """
    part = find_part(crew, path, knowledge.catalog)
    analysis = _understand(objective, knowledge)
    context = Context(crew, knowledge.catalog, analysis, knowledge.environment)
    quotes = _quote(part, context, Quoter(analysis.objective) if analysis else None)
    removal = remove(part, context)
    now, then = assess(crew, analysis, knowledge), assess(removal.crew, analysis, knowledge)
    absence = compare(part, removal, context, now, then)
    linked = part.kind in ("task", "agent")
    return Explanation(
        path=path,
        kind=part.kind,
        name=part.name,
        sentence=say_why(part, quotes, context),
        told=_told(part, context),
        objective=analysis.objective.text if analysis else "",
        quotes=quotes,
        unquoted=say_why_unquoted(part, quotes, context),
        skills=_list_skills(part, context),
        works_from=tuple(name_task(task) for task in sources_of(part, context)) if linked else (),
        taken_up_by=tuple(name_task(task) for task in followers_of(part, context)) if linked else (),
        rules=note_rules(part, context, now[0].findings, absence.found),
        absence=absence,
        tool=_describe_tool(part, context),
    )


def list_reasons(crew: Crew, objective: Objective | None, knowledge: Knowledge) -> tuple[Reason, ...]:
    """Return every part of the crew with its reason in one sentence."""
    analysis = _understand(objective, knowledge)
    context = Context(crew, knowledge.catalog, analysis, knowledge.environment)
    quoter = Quoter(analysis.objective) if analysis else None
    return tuple(
        Reason(
            path=part.path,
            kind=part.kind,
            name=part.name,
            sentence=say_why(part, _quote(part, context, quoter), context),
        )
        for part in list_parts(crew, knowledge.catalog)
    )


def _understand(objective: Objective | None, knowledge: Knowledge) -> Analysis | None:
    try:
        return analyze(objective, knowledge.catalog) if objective else None
    except UnusableObjective:
        return None


def _quote(part: Part, context: Context, quoter: Quoter | None) -> tuple[Quote, ...]:
    return find_quotes(part, context, quoter) if quoter else ()


def _told(part: Part, context: Context) -> str:
    if part.kind == "manager" and context.crew.manager:
        return context.crew.manager.why
    teller = {"task": part.task, "agent": part.agent}.get(part.kind)
    return teller.why if teller else ""


def _list_skills(part: Part, context: Context) -> tuple[CoveredSkill, ...]:
    """Return the skills that a part is there for: of the task, of the agent, or those that the tool helps with."""
    if part.kind == "tool":
        keys = skills_served(part, context)
    elif part.task:
        keys = tuple(dict.fromkeys(context.skills_of_task[part.task.key]))
    else:
        keys = tuple(context.levels.get(part.agent.key, {})) if part.agent else ()
    return tuple(_cover(key, part, context) for key in keys)


def _cover(key: str, part: Part, context: Context) -> CoveredSkill:
    own = part.agent.key if part.agent else ""
    tasks: tuple[Task, ...] = (part.task,) if part.task else tuple(context.tasks_of.get(own, ()))
    analysis = context.analysis
    others = [
        f"{name_agent(agent)} {context.levels[other][key]}"
        for other, agent in context.agents.items()
        if other != own and key in context.levels[other]
    ]
    return CoveredSkill(
        name=context.skill_name(key),
        proficiency=context.levels.get(own, {}).get(key, 0),
        required=bool(analysis and any(skill.key == key for skill in analysis.skills)),
        tasks=tuple(name_task(task) for task in tasks if key in context.skills_of_task[task.key]),
        others=tuple(others),
    )


def _describe_tool(part: Part, context: Context) -> ToolFacts | None:
    entry = context.catalog.tools.get(part.tool) if part.kind == "tool" else None
    if entry is None:
        return None
    return ToolFacts(
        purpose=entry.purpose,
        risk=entry.risk,
        risk_reason=entry.risk_reason,
        network=entry.network,
        environment=entry.environment,
        missing=tuple(name for name in entry.environment if name not in context.environment),
    )
