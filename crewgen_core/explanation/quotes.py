"""Finds the words of the objective that ask for a part of a crew, or say how it is to be, and where they stand."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain

from crewgen_core.catalog.words import Word, split_words
from crewgen_core.explanation.parts import Part, is_check, name_tool
from crewgen_core.models.analysis import Deliverable, RequiredSkill, Risk, Workstream
from crewgen_core.models.crew import Task
from crewgen_core.models.explanation import Quote, QuotedField, Span
from crewgen_core.models.objective import Objective
from crewgen_core.validation.context import Context
from crewgen_core.validation.texts import find_stems

COORDINATING = "project_coordination"
"""Catalog key of the skill that calls for a manager."""

_FIELDS: tuple[QuotedField, ...] = ("text", "context", "preferences")

_MOST_STARTS = 50
"""A word that stands in a text more often is looked for from its first places only."""

_WIDEST = 8
"""Other words that may stand within a phrase, beside as many as it has itself: a clause is rarely wider."""

_SAME_TASK = 0.8
"""Share of the words of a thing to do that a task's text must have to be about it [assumption]."""

_HALF = 0.5


class Quoter:
    """Finds phrases in the fields of an objective."""

    def __init__(self, objective: Objective) -> None:
        """Take the objective to quote from."""
        self._texts: dict[QuotedField, str] = {field: getattr(objective, field) for field in _FIELDS}
        self._words: dict[QuotedField, list[Word]] = {
            field: split_words(text) for field, text in self._texts.items() if text
        }
        self._found: dict[str, tuple[QuotedField, tuple[Span, ...]] | None] = {}

    def quote(self, phrase: str, says: str, *, asks: bool) -> Quote | None:
        """Return the phrase as it stands in the objective, None where it does not.

        Words may stand apart ("analyze … churn") and in another form than in the phrase; the closest are taken.
        """
        if phrase not in self._found:
            self._found[phrase] = self._locate(phrase)
        place = self._found[phrase]
        if place is None:
            return None
        field, spans = place
        words = " … ".join(" ".join(self._texts[field][span.start : span.end].split()) for span in spans)
        return Quote(words=words, field=field, spans=spans, says=says, asks=asks)

    def quote_words(self, field: QuotedField, words: Iterable[Word], says: str) -> Quote:
        """Return words of a field that were found there already, as asking for the part."""
        spans = _join_spans(sorted(words, key=lambda word: word.start), self._texts[field])
        text = self._texts[field]
        shown = " … ".join(" ".join(text[span.start : span.end].split()) for span in spans)
        return Quote(words=shown, field=field, spans=spans, says=says, asks=True)

    @property
    def words(self) -> dict[QuotedField, list[Word]]:
        """The words of each field that has any."""
        return self._words

    def _locate(self, phrase: str) -> tuple[QuotedField, tuple[Span, ...]] | None:
        wanted = split_words(phrase)
        for field, words in self._words.items():
            chosen = _closest(wanted, words)
            if chosen:
                return field, _join_spans(chosen, self._texts[field])
        return None


def find_quotes(part: Part, context: Context, quoter: Quoter) -> tuple[Quote, ...]:
    """Return the words that have to do with the part, those that ask for it first; each place once."""
    finders: dict[str, Callable[[], Iterator[Quote | None]]] = {
        "task": lambda: _about_task(part.task, context, quoter),
        "agent": lambda: _about_agent(part, context, quoter),
        "tool": lambda: _about_tool(part, context, quoter),
        "manager": lambda: _about_manager(context, quoter),
        "process": lambda: _about_manager(context, quoter) if context.crew.process == "hierarchical" else iter(()),
    }
    found: dict[tuple[QuotedField, tuple[Span, ...]], Quote] = {}
    for quote in finders[part.kind]():
        if quote is None:
            continue
        place = quote.field, quote.spans
        if place not in found or (quote.asks and not found[place].asks):
            found[place] = quote
    return tuple(sorted(found.values(), key=lambda quote: not quote.asks))


