"""Puts into one sentence why a part of a crew is there, as far as the crew and its objective tell."""

from collections.abc import Callable, Sequence

from crewgen_core.composition.at_once import costs_success, list_kinds, start_levels
from crewgen_core.explanation.parts import Part, is_check, name_task
from crewgen_core.explanation.quotes import skills_served
from crewgen_core.models.analysis import StatedConstraints
from crewgen_core.models.crew import Task
from crewgen_core.models.explanation import Quote
from crewgen_core.validation.context import Context
from crewgen_core.validation.texts import shorten

MOST_NAMED = 3
"""Names or quotes in one sentence; further ones are counted."""

WORSE = "on this kind of work agents side by side did worse than one alone (Kim et al., arXiv 2512.08296 v3)"
"""Why a crew whose tasks could run at the same time is in a row; the figures are those of the estimate."""


def say_why(part: Part, quotes: Sequence[Quote], context: Context) -> str:
    """Return why the part is there, in one sentence."""
    makers: dict[str, Callable[[Part, Sequence[Quote], Context], str]] = {
        "task": _why_task,
        "agent": _why_agent,
        "tool": _why_tool,
        "manager": _why_manager,
        "process": _why_process,
    }
    return makers[part.kind](part, [quote for quote in quotes if quote.asks], context)


def say_why_unquoted(part: Part, quotes: Sequence[Quote], context: Context) -> str:
    """Return why there are no words to quote for the part; empty when there are some."""
    if quotes:
        return ""
    if context.analysis is None:
        return "There is no objective that could be read, so no words can be quoted."
    if part.kind in ("manager", "process"):
        return "The objective does not say how the crew is to work together; its shape follows from the tasks."
    return "No words of the objective ask for it."


def sources_of(part: Part, context: Context) -> tuple[Task, ...]:
    """Return the tasks of others whose results a task, or the tasks of an agent, work from."""
    own = _tasks_of(part, context)
    keys = dict.fromkeys(key for task in own for key in task.depends_on)
    return tuple(context.tasks[key] for key in keys if key in context.tasks and context.tasks[key] not in own)


def followers_of(part: Part, context: Context) -> tuple[Task, ...]:
    """Return the tasks of others that work from the result of a task, or from those of an agent's tasks."""
    own = _tasks_of(part, context)
    keys = {task.key for task in own}
    return tuple(task for task in context.tasks.values() if task not in own and keys.intersection(task.depends_on))


