"""The short answer of a model that is shown a crew from a template: only what should be otherwise for the objective.

What is read here is well-formed and still untrusted; ``changing`` makes a crew of it.
"""

from typing import Annotated

from pydantic import BeforeValidator

from crewgen_core.composition.answer import Answered, Names, TaskAnswer, Text, as_parts, find_objects


class TextChange(Answered):
    """One text of an agent or a task, worded anew."""

    key: Text = ""
    field: Text = ""
    text: Text = ""


class ChangesAnswer(Answered):
    """What a model would have otherwise; without any part it finds the crew right as it is."""

    changes: Annotated[tuple[TextChange, ...], BeforeValidator(as_parts)] = ()
    new_tasks: Annotated[tuple[TaskAnswer, ...], BeforeValidator(as_parts)] = ()
    drop: Names = ()

    @property
    def asks_for_something(self) -> bool:
        """True when anything is to change."""
        return bool(self.changes or self.new_tasks or self.drop)


def read_changes(text: str, *, cut_off: bool = False) -> ChangesAnswer | None:
    """Return the changes that the text holds, repaired where needed; None when it has no list of changes.

    Of an answer that was ``cut_off``, the part at its end is left out: half a text must not replace a whole one.
    """
    for fields in find_objects(text, "changes"):
        if not isinstance(fields["changes"], list | dict):
            continue
        answer = ChangesAnswer.model_validate(fields)
        if cut_off and answer.new_tasks:
            return answer.model_copy(update={"new_tasks": answer.new_tasks[:-1]})
        return answer.model_copy(update={"changes": answer.changes[:-1]}) if cut_off else answer
    return None
