"""Compares a crew with and without one of its parts, both checked and priced for real: findings, skills, figures."""

from collections import Counter
from collections.abc import Iterator, Sequence

from crewgen_core.explanation.parts import Part, is_check, name_agent, name_task
from crewgen_core.explanation.quotes import makes
from crewgen_core.explanation.removal import Removal
from crewgen_core.explanation.sentences import followers_of, list_names
from crewgen_core.models.crew import Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.explanation import Absence, RunFigures
from crewgen_core.models.report import Finding, Report
from crewgen_core.validation.context import Context
from crewgen_core.validation.rules import RULES

_WANDERS = frozenset({"CG224", "CG225", "CG229"})
"""Facts about a tool are found where it is granted first: that they wander is no news."""

_TITLES = {rule.code: rule.title for rule in RULES}


def compare(
    part: Part,
    removal: Removal,
    context: Context,
    now: tuple[Report, Estimate],
    then: tuple[Report, Estimate],
) -> Absence:
    """Return what happens without the part; ``now`` and ``then`` are reviews with and without it."""
    after = Context(removal.crew, context.catalog, context.analysis, context.environment)
    found = _excess(then[0].findings, now[0].findings)
    gone = _excess(now[0].findings, then[0].findings)
    losses = tuple(dict.fromkeys(_find_losses(part, removal, context, after)))
    figures = _figures(now[1]), _figures(then[1])
    return Absence(
        title=removal.title,
        summary=_summarize(part, found, gone, losses, changed=figures[0] != figures[1]),
        losses=losses,
        found=found,
        gone=gone,
        before=figures[0],
        after=figures[1],
        caveats=tuple(_caveats(part, context, after, now[1], changed=figures[0] != figures[1])),
    )


def _figures(estimate: Estimate) -> RunFigures:
    return RunFigures(
        success=estimate.success,
        cost_usd=estimate.cost_usd,
        duration_s=estimate.duration_s,
        tokens=estimate.tokens,
    )


