"""Coverage, second group: are the tools known, granted, ready, needed and safe?"""

from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Manager, Task
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.parts import CLOSE_NAME
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import join_names, shorten


def tool_unknown(context: Context) -> Iterator[Fault]:
    """A tool that does not exist cannot be built: CrewAI refuses names in place of tools, which is why most exports of
    a rival generator fail. Models like to invent tools."""
    for where, part in _parts(context):
        unknown = [tool for tool in dict.fromkeys(part.tools) if tool not in context.catalog.tools]
        if unknown:
            meant = [context.catalog.tools[key].name for tool in unknown if (key := _recognize(context, tool))]
            hint = f" It looks like {join_names(meant)}." if meant else ""
            yield Fault(
                where,
                f"{_name(part)} uses {join_names(unknown)}, which "
                f"{'is no tool' if len(unknown) == 1 else 'are no tools'} "
                f"of the catalog, so the crew could not be built.{hint} Choose a tool from the catalog, or drop it.",
                _replace_unknown(context, part),
            )


def tool_not_granted(context: Context) -> Iterator[Fault]:
    """In a hierarchical crew the manager passes work on as a new task, and CrewAI's delegation tool does not hand over
    the tools of the old one: the worker has only its own."""
    if context.crew.process != "hierarchical":
        return
    for task in context.tasks.values():
        agent = context.agents.get(task.agent or "")
        known = [tool for tool in dict.fromkeys(task.tools) if tool in context.catalog.tools]
        lacking = [tool for tool in known if agent and tool not in agent.tools]
        if agent and lacking:
            yield Fault(
                f"task:{task.key}",
                f'The task "{shorten(task.name or task.key)}" needs {_names(context, lacking)}, which its agent '
                f'"{shorten(agent.role)}" is not granted; in a hierarchical crew the tools of a task are not handed '
                "over. "
                "Grant them to the agent.",
                fixes.change(
                    f"Grant {_names(context, lacking)}",
                    "The task needs it.",
                    fixes.edit_agent(context, agent, tools=[*agent.tools, *lacking]),
                ),
            )


def tool_unused(context: Context) -> Iterator[Fault]:
    """Every granted tool costs tokens in every call (about 100 for its schema) and widens what an injected text could
    make an agent do: least privilege."""
    if context.crew.process != "sequential":
        return
    for agent in context.agents.values():
        tasks = context.tasks_of[agent.key]
        if not tasks or not all(task.tools for task in tasks):
            continue
        used = {tool for task in tasks for tool in task.tools}
        idle = [tool for tool in dict.fromkeys(agent.tools) if tool not in used]
        if idle:
            yield Fault(
                f"agent:{agent.key}",
                f'"{shorten(agent.role)}" is granted {_names(context, idle)}, and none of its tasks uses it. Take it '
                "back: "
                "each tool costs tokens in every call and is one more thing that can go wrong.",
                fixes.change(
                    f"Take back {_names(context, idle)}",
                    "None of its tasks uses it.",
                    fixes.edit_agent(context, agent, tools=[tool for tool in agent.tools if tool not in idle]),
                ),
            )


def tool_not_ready(context: Context) -> Iterator[Fault]:
    """A tool without its key fails at its first call in the middle of a run, after the money for the earlier tasks is
    spent; CrewAI has no check before the start. It says nothing about the design, so it costs no points."""
    waiting: dict[tuple[str, ...], list[str]] = {}
    users = _users(context)
    for tool in users:
        missing = tuple(n for n in context.catalog.tools[tool].environment if n not in context.environment)
        if missing:
            waiting.setdefault(missing, []).append(tool)
    for missing, tools in waiting.items():
        need, they = ("need", "they") if len(tools) > 1 else ("needs", "it")
        places = {users[tool][0] for tool in tools}
        yield Fault(
            places.pop() if len(places) == 1 else "crew",
            f"{_names(context, tools)} {need} the environment variable {' and '.join(missing)}, which is not set, so "
            f"{they} would fail in the middle of a run. Set it before running, or choose another tool.",
        )