def list_names(names: Sequence[str]) -> str:
    """Return names as an enumeration in quotation marks, each cut to a line, the first few of them."""
    shown = [f"“{shorten(name)}”" for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        return f"{', '.join(shown)} and {len(names) - MOST_NAMED} more"
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def _list_words(quotes: Sequence[Quote]) -> str:
    """Return the words of the quotes, without those that are part of others."""
    words = list(dict.fromkeys(quote.words for quote in quotes))
    return list_names([one for one in words if not any(one != other and one in other for other in words)])


def _why_task(part: Part, asking: Sequence[Quote], context: Context) -> str:
    if asking and part.task and is_check(part.task, context):
        return f"{_list_words(asking[:1])} {asking[0].says}."
    if asking:
        return f"The objective asks for it: {_list_words(asking)}."
    if part.task and is_check(part.task, context):
        return f"{_why_check(part.task, context)}."
    followers = [name_task(task) for task in followers_of(part, context)]
    if followers:
        return f"It is needed by {list_names(followers)}, which {_works(followers)} from its result."
    if part.task and part.task is context.crew.tasks[-1]:
        return "Its result is what the crew hands over in the end."
    asked = "No words of the objective ask for it, and no" if context.analysis else "No"
    return f"{asked} task works from its result."


def _why_check(task: Task, context: Context) -> str:
    """Say what a check is good for, depending on who made what it checks."""
    makers = {context.tasks[key].agent for key in task.depends_on if key in context.tasks}
    if task.agent is None or not makers:
        return "It checks the result before it is handed over"
    if task.agent in makers:
        return "It checks the result before it is handed over, though its agent made part of it"
    return "Somebody who did not make the result checks it before it is handed over"


def _why_agent(part: Part, asking: Sequence[Quote], context: Context) -> str:
    tasks = _tasks_of(part, context)
    if asking and tasks and all(is_check(task, context) for task in tasks):
        return f"{_list_words(asking[:1])} {asking[0].says}."
    if asking:
        return f"The objective asks for its work: {_list_words(asking)}."
    if not tasks:
        if context.crew.process == "hierarchical":
            return "It has no task of its own; the manager may give it work."
        return "It has no task, so nothing in this crew needs it."
    if all(is_check(task, context) for task in tasks):
        return f"{_why_check(tasks[0], context)}: in {list_names([name_task(task) for task in tasks])}."
    followers = [name_task(task) for task in followers_of(part, context)]
    does = f"It does {list_names([name_task(task) for task in tasks])}"
    if followers:
        return f"{does}; {list_names(followers)} {_works(followers)} from that."
    return f"{does}."


def _why_tool(part: Part, asking: Sequence[Quote], context: Context) -> str:
    if asking:
        return f"The objective names it: {_list_words(asking)}."
    served = [context.skill_name(skill) for skill in skills_served(part, context)]
    entry = context.catalog.tools.get(part.tool)
    if entry is None:
        return "The catalog does not know this tool, so nothing can be said for it."
    if served:
        return f"It helps with {' and '.join(served[:MOST_NAMED])}: with it, an agent can {entry.purpose}."
    return f"With it, an agent can {entry.purpose}; neither the objective nor the catalog asks for that here."


def _why_manager(part: Part, asking: Sequence[Quote], context: Context) -> str:
    if context.crew.process != "hierarchical":
        return "The crew is sequential, so CrewAI never asks the manager: it has no effect."
    if asking:
        return f"The objective asks for somebody who coordinates: {_list_words(asking)}."
    agents, tasks = len(context.crew.agents), len(context.crew.tasks)
    return f"It gives {_count(tasks, 'task')} to {_count(agents, 'agent')} and looks at what comes back."


def _why_process(part: Part, asking: Sequence[Quote], context: Context) -> str:
    crew = context.crew
    if crew.process == "hierarchical":
        return "A manager gives out the work during the run and looks at each result."
    if not crew.agents or not crew.tasks:
        return "There is nothing to be done by anybody yet."
    if len(crew.agents) < 2:
        return "One agent does all the work: there is nobody to share it with."
    at_once = [name_task(task) for task in crew.tasks if task.async_execution]
    if len(at_once) > 1:
        start = f"{list_names(at_once)} do not wait for each other, so they run at the same time."
        return f"{start} {_say_haste(context)}".rstrip()
    parted = [name_task(task) for task in start_levels(crew).tasks if task.async_execution]
    if parted and _costs_success(context):
        return f"{list_names(parted)} could run at the same time. They run one after the other, because {WORSE}."
    waiting = sum(1 for task in crew.tasks if task.depends_on)
    if waiting:
        return f"{waiting} of {_count(len(crew.tasks), 'task')} work from the results of others, so they run in order."
    return "The tasks run one after the other, in the order of the list."


def _costs_success(context: Context) -> bool:
    return costs_success(list_kinds(context.crew.tasks, context.catalog))


def _say_haste(context: Context) -> str:
    """Say what running at the same time costs, and what time counts more for; empty where it costs nothing."""
    if not _costs_success(context):
        return ""
    stated = context.analysis.constraints if context.analysis else StatedConstraints()
    asked = f" The objective asks for speed: “{shorten(stated.speed)}”." if stated.speed else ""
    minutes = stated.deadline_minutes
    allowed = f" A run may take {minutes:g} minute{'' if minutes == 1 else 's'}." if minutes is not None else ""
    return f"That is quicker, but {WORSE}.{asked}{allowed}"


def _tasks_of(part: Part, context: Context) -> tuple[Task, ...]:
    if part.task:
        return (part.task,)
    return tuple(context.tasks_of.get(part.agent.key, ())) if part.agent else ()


def _works(names: Sequence[str]) -> str:
    return "works" if len(names) == 1 else "work"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
