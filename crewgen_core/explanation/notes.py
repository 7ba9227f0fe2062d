"""Names the rules of validation that have to do with a part: that ask for it, object to it, or watch it."""

from collections.abc import Iterator, Sequence

from crewgen_core.explanation.parts import Part, name_tool
from crewgen_core.limits import BUDGET_CODE, DEADLINE_CODE, PRICE_CODE
from crewgen_core.models.explanation import RuleNote, Stance
from crewgen_core.models.report import Finding
from crewgen_core.validation.context import Context
from crewgen_core.validation.rules import RULES

_RULES = {rule.code: rule for rule in RULES}

_LIMITS = {BUDGET_CODE: "Budget of a run", DEADLINE_CODE: "Deadline of a run", PRICE_CODE: "Budget cannot be checked"}

_LIMIT_REASON = "A limit that a person set is held against the estimate, once the crew is priced."

_ABOUT_TOOLS = "CG22"
"""How the codes of rules about tools begin."""


def note_rules(part: Part, context: Context, now: Sequence[Finding], found: Sequence[Finding]) -> tuple[RuleNote, ...]:
    """Return the rules that have to do with the part, each once.

    ``now`` are the findings about the crew as it is, ``found`` those that would come up without the part.
    """
    notes: dict[str, RuleNote] = {}
    for finding in found:
        notes.setdefault(finding.code, _note_finding(finding, "asks"))
    for finding in now:
        if _is_about(finding, part, context):
            notes.setdefault(finding.code, _note_finding(finding, "objects"))
    for code in _watching(part, context):
        rule = _RULES[code]
        notes.setdefault(
            code,
            RuleNote(code=code, severity=rule.severity, title=rule.title, reason=_plain(rule.reason), stance="watches"),
        )
    return tuple(notes.values())


def _note_finding(finding: Finding, stance: Stance) -> RuleNote:
    rule = _RULES.get(finding.code)
    return RuleNote(
        code=finding.code,
        severity=finding.severity,
        title=rule.title if rule else _LIMITS[finding.code],
        reason=_plain(rule.reason) if rule else _LIMIT_REASON,
        stance=stance,
        message=finding.message,
    )


def _plain(reason: str) -> str:
    """Return a reason without the marks of docstrings."""
    return reason.replace("``", "")


_OF_PROCESS = frozenset({"CG127", "CG144", "CG145", "CG147", "CG323", "CG325", "CG326"})
"""Rules whose findings about the crew are about how it works together."""


def _is_about(finding: Finding, part: Part, context: Context) -> bool:
    if part.kind == "process":
        return finding.code in _OF_PROCESS
    if part.kind == "tool":
        named = part.tool in finding.message or name_tool(part.tool, context.catalog) in finding.message
        return finding.code.startswith(_ABOUT_TOOLS) and named
    return finding.where == part.where and not (part.kind == "task" and finding.code.startswith(_ABOUT_TOOLS))


def _watching(part: Part, context: Context) -> Iterator[str]:
    """Yield the codes of the rules that keep an eye on this very part, for what it is and has."""
    watchers = {
        "task": _watching_task,
        "agent": _watching_agent,
        "tool": _watching_tool,
        "manager": _watching_manager,
        "process": _watching_process,
    }
    return watchers[part.kind](part, context)


def _watching_task(part: Part, context: Context) -> Iterator[str]:
    task = part.task
    if task is None:
        return
    if task.key in context.reviews:
        yield from ("CG341", "CG342")
    if task.human_input:
        yield from ("CG343", "CG344")
    if task.skills:
        yield from ("CG203", "CG204")
    yield "CG306"
    if context.analysis and context.analysis.deliverables:
        yield "CG205"
    if task.async_execution:
        yield "CG126"


def _watching_agent(part: Part, context: Context) -> Iterator[str]:
    agent = part.agent
    if agent is None:
        return
    if context.analysis and context.analysis.skills:
        yield "CG201"
    yield from ("CG109", "CG308")
    if context.max_agents is not None:
        yield "CG321"
    if agent.allow_delegation:
        yield "CG145"
    if agent.model and context.analysis and context.analysis.objective.allowed_models is not None:
        yield "CG228"


def _watching_tool(part: Part, context: Context) -> Iterator[str]:
    yield "CG221"
    entry = context.catalog.tools.get(part.tool)
    analysis = context.analysis
    if entry and entry.environment:
        yield "CG224"
    if entry and entry.risk == "high":
        yield from ("CG225", "CG229")
    if analysis and part.tool in analysis.tools:
        yield "CG227"
    if analysis and analysis.objective.allowed_tools is not None:
        yield "CG226"
    if part.task is None:
        yield "CG223"


def _watching_manager(part: Part, context: Context) -> Iterator[str]:
    yield from ("CG141", "CG142", "CG326") if context.crew.process == "hierarchical" else ("CG143",)


def _watching_process(part: Part, context: Context) -> Iterator[str]:
    yield "CG147"
    if context.crew.process == "hierarchical":
        yield from ("CG141", "CG326")
    elif any(task.async_execution for task in context.crew.tasks):
        yield from ("CG125", "CG126")
    elif len(context.crew.agents) > 1:
        yield "CG325"