def tool_risky(context: Context) -> Iterator[Fault]:
    """A tool that can change things or run code does so on the word of a model that reads untrusted text; a person has
    to know and agree, every time. It is a fact to know, not a fault of the crew, so it costs no points."""
    for tool, where in _risky_tools(context):
        if not _is_needless(context, tool):
            yield Fault(
                where, f"{_warn_of(context, tool)} Make sure that you want it, and grant it only where it is needed."
            )


def tool_risky_without_need(context: Context) -> Iterator[Fault]:
    """Least privilege: a high-risk tool that the objective does not ask for is only an opening for an injected text. (A
    rival generator granted command execution unasked.)"""
    for tool, where in _risky_tools(context):
        if _is_needless(context, tool):
            yield Fault(
                where,
                f"{_warn_of(context, tool)} Neither the objective nor its tasks call for it: take it out.",
                _withdraw(context, tool),
            )


def tool_forbidden(context: Context) -> Iterator[Fault]:
    """A list of allowed tools is a limit that a person set; granting more breaks it, whatever the reason."""
    allowed = context.analysis.objective.allowed_tools if context.analysis else None
    if allowed is None:
        return
    permitted = {context.catalog.tool_names.get(tool.strip().lower(), tool) for tool in allowed}
    for tool, users in _users(context).items():
        if tool not in permitted:
            yield Fault(
                users[0],
                f"{context.catalog.tools[tool].name} is not among the tools that the objective allows. Take it out, or "
                "allow it.",
                _withdraw(context, tool),
            )


def tool_missing(context: Context) -> Iterator[Fault]:
    """A tool that the objective needs and nobody is granted makes the work infeasible: without it, a model makes up
    what it could not look up."""
    if context.analysis is None or not context.crew.agents:
        return
    allowed = context.analysis.objective.allowed_tools
    granted = _users(context)
    for tool in dict.fromkeys(context.analysis.tools):
        entry = context.catalog.tools.get(tool)
        if entry and tool not in granted and (allowed is None or tool in allowed):
            yield Fault(
                "crew",
                f"The objective needs {entry.name} (to {entry.purpose}), and no agent or task is granted it. Without "
                "it, the "
                "model would make up what it cannot look up: grant it.",
                _grant(context, tool),
            )


def model_forbidden(context: Context) -> Iterator[Fault]:
    """A list of allowed models is a limit that a person set, often for privacy or price; another model breaks it."""
    allowed = context.analysis.objective.allowed_models if context.analysis else None
    if allowed is None:
        return
    for where, thinker in _thinkers(context):
        if thinker.model is not None and thinker.model not in allowed:
            yield Fault(
                where,
                f'"{shorten(thinker.role)}" thinks with {shorten(thinker.model)}, which is not among the models that '
                "the objective allows. Choose an allowed one.",
                _change_model(context, thinker, allowed[0]) if allowed else None,
            )


def _parts(context: Context) -> Iterator[tuple[str, Agent | Task]]:
    for agent in context.crew.agents:
        yield f"agent:{agent.key}", agent
    for task in context.crew.tasks:
        yield f"task:{task.key}", task


def _name(part: Agent | Task) -> str:
    if isinstance(part, Agent):
        return f'"{shorten(part.role or part.key)}"'
    return f'The task "{shorten(part.name or part.key)}"'


def _names(context: Context, tools: Iterable[str]) -> str:
    return " and ".join(context.catalog.tools[t].name if t in context.catalog.tools else shorten(t) for t in tools)


def _users(context: Context) -> dict[str, list[str]]:
    """Return where each known tool is granted, the first place first."""
    found: dict[str, list[str]] = {}
    for where, part in _parts(context):
        for tool in part.tools:
            if tool in context.catalog.tools:
                found.setdefault(tool, []).append(where)
    return found


def _risky_tools(context: Context) -> Iterator[tuple[str, str]]:
    """Yield each high-risk tool, with the first place where it is granted."""
    for tool, users in _users(context).items():
        if context.catalog.tools[tool].risk == "high":
            yield tool, users[0]


