"""Changes of how the result is written: language, readers, tone, length, file format."""

import re

from crewgen_core.models.crew import Task
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS, Objective
from crewgen_core.refinement.adding import STAGES, stage_of
from crewgen_core.refinement.parts import find_tasks
from crewgen_core.refinement.wishes import Manner, Write
from crewgen_core.refinement.work import Declined, Outcome, Work, join_words, name_of, quote

_WRITTEN = STAGES.index("draft")

_TOLD: dict[Manner, str] = {
    "language": "Write in {}.",
    "audience": "Readers: {}.",
    "tone": "Tone: {}.",
    "length": "Length: {}.",
    "detail": "Go into detail: reasons, an example for each point, and what follows from it.",
    "form": "Format: {}.",
    "focus": "Pay special attention to {}.",
}
"""The sentence that an agent reads, as the built-in engine words it (``composition.texts``)."""

_SEEN: dict[Manner, str] = {
    "language": "the language is {}",
    "length": "the length is {}",
    "form": "the format is {}",
}
"""The condition by which the result is accepted."""

_EARLIER: dict[Manner, str] = {
    "language": r"Write in [^.]{1,60}\.",
    "audience": r"Readers: [^.]{1,80}\.",
    "tone": r"Tone: [^.]{1,80}\.",
    "length": r"Length: [^.]{1,80}\.",
    "detail": r"Go into detail: [^.]{1,120}\.",
    "form": r"Format: [^.]{1,60}\.",
    "focus": r"(?!)",  # one more thing to watch does not replace another
}
"""What the same sentence said before, which the new one replaces."""

_SHORTER = "half of what was asked for before, without losing a result"
_LONGEST_DESCRIPTION, _LONGEST_OUTPUT = 20_000, 10_000


def write_so(wish: Write, work: Work) -> Outcome:
    """Have the result written so: say it to every task whose result people read, and keep it with the objective."""
    tasks = _read_by_people(wish, work)
    if not tasks:
        raise Declined("The crew has no task that writes something.")
    keys = {task.key for task in tasks}
    told = _SHORTER if wish.value == "shorter" else wish.value
    sentence = _TOLD[wish.manner].format(told)
    changed = tuple(_say(task, wish.manner, told) if task.key in keys else task for task in work.crew.tasks)
    crew = work.crew.model_copy(update={"tasks": changed})
    if crew == work.crew:
        raise Declined(f"The tasks say so already: {sentence}")
    names = join_words([name_of(task) for task in tasks])
    return Outcome(crew, f"{_describe(wish)} in {names}.", _prefer(work.objective, wish.manner, sentence))


def _read_by_people(wish: Write, work: Work) -> list[Task]:
    """Return the tasks that write what people read, else the last one."""
    if wish.what:
        named = find_tasks(wish.what, work)
        if named:
            return named
    if wish.manner == "focus":
        return [task for task in work.crew.tasks if task.key not in work.context.reviews] or list(work.crew.tasks)
    written = [task for task in work.crew.tasks if stage_of(task, work) >= _WRITTEN]
    return written or list(work.crew.tasks[-1:])


def _say(task: Task, manner: Manner, value: str) -> Task:
    description = _replace_or_add(task.description, _EARLIER[manner], _TOLD[manner].format(value))
    output = task.expected_output
    if manner in _SEEN:
        output = _demand(output, manner, value)
    return task.model_copy(
        update={"description": description[:_LONGEST_DESCRIPTION], "expected_output": output[:_LONGEST_OUTPUT]}
    )


def _replace_or_add(text: str, earlier: str, sentence: str) -> str:
    """Put the sentence in the place of the one that said otherwise; a literal one, whatever it holds."""
    changed, count = re.subn(earlier, lambda _: sentence, text, count=1)
    return changed if count else f"{text} {sentence}".strip()


def _demand(output: str, manner: Manner, value: str) -> str:
    """Put the condition among those by which the result is accepted."""
    demand = _SEEN[manner].format(value)
    earlier = _SEEN[manner].format(r"[^;.]{1,80}")
    changed, count = re.subn(earlier, lambda _: demand, output, count=1)
    if count:
        return changed
    if "Accepted when: " in output and output.endswith("."):
        return f"{output[:-1]}; {demand}."
    return f"{output} {demand[:1].upper()}{demand[1:]}.".strip()


def _describe(wish: Write) -> str:
    said: dict[Manner, str] = {
        "language": f"Asked for {wish.value}",
        "audience": f"Named {wish.value} as readers",
        "tone": f"Asked for this tone, {quote(wish.value)},",
        "length": "Asked for half the length" if wish.value == "shorter" else f"Asked for a length of {wish.value}",
        "detail": "Asked for more detail",
        "form": f"Asked for {wish.value} as file format",
        "focus": f"Asked for special attention to {wish.value}",
    }
    return said[wish.manner]


def _prefer(objective: Objective | None, manner: Manner, sentence: str) -> Objective | None:
    """Keep the wish with the objective, in the place of an earlier one of the same kind, where there is room."""
    if objective is None:
        return None
    preferences = _replace_or_add(objective.preferences, _EARLIER[manner], sentence)
    if len(preferences) > MAX_CONTEXT_CHARACTERS:
        return None
    return objective.model_copy(update={"preferences": preferences})
