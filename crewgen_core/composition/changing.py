"""Makes a sound crew of a draft and the changes that a model answers: what nobody changed stays exactly as it is."""

from collections.abc import Iterable

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.answer import AgentAnswer, CrewAnswer, TaskAnswer
from crewgen_core.composition.changes import ChangesAnswer, TextChange
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.finishing import finish_crew, restore
from crewgen_core.composition.grounding import Reader, cut_line, cut_text, drop_strangers, fill_gaps
from crewgen_core.composition.names import Glossary, find_name, plain_name
from crewgen_core.composition.rewording import reword_formulas
from crewgen_core.composition.team_size import most_agents
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, Task

TITLES = frozenset({"role", "name"})
AGENT_TEXTS = frozenset({"role", "goal", "backstory"})
TASK_TEXTS = frozenset({"name", "description", "expected_output"})
"""Fields that a model may word anew."""


def change_crew(
    answer: ChangesAnswer, analysis: Analysis, draft: Crew, built_in: Crew, catalog: Catalog, glossary: Glossary
) -> tuple[Crew, tuple[str, ...]] | None:
    """Return the changed crew and notes about what was put right; None when changes are asked for and none fits.

    ``built_in`` is the crew from the template: where the changes leave something out, it comes from there.
    """
    work = CrewInWork({agent.key: agent for agent in draft.agents}, {task.key: task for task in draft.tasks})
    done = sum([_set_text(work, change) for change in answer.changes])
    done += sum([_drop(work, name) for name in answer.drop])
    done += _add(Reader(work, analysis, built_in, catalog, glossary), answer.new_tasks, work)
    if answer.asks_for_something and not done:
        return None
    if not answer.asks_for_something:
        work.note("The model found nothing to change in the crew from the template.")
    reword_formulas(work, analysis, built_in, catalog)
    if work.tasks.keys() == {task.key for task in draft.tasks}:
        parts = {"agents": tuple(work.agents.values()), "tasks": tuple(work.tasks.values())}
        return draft.model_copy(update=parts), tuple(work.notes)
    drop_strangers(work, analysis, built_in, catalog)
    fill_gaps(work, analysis, built_in, catalog, max(most_agents(analysis, built_in), len(built_in.agents)))
    crew = finish_crew(work, analysis, draft, catalog, wants_manager=draft.process == "hierarchical")
    return restore(crew, draft, analysis), tuple(work.notes)


def as_crew_answer(answer: ChangesAnswer, draft: Crew) -> CrewAnswer:
    """Return the new texts as a crew, to be judged like one: each as a description of work that the draft has."""
    texts = (TaskAnswer(key=draft.tasks[0].key, description=change.text) for change in answer.changes)
    return CrewAnswer().model_copy(update={"tasks": (*texts, *answer.new_tasks)})


def _set_text(work: CrewInWork, change: TextChange) -> bool:
    """Put a new text in; return whether there is such a text, it says something, and it is no title of another part."""
    parts = work.agents if change.field in AGENT_TEXTS else work.tasks if change.field in TASK_TEXTS else {}
    part = parts.get(change.key)
    if part is None:
        work.note(f'The crew has no text "{shown(change.field)}" of "{shown(change.key)}" to change.')
        return False
    now = str(getattr(part, change.field))
    text = (cut_line(change.text) or now) if change.field in TITLES else cut_text(change.text, now)
    if change.field in TITLES and plain_name(text) in {_title(one) for one in parts.values() if one.key != part.key}:
        work.note(f'Two parts of the crew were to be called "{shown(text)}"; one keeps its name.')
        return False
    if isinstance(part, Task):
        work.set_task(part, **{change.field: text})
    else:
        work.set_agent(part, **{change.field: text})
    return True


def _drop(work: CrewInWork, name: str) -> bool:
    """Take a task out, past which the work goes on; the last one that there is stays."""
    names = {plain_name(words): task.key for task in work.tasks.values() for words in (task.key, task.name)}
    key = find_name(name, names)
    if key is None or len(work.tasks) == 1:
        return False
    gone = work.tasks.pop(key)
    for task in list(work.tasks.values()):
        if key in task.depends_on:
            sources = (*(source for source in task.depends_on if source != key), *gone.depends_on)
            work.set_task(task, depends_on=tuple(dict.fromkeys(sources)))
    return True


def _add(reader: Reader, tasks: Iterable[TaskAnswer], work: CrewInWork) -> int:
    """Add tasks, each with an agent of the crew, or with a new one of the job title it names; return how many."""
    tasks, before = tuple(tasks), len(work.tasks)
    for task in tasks:
        if task.agent and not reader.knows_agent(task.agent):
            reader.read_agents((AgentAnswer(role=task.agent, skills=task.skills),))
    reader.read_tasks(tasks)
    return len(work.tasks) - before


def _title(part: Agent | Task) -> str:
    return plain_name(part.role if isinstance(part, Agent) else part.name)