def _is_needless(context: Context, tool: str) -> bool:
    """Say whether neither the objective asks for the tool nor the catalog uses it for a skill of these tasks."""
    if context.analysis is None or tool in context.analysis.tools:
        return False
    skills = {skill for asked in context.skills_of_task.values() for skill in asked}
    return not any(tool in step.tools for skill in skills for step in context.catalog.steps_by_skill.get(skill, ()))


def _warn_of(context: Context, tool: str) -> str:
    entry = context.catalog.tools[tool]
    reason = (entry.risk_reason or "It can change things or run code").strip().rstrip(".")
    return f"{entry.name} is a high-risk tool. {reason}."


def _recognize(context: Context, name: str) -> str | None:
    """Return the catalog key of a tool under another name or a slip, None when it is like none."""
    lower = name.strip().lower()
    if lower in context.catalog.tool_names:
        return context.catalog.tool_names[lower]
    close = process.extractOne(lower, context.catalog.tool_names.keys(), scorer=fuzz.ratio, score_cutoff=CLOSE_NAME)
    return context.catalog.tool_names[close[0]] if close else None


def _edit_tools(context: Context, part: Agent | Task, tools: list[str]) -> list[Edit] | None:
    if isinstance(part, Agent):
        return fixes.edit_agent(context, part, tools=tools)
    return fixes.edit_task(context, part, tools=tools)


def _thinkers(context: Context) -> Iterator[tuple[str, Agent | Manager]]:
    for agent in context.crew.agents:
        yield f"agent:{agent.key}", agent
    if context.crew.manager is not None:
        yield "manager", context.crew.manager


def _change_model(context: Context, thinker: Agent | Manager, model: str) -> Change | None:
    if isinstance(thinker, Agent):
        edits = fixes.edit_agent(context, thinker, model=model)
    else:
        edits = [Edit(op="set", path="manager/model", value=model)]
    return fixes.change(f"Use {shorten(model)}", "The objective allows it.", edits)


def _replace_unknown(context: Context, part: Agent | Task) -> Change | None:
    """Replace what is recognized and allowed by its catalog key, drop the rest."""
    allowed = context.analysis.objective.allowed_tools if context.analysis else None
    found = [tool if tool in context.catalog.tools else _recognize(context, tool) for tool in part.tools]
    granted = _users(context)
    kept = [tool for tool in found if tool and (allowed is None or tool in allowed or tool in granted)]
    return fixes.change(
        "Use the catalog's tools",
        "What is recognized is replaced, what is not is dropped.",
        _edit_tools(context, part, list(dict.fromkeys(kept))),
    )


def _withdraw(context: Context, tool: str) -> Change | None:
    edits = fixes.join_edits(
        *(
            _edit_tools(context, part, [other for other in part.tools if other != tool])
            for _, part in _parts(context)
            if tool in part.tools
        )
    )
    return fixes.change(f"Take out {context.catalog.tools[tool].name}", "Nobody asked for it.", edits)


def _grant(context: Context, tool: str) -> Change | None:
    """Grant the tool to the task whose skill the catalog uses it for, else to the first, and to its agent."""
    skills = {step.skill for step in context.catalog.steps.values() if tool in step.tools}
    staffed = [task for task in context.tasks.values() if task.agent in context.agents]
    task = next(
        (t for t in staffed if skills.intersection(context.skills_of_task[t.key])), staffed[0] if staffed else None
    )
    if task is None or task.agent is None:
        return None
    agent = context.agents[task.agent]
    at_task = fixes.edit_task(context, task, tools=[*task.tools, tool]) if task.tools else []
    return fixes.change(
        f'Grant it to "{shorten(agent.role or agent.key)}"',
        f'It does "{shorten(task.name or task.key)}".',
        fixes.join_edits(fixes.edit_agent(context, agent, tools=[*agent.tools, tool]), at_task),
    )
