"""Substance, third group: is the result verified, by somebody else, and does a person decide where it matters?

"Put money into checks before more agents": verification is 23.5 % of the failures that MAST counts, and adding it at a
high level gained 15.6 % (arXiv 2503.13657v3).
"""

import re
from collections.abc import Iterator

from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Task
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import join_names, shorten

MANY_TASKS = 4
LONG_WORK_MINUTES = 180
"""From here on the work is long enough that a check pays [assumption]."""

MAX_TASKS = 500
"""Most tasks a crew may have (``models.crew``)."""

_IRREVERSIBLE = frozenset({
    "send", "publish", "delete", "remove", "pay", "transfer", "buy", "order", "deploy", "post", "submit", "execute",
    "drop", "overwrite", "cancel", "refund", "email", "book", "charge", "reply", "tweet", "migrate", "terminate",
    "dismiss", "sign", "wipe",
})  # fmt: skip
"""Verbs of deeds that cannot be taken back."""

_DEED = re.compile(rf"(?:^|[.;:,]\s+|\b(?:and|or|then|to)\s+)({'|'.join(sorted(_IRREVERSIBLE))})\b(?!s?-)", re.I)
"""Such a verb where an order stands: "the library's book loans" are nothing to book."""


def verification_missing(context: Context) -> Iterator[Fault]:
    """No or incomplete verification is 8.2 % and wrong verification 9.1 % of failures in MAST; a separate check removes
    about a quarter of the defects (Kim et al., arXiv 2512.08296v3), one that can be executed more than half."""
    crew = context.crew
    reason = _why_verify(context)
    if not crew.tasks or not reason or context.reviews or any(task.human_input for task in crew.tasks):
        return
    yield Fault(
        "crew",
        f"No task verifies the result, although {reason}. Add a check by an agent that did not make it.",
        _add_check(context),
    )


def review_of_own_work(context: Context) -> Iterator[Fault]:
    """A model that reviews its own answer tends to confirm it; reviewers from elsewhere find more (defects found: .34
    with one source of reviewers, .57 with two; zenodo 20519584)."""
    if len(context.crew.agents) < 2:
        return
    for key in sorted(context.reviews, key=lambda k: context.position[k]):
        task = context.tasks[key]
        checked = [context.tasks[k] for k in task.depends_on if k in context.tasks and k not in context.reviews]
        own = [other.name or other.key for other in checked if other.agent == task.agent]
        if task.agent in context.agents and own and len(own) == len(checked):
            yield Fault(
                f"task:{key}",
                f'In "{_label(task)}", "{shorten(context.agents[task.agent].role)}" checks its own work '
                f"({join_names(own)}) and will tend to confirm it. Let another agent check.",
                _hand_to_other(context, task, {other.agent for other in checked}),
            )


def person_missing(context: Context) -> Iterator[Fault]:
    """Where an error does harm, a person has to see the result before it counts; no published reviewing model
    comes near that (they remove about a quarter of the defects)."""
    grave = [risk for risk in context.analysis.risks if risk.severity == "high"] if context.analysis else []
    if not grave or not context.crew.tasks or any(task.human_input for task in context.crew.tasks):
        return
    last = context.crew.tasks[-1]
    yield Fault(
        "crew",
        f"The objective carries a high risk ({', '.join(shorten(risk.name, 40) for risk in grave[:3])}), and no task "
        "asks a "
        "person. Let somebody approve the result before it counts.",
        _ask_person(context, last),
    )


def deed_without_consent(context: Context) -> Iterator[Fault]:
    """What is sent, paid, published or deleted cannot be taken back; a high-risk tool in the hands of a model needs a
    person's yes (CrewAI's ``human_input`` asks for it)."""
    for task in context.tasks.values():
        agent = context.agents.get(task.agent or "")
        tools = task.tools or (agent.tools if agent else ())
        risky = [context.catalog.tools[t].name for t in tools if _is_risky(context, t)]
        deeds = [deed.lower() for deed in _DEED.findall(f"{task.name}. {task.description}")]
        if risky and deeds and not task.human_input:
            yield Fault(
                f"task:{task.key}",
                f'"{_label(task)}" is to {deeds[0]} something with {risky[0]}, which cannot be taken back. Let a '
                "person "
                "approve it first.",
                _ask_person(context, task),
            )