class _Asked:
    """What the analysis has understood, with an empty hand where there is none."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.skills: dict[str, RequiredSkill] = {}
        if context.analysis:
            self.skills = {skill.key: skill for skill in context.analysis.skills}

    @cached_property
    def workers(self) -> tuple[Task, ...]:
        """The tasks that do not check others."""
        return tuple(t for t in self.context.tasks.values() if not is_check(t, self.context))


def _about_task(task: Task | None, context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    if task is None or context.analysis is None:
        return
    yield from _asking_for(task, context, quoter)
    yield from _shaping(task, context, quoter)
    for tool in task.tools:
        yield from _naming_tool(tool, context, quoter, f"asks for {name_tool(tool, context.catalog)}", asks=False)


def _asking_for(task: Task, context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    """Yield the words that ask for the work of a task."""
    analysis = context.analysis
    if analysis is None:
        return
    asked = _Asked(context)
    called_for = [asked.skills[key] for key in context.skills_of_task[task.key] if key in asked.skills]
    for required in called_for:
        for phrase in _own_evidence(required, task, asked):
            yield quoter.quote(phrase, f"calls for {required.name}", asks=True)
    if not is_check(task, context):
        for deliverable in analysis.deliverables:
            if makes(task, deliverable, context):
                yield quoter.quote(deliverable.name, "names what must exist in the end", asks=True)
        for stream in analysis.workstreams:
            if _does(task, stream, asked):
                yield quoter.quote(stream.text, "says what is to be done", asks=True)
    for risk in (risk for risk in analysis.risks if _checks_for(task, risk, context)):
        for phrase in risk.evidence:
            yield quoter.quote(phrase, f"touches {risk.name}, which asks for a check", asks=True)


def _shaping(task: Task, context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    """Yield the words that say how the work is to be done, as far as the task speaks of it."""
    analysis = context.analysis
    if analysis is None:
        return
    limits, stems = analysis.constraints, context.stems_of_tasks[task.key]
    wishes = [
        (limits.audience, "says who reads the result"),
        (limits.language, "names the language of the result"),
        (limits.tone, "names the tone"),
        *((words, "names what there is to work from") for words in limits.inputs),
        *((words, "rules something out") for words in limits.exclusions),
        *((deliverable.length, "says how long it is to be") for deliverable in analysis.deliverables),
        *((deliverable.file_format, "names the file format") for deliverable in analysis.deliverables),
    ]
    for words, says in wishes:
        if words and (wanted := find_stems(words)) and wanted <= stems:
            yield quoter.quote(words, says, asks=False)
    for risk in analysis.risks if task.human_input else ():
        for phrase in risk.evidence if risk.severity == "high" else ():
            yield quoter.quote(phrase, f"touches {risk.name}, so a person confirms the result", asks=False)


def _about_agent(part: Part, context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    """Yield the words that ask for the tasks of an agent, and for skills that it has and no task asks for."""
    agent = part.agent
    if agent is None or context.analysis is None:
        return
    tasks = context.tasks_of.get(agent.key, [])
    yield from chain.from_iterable(_asking_for(task, context, quoter) for task in tasks)
    used = {skill for skills in context.skills_of_task.values() for skill in skills}
    for required in context.analysis.skills:
        if required.key in context.levels.get(agent.key, {}) and required.key not in used:
            for phrase in required.evidence:
                yield quoter.quote(phrase, f"calls for {required.name}", asks=True)


def _about_manager(context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    required = _Asked(context).skills.get(COORDINATING)
    for phrase in required.evidence if required else ():
        yield quoter.quote(phrase, "calls for somebody who coordinates", asks=True)


def _about_tool(part: Part, context: Context, quoter: Quoter) -> Iterator[Quote | None]:
    yield from _naming_tool(part.tool, context, quoter, "asks for it", asks=True)
    required = _Asked(context).skills
    for skill in skills_served(part, context):
        for phrase in required[skill].evidence if skill in required else ():
            yield quoter.quote(phrase, f"calls for {required[skill].name}, which it helps with", asks=False)


def skills_served(part: Part, context: Context) -> tuple[str, ...]:
    """Return the skills of the tasks in question that the catalog uses this tool for."""
    tasks = [part.task] if part.task else context.tasks_of.get(part.agent.key if part.agent else "", [])
    skills = dict.fromkeys(skill for task in tasks for skill in context.skills_of_task[task.key])
    steps = context.catalog.steps_by_skill
    return tuple(skill for skill in skills if any(part.tool in step.tools for step in steps.get(skill, ())))


def _naming_tool(tool: str, context: Context, quoter: Quoter, says: str, *, asks: bool) -> Iterator[Quote]:
    """Yield the words by which the objective names a tool; the analysis has to have understood them so."""
    if context.analysis is None or tool not in context.analysis.tools:
        return
    for field, words in quoter.words.items():
        for match in context.catalog.tool_phrases.find(words):
            if match.owner == tool:
                yield quoter.quote_words(field, match.words, says).model_copy(update={"asks": asks})
                return


def _own_evidence(required: RequiredSkill, task: Task, asked: _Asked) -> tuple[str, ...]:
    """Return the words that call for a skill in this task: where several tasks share it, those it has words of."""
    context = asked.context
    sharing = [t for t in context.tasks.values() if required.key in context.skills_of_task[t.key]]
    if len(sharing) < 2:
        return required.evidence
    own = tuple(phrase for phrase in required.evidence if find_stems(phrase) <= context.stems_of_tasks[task.key])
    return own or required.evidence


def makes(task: Task, deliverable: Deliverable, context: Context) -> bool:
    """True when a task makes what is to be delivered: its name says so, or a step for its skills gives it."""
    wanted = find_stems(deliverable.name)
    if not wanted:
        return False
    if wanted <= find_stems(task.name):
        return True
    steps = context.catalog.steps_by_skill
    given = {step.produces for skill in context.skills_of_task[task.key] for step in steps.get(skill, ())}
    said = len(wanted & context.stems_of_tasks[task.key]) / len(wanted)
    return said == 1 if not given else deliverable.artefact in given and said >= _HALF


def _checks_for(task: Task, risk: Risk, context: Context) -> bool:
    """True when a task has the skill of the check that the catalog asks for because of a risk."""
    rule = context.catalog.risks.get(risk.key)
    step = context.catalog.steps.get(rule.review) if rule and rule.review else None
    return step is not None and step.skill in context.skills_of_task[task.key]


def _does(task: Task, stream: Workstream, asked: _Asked) -> bool:
    """True when a task is about a thing to do for which the analysis knows no skill, more than any other task."""
    wanted = find_stems(stream.text)
    if len(wanted) < 2 or any(
        skill in known for skill in stream.skills for known in asked.context.skills_of_task.values()
    ):
        return False
    shares = {t.key: len(wanted & asked.context.stems_of_tasks[t.key]) / len(wanted) for t in asked.workers}
    return shares.get(task.key, 0) >= _SAME_TASK and shares[task.key] == max(shares.values())


def _closest(wanted: list[Word], words: list[Word]) -> list[Word]:
    """Return the words of a text that a phrase is made of, as close together as they stand; at least half of them."""
    places = [_places_of(word, words) for word in wanted]
    there = [place for place in places if place]
    if not there or 2 * len(there) < len(wanted):
        return []
    best: list[int] = []
    for start in there[0][:_MOST_STARTS]:
        chosen = [start]
        for place in there[1:]:
            chosen.append(_nearest(place, chosen[-1] + 1))
        if not best or max(chosen) - min(chosen) < max(best) - min(best):
            best = chosen
    if max(best) - min(best) > 2 * len(wanted) + _WIDEST:
        return []
    return [words[at] for at in sorted(set(best))]


def _places_of(wanted: Word, words: list[Word]) -> list[int]:
    exact = [at for at, word in enumerate(words) if word.lower == wanted.lower]
    return exact or [at for at, word in enumerate(words) if word.stem == wanted.stem]


def _nearest(places: list[int], to: int) -> int:
    at = bisect_left(places, to)
    return min(places[max(at - 1, 0) : at + 1], key=lambda place: abs(place - to))


def _join_spans(words: list[Word], text: str) -> tuple[Span, ...]:
    """Return where the words stand, as one span where nothing but signs and spaces parts them."""
    spans: list[Span] = []
    for word in words:
        between = text[spans[-1].end : word.start] if spans else ""
        if spans and not any(map(str.isalnum, between)):
            spans[-1] = Span(start=spans[-1].start, end=word.end)
        else:
            spans.append(Span(start=word.start, end=word.end))
    return tuple(spans)