def _excess(these: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings that the others do not have, whatever figures and names their messages give."""
    left = Counter((finding.code, _place(finding)) for finding in others)
    told = Counter((finding.code, _place(finding), finding.message) for finding in others)
    same: list[bool] = []
    for finding in these:
        mark = (finding.code, _place(finding), finding.message)
        same.append(told[mark] > 0)
        if same[-1]:
            told[mark] -= 1
            left[mark[:2]] -= 1
    excess: list[Finding] = []
    for finding, known in zip(these, same, strict=True):
        place = finding.code, _place(finding)
        if known:
            continue
        if left[place] > 0:
            left[place] -= 1
        else:
            excess.append(finding)
    return tuple(excess)


def _place(finding: Finding) -> str:
    return "" if finding.code in _WANDERS else finding.where


def _find_losses(part: Part, removal: Removal, before: Context, after: Context) -> Iterator[str]:
    """Yield what nobody can do or does any more, the gravest first."""
    if part.kind == "task" and part.task:
        yield from _lost_results(part.task, before, after)
    yield from _lost_skills(before, after)
    followers = [name_task(task) for task in followers_of(part, before)] if part.kind == "task" else []
    if followers:
        yield f"{list_names(followers)} would have to do without its result."
    if part.kind == "agent":
        yield from _weaker_hands(removal, before, after)
    if part.kind == "tool":
        yield from _idle_hands(part, before, after)
    if part.kind in ("manager", "process") and before.crew.process == "hierarchical":
        yield "Nobody would give out the work during the run or look at a result before the next task."


def _lost_skills(before: Context, after: Context) -> Iterator[str]:
    required = {skill.key for skill in before.analysis.skills} if before.analysis else set[str]()
    had, have = _held(before), _held(after)
    missing = [before.skill_name(skill) for skill in sorted((required | _asked(after)) & had - have)]
    if missing:
        yield f"Nobody in the crew would have the {_skills(missing)}."
    undone = [before.skill_name(skill) for skill in sorted(required & _asked(before) - _asked(after))]
    if undone:
        yield f"No task would ask for the {_skills(undone)}, which the objective calls for."


def _skills(names: Sequence[str]) -> str:
    return f"skill{'' if len(names) == 1 else 's'} {list_names(names)}"


def _lost_results(task: Task, before: Context, after: Context) -> Iterator[str]:
    """Yield what must exist in the end, and no other task makes."""
    for deliverable in before.analysis.deliverables if before.analysis else ():
        makers = [other for other in after.tasks.values() if not is_check(other, after)]
        if makes(task, deliverable, before) and not any(makes(other, deliverable, after) for other in makers):
            yield f"No task would make what the objective asks for: “{deliverable.name}”."


def _held(context: Context) -> set[str]:
    return {skill for levels in context.levels.values() for skill in levels}


def _asked(context: Context) -> set[str]:
    return {skill for skills in context.skills_of_task.values() for skill in skills}


def _weaker_hands(removal: Removal, before: Context, after: Context) -> Iterator[str]:
    """Yield which tasks go to somebody less able, though somebody has the skill."""
    known = _held(after)
    for key, heir in removal.heirs.items():
        task = before.tasks[key]
        giver = before.agents[task.agent or ""]
        for skill in before.skills_of_task[key]:
            had, have = before.levels[giver.key].get(skill, 0), after.levels[heir].get(skill, 0)
            if have < had and skill in known:
                name = before.skill_name(skill)
                able = f"with {name} at {have} of 10" if have else f"without {name}"
                doer = name_agent(after.agents[heir])
                yield f"“{name_task(task)}” would be done by “{doer}”, {able} (now {had} of 10)."


def _idle_hands(part: Part, before: Context, after: Context) -> Iterator[str]:
    """Yield which tasks could not do what the tool is for any more."""
    entry = before.catalog.tools.get(part.tool)
    if entry is None:
        return
    bereft = [
        name_task(before.tasks[key])
        for key in _tasks_of_tool(part, before)
        if part.tool in _usable(key, before) and part.tool not in _usable(key, after)
    ]
    if bereft:
        yield f"In {list_names(bereft)}, its agent could not {entry.purpose}."


def _tasks_of_tool(part: Part, context: Context) -> list[str]:
    if part.task:
        return [part.task.key]
    return [task.key for task in context.tasks_of.get(part.agent.key if part.agent else "", ())]


def _usable(key: str, context: Context) -> tuple[str, ...]:
    """Return the tools that a task can use: its own, else those of its agent."""
    task = context.tasks[key]
    agent = context.agents.get(task.agent or "")
    return task.tools or (agent.tools if agent else ())


def _summarize(
    part: Part, found: Sequence[Finding], gone: Sequence[Finding], losses: Sequence[str], *, changed: bool
) -> str:
    grave = [finding for finding in found if finding.severity == "error"]
    doubtful = [finding for finding in found if finding.severity == "warning"]
    lead = "Worked that way" if part.kind == "process" else "Without it"
    if grave:
        said = f"{lead}, the crew could not be run as it is: {_name(grave)}."
    elif doubtful:
        said = f"{lead}, the crew could still be run, but the check would warn: {_name(doubtful)}."
    elif losses:
        said = f"{lead}, the check would find nothing worse, but something is lost: {_continue(losses[0])}"
    elif found:
        said = f"{lead}, nothing breaks; the check would only advise: {_name(found)}."
    elif changed:
        said = f"{lead}, nothing breaks: only the figures change."
    else:
        said = f"{lead}, nothing would change: the check finds the same, and the estimate stays as it is."
    if gone:
        return (
            f"{said} {_name(gone)} would no longer be found."
            if len(gone) == 1
            else f"{said} No longer found: {_name(gone)}."
        )
    return said


def _continue(sentence: str) -> str:
    """Return a sentence as it goes on behind a colon."""
    return f"{sentence[:1].lower()}{sentence[1:]}"


def _name(findings: Sequence[Finding]) -> str:
    """Return the titles of the rules, each once."""
    titles = list(dict.fromkeys(_TITLES.get(finding.code, finding.code) for finding in findings))
    return list_names(titles)


def _caveats(part: Part, before: Context, after: Context, estimate: Estimate, *, changed: bool) -> Iterator[str]:
    if part.kind == "task" and part.task and not is_check(part.task, before):
        yield (
            "The chance of success is that of the work that is left: with less to do it goes up, though what the "
            "objective asks for may then be missing."
        )
    if part.kind == "tool" and changed:
        yield "The description of a tool is sent with every call of its agent; that is part of the tokens."
    if part.kind == "tool" and any(part.tool in _usable(key, after) for key in _tasks_of_tool(part, before)):
        yield "Its agent keeps the tool for another task, and a task without tools of its own may use its agent's."
    if estimate.own_outcomes:
        basis = f"published figures and {estimate.own_outcomes} own runs"
    else:
        basis = "the same published figures and assumptions; no own runs are recorded yet"
    if changed:
        yield (
            f"Both estimates rest on {basis}. A difference that is small beside the range of 8 in 10 runs need not "
            "show in a single run."
        )