def oversight_not_kept(context: Context) -> Iterator[Fault]:
    """A crew labelled as closely watched that nobody watches is worse than an honest label: people rely on it."""
    crew = context.crew
    watched = bool(context.reviews) or any(task.human_input for task in crew.tasks) or crew.process == "hierarchical"
    if crew.oversight in ("moderate", "intensive") and crew.tasks and not watched:
        yield Fault(
            "crew",
            f'The oversight is labelled "{crew.oversight}", but no task verifies, no manager checks and no person is '
            "asked. "
            "Add a check, or label it honestly.",
            fixes.change('Label the oversight "none"', "That is what happens.", fixes.edit_crew(oversight="none")),
        )


def _label(task: Task) -> str:
    return shorten(task.name.strip() or task.key)


def _why_verify(context: Context) -> str:
    """Return what asks for a check, empty when nothing does."""
    analysis = context.analysis
    risks = [risk for risk in analysis.risks if risk.severity != "low"] if analysis else []
    if risks:
        return f"the objective carries a risk ({shorten(risks[0].name, 60)})"
    if analysis and analysis.constraints.audience:
        return f"it goes to {shorten(analysis.constraints.audience, 60)}"
    if len(context.crew.tasks) >= MANY_TASKS:
        return f"{len(context.crew.tasks)} tasks build on each other"
    if context.human_minutes > LONG_WORK_MINUTES:
        return f"it is about {context.human_minutes:.0f} minutes of work"
    return ""


def _add_check(context: Context) -> Change | None:
    """Add a task at the end that checks the result and hands on a corrected version, since a crew returns its last."""
    crew, ends = context.crew, context.end_tasks
    if not crew.agents or len(crew.tasks) >= MAX_TASKS or not context.orderly or not ends:
        return None
    makers = {task.agent for task in ends}
    task = Task(
        key=fixes.make_key("check_result", context.names),
        name="Check the result against the objective",
        description="Compare the result, point by point, with what was asked for and with the expected outputs of the "
        "tasks before. Trace every figure and every claim to its source or to the result of a task; correct what is "
        "wrong "
        "or missing, and mark what cannot be verified.",
        expected_output="The complete corrected result in the form that was asked for, followed by at most 10 "
        "points: what was checked, what was changed and why, and what remains uncertain.",
        depends_on=tuple(end.key for end in ends),
        why="A check by somebody who did not make the result finds what its maker overlooks.",
    )
    checker = _find_reviewer(context, makers) or crew.agents[0]
    part = task.model_copy(update={"agent": checker.key}).model_dump(mode="json")
    return fixes.change(
        f'Let "{shorten(checker.role or checker.key)}" check the result',
        task.why,
        [Edit(op="add", path="tasks", value=part)],
    )


def _find_reviewer(context: Context, makers: set[str | None]) -> Agent | None:
    """Return the agent with the best reviewing skill among those that are not makers."""

    def skill_in_review(agent: Agent) -> int:
        known = context.catalog.skills
        return max(
            (n for k, n in context.levels[agent.key].items() if k in known and known[k].activity == "review"), default=0
        )

    return max((a for a in context.agents.values() if a.key not in makers), key=skill_in_review, default=None)


def _hand_to_other(context: Context, task: Task, makers: set[str | None]) -> Change | None:
    other = _find_reviewer(context, makers)
    if other is None:
        return None
    return fixes.change(
        f'Let "{shorten(other.role or other.key)}" check',
        "It did not make what it checks.",
        fixes.edit_task(context, task, agent=other.key),
    )


def _is_risky(context: Context, tool: str) -> bool:
    entry = context.catalog.tools.get(tool)
    return entry is not None and entry.risk == "high"


def _ask_person(context: Context, task: Task) -> Change | None:
    return fixes.change(
        f'Ask a person in "{_label(task)}"',
        "The crew then waits for a yes or a correction.",
        fixes.edit_task(context, task, human_input=True, async_execution=False),
    )
