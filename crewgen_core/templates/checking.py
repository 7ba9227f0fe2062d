"""Says what is wrong with a template, in plain sentences."""

from collections import Counter
from collections.abc import Iterator

from crewgen_core.errors import UnusableTemplate
from crewgen_core.models.template import Blank, Template
from crewgen_core.templates.filling import find_blanks
from crewgen_core.templates.values import read_value


def check_template(template: Template) -> Template:
    """Return the template. Raises UnusableTemplate with everything that keeps it from being used."""
    faults = list(find_faults(template))
    if faults:
        raise UnusableTemplate(" ".join(faults))
    return template


def find_faults(template: Template) -> Iterator[str]:
    """Yield a sentence for each thing that keeps a template from being used."""
    crew, declared = template.crew, [blank.name for blank in template.blanks]
    if not crew.agents:
        yield "The template has no agent."
    if not crew.tasks:
        yield "The template has no task."
    if not template.objective:
        yield "The template has no objective."
    for name, count in Counter(declared).items():
        if count > 1:
            yield f"There are {count} blanks called “{name}”; give each a name of its own."
    for name in find_blanks(template):
        if name not in declared:
            yield f"A text has [[{name}]], and there is no blank of this name: add it, or take it out of the text."
    for blank in template.blanks:
        yield from _check_blank(blank)
    for key in template.optional:
        if crew.task(key) is None:
            yield f"The task “{key[:50]}” is said to be optional, and the template has no such task."
    if crew.tasks and len(set(template.optional)) >= len(crew.tasks):
        yield "Every task is optional, so nothing would be sure to be done: keep at least one."


def _check_blank(blank: Blank) -> Iterator[str]:
    if blank.type == "choice" and len(set(blank.choices)) < 2:
        yield f"“{blank.title}” is a choice, so it needs at least two choices."
        return
    if blank.default:
        try:
            read_value(blank, blank.default)
        except UnusableTemplate as fault:
            yield f"The default does not fit: {fault}"
