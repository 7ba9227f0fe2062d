"""Substance, first group: do the texts say enough to act on, and to check the result by?"""

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Task
from crewgen_core.validation import fixes
from crewgen_core.validation.context import Context
from crewgen_core.validation.rule import Fault
from crewgen_core.validation.texts import (
    find_stems,
    flatten_role,
    list_leading_words,
    list_words,
    measure_overlap,
    names_measure,
    normalize_role,
    shorten,
)

THIN_DESCRIPTION = 8
"""Words below which a description is too thin: in CrewAI's own examples a task has 62 to 129 tokens (quartiles)."""

THIN_OUTPUT = 4
"""Words below which an expected output says too little."""

GOD_TASK_MINUTES = 240
"""Minutes of human work above which one task is too much: even a horizon of 16 hours, the longest that METR measures,
does a task of 240 minutes in 3 of 4 tries only."""

GOD_TASK_VERBS = 3
"""Commands in one task name from which it is several tasks."""

GOD_TASK_SHARE = 0.7
"""Share of the whole work above which one of at least three tasks carries the crew [assumption]."""

SAME_TASK = 0.85
"""Share of common words from which two tasks are the same [assumption]."""

SAME_ROLE = 92
"""Likeness of two roles, 0 to 100, from which one is another spelling or number of the other [assumption]."""

_VAGUE_WORDS = frozenset({
    "agent", "assistant", "helper", "expert", "worker", "specialist", "ai", "bot", "professional", "generalist",
    "person", "member", "employee", "staff", "role", "general", "main", "default", "generic", "smart",
    "intelligent", "helpful", "senior", "junior", "my", "the", "a", "an", "new", "number", "one", "two", "three",
    "universal", "virtual", "digital", "autonomous", "llm", "gpt", "crew", "team",
})  # fmt: skip

_INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|all|any|your|system|safety)\b"
    r"[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|directives?|guardrails?)\b"
    r"|\b(?:reveal|print|show|repeat|leak|output)\b[^.\n]{0,20}\b(?:your|the)\b[^.\n]{0,15}\bsystem prompt\b"
    r"|\b(?:send|post|upload|print|reveal|exfiltrate|leak)\b[^.\n]{0,40}\b(?:api[ _-]?keys?|passwords?|credentials|"
    r"environment variables|secrets)\b"
    r"|\byou are now (?:in )?(?:dan|developer mode|unrestricted|jailbroken)\b"
    r"|</?(?:system|assistant|im_start|im_end)>|<\|(?:im_start|im_end|system)\|>|\[/?INST\]",
    re.IGNORECASE,
)
"""Phrases of published prompt injections: orders against the rules, the prompt or secrets, and forged chat marks."""

_BLANK = re.compile(
    r"\{+\s*[A-Za-z_][\w .-]{0,40}\s*\}+|\b(?:TODO|TBD|FIXME|XXX)\b|lorem ipsum"
    r"|<(?:insert|your|fill)[^<>\n]{0,40}>|\[(?:insert|your|fill)[^\[\]\n]{0,40}\]",
)


def role_vague(context: Context) -> Iterator[Fault]:
    """CrewAI opens every prompt with "You are {role}"; a role that fits everybody steers nothing, and roles nobody can
    tell apart are where MAST's "disobeying the role specification" starts."""
    for agent in context.crew.agents:
        words = list_words(agent.role)
        if agent.role.strip() and all(word in _VAGUE_WORDS or word.isdigit() for word in words):
            yield Fault(
                f"agent:{agent.key}",
                f'"{shorten(agent.role)}" could be anybody, so the role gives the model no direction. Name a job '
                "that people "
                'hire for, such as "Customer Retention Analyst".',
            )


def goal_empty(context: Context) -> Iterator[Fault]:
    """The goal is the second sentence of every prompt ("Your personal goal is: …"); missing or equal to the role, it
    tells the agent nothing about when it is done (MAST: unaware of termination conditions, 12.4 %)."""
    for agent in context.crew.agents:
        if _says_nothing(agent.goal, agent.role):
            yield Fault(
                f"agent:{agent.key}",
                f'The goal of "{_who(agent)}" is missing or only repeats the role, so it cannot tell when its work is '
                "good. Say in one sentence what it should achieve.",
                _goal_from_tasks(context, agent),
            )


def backstory_empty(context: Context) -> Iterator[Fault]:
    """The backstory is where a prompt says how the agent works and what it pays attention to; CrewAI requires the
    field."""
    for agent in context.crew.agents:
        if _says_nothing(agent.backstory, agent.role) or (agent.goal and _is_same(agent.backstory, agent.goal)):
            yield Fault(
                f"agent:{agent.key}",
                f'The backstory of "{_who(agent)}" is missing or only repeats role or goal. Say in one or two '
                "sentences how "
                "it works and what it checks.",
            )


def description_thin(context: Context) -> Iterator[Fault]:
    """The description is all that an agent learns about its task; MAST counts 11.8 % of failures as disobeying a
    specification, and most of those had little to obey."""
    for task in context.crew.tasks:
        count = len(list_words(task.description))
        if count < THIN_DESCRIPTION:
            said = f"has {count} words" if count else "is missing"
            yield Fault(
                f"task:{task.key}",
                f'The description of "{_label(task)}" {said}, too little to act on. Say what to do, from what, and '
                "within "
                "which limits.",
            )


def output_missing(context: Context) -> Iterator[Fault]:
    """CrewAI ends every task prompt with "This is the expected criteria for your final answer"; without it the agent
    decides itself when to stop, and nobody can check the result (MAST: no or incomplete verification, 8.2 %)."""
    for task in context.crew.tasks:
        count = len(list_words(task.expected_output))
        if count < THIN_OUTPUT:
            said = f'only says "{shorten(task.expected_output)}"' if count else "is missing"
            yield Fault(
                f"task:{task.key}",
                f'The expected output of "{_label(task)}" {said}, so neither the agent nor a reviewer can tell when '
                "it is "
                "done. Name its form, its parts and its size.",
            )


def output_not_measurable(context: Context) -> Iterator[Fault]:
    """A result is verifiable when it has a number, a form or a part to look for; "a good answer" passes every check
    (MAST: wrong verification, 9.1 %)."""
    for task in context.crew.tasks:
        if len(list_words(task.expected_output)) >= THIN_OUTPUT and not names_measure(task.expected_output):
            yield Fault(
                f"task:{task.key}",
                f'The expected output of "{_label(task)}" has nothing that somebody else could check: no number, no '
                "form, no "
                "part. Add one, such as a length, a list of sections or a file format.",
            )


def output_unrelated(context: Context) -> Iterator[Fault]:
    """When description and expected output share no word, they usually belong to different tasks (a slip of copying);
    the agent then has to disobey one of them (MAST: reasoning-action mismatch, 13.2 %)."""
    for task in context.crew.tasks:
        asked, expected = find_stems(f"{task.name} {task.description}"), find_stems(task.expected_output)
        if len(asked) >= 6 and len(expected) >= 6 and not asked & expected:
            yield Fault(
                f"task:{task.key}",
                f'The expected output of "{_label(task)}" shares no word with its description, so they may belong to '
                "different tasks. Make sure that they ask for the same thing.",
            )


def roles_alike(context: Context) -> Iterator[Fault]:
    """CrewAI's delegation tool looks up co-workers by role and takes the first; two of one role do the same work twice
    (MAST: step repetition, 15.7 %)."""
    kept: list[Agent] = []
    for agent in context.agents.values():
        twin = next((other for other in kept if _is_same_role(agent.role, other.role)), None)
        if twin is None:
            kept.append(agent)
            continue
        yield Fault(
            f"agent:{agent.key}",
            f'"{_who(agent)}" and "{_who(twin)}" are the same role, so work is done twice and co-workers cannot tell '
            "them "
            "apart. Merge them, or say what each is for.",
            fixes.change(
                f'Merge "{_who(agent)}" into "{_who(twin)}"',
                "One agent of a role can do the tasks of both.",
                fixes.fold_agents(context, {agent.key: twin.key}),
            ),
        )


def tasks_alike(context: Context) -> Iterator[Fault]:
    """Step repetition is the most frequent failure that MAST finds (15.7 %); here it is planned in."""
    kept: list[tuple[frozenset[str], Task]] = []
    for task in context.tasks.values():
        words = find_stems(f"{task.name} {task.description}")
        if len(words) < 3:
            continue
        twin = next(
            (
                other
                for seen, other in kept
                if measure_overlap(words, seen) >= SAME_TASK and not _are_parts(task, other)
            ),
            None,
        )
        if twin is None:
            kept.append((words, task))
            continue
        yield Fault(
            f"task:{task.key}",
            f'"{_label(task)}" asks for the same as "{_label(twin)}", so the same work is done and paid for twice. '
            "Take one "
            "out, or say what is different.",
            _drop_twin(context, task, twin),
        )


def _are_parts(task: Task, other: Task) -> bool:
    """Say whether two tasks are different parts of the same work by their names ("... (part 2 of 3)")."""
    one, two = _PART.search(task.name), _PART.search(other.name)
    return one is not None and two is not None and one[0] != two[0]


_PART = re.compile(r"\(part (\d+) of \d+\b", re.IGNORECASE)


def task_too_big(context: Context) -> Iterator[Fault]:
    """The chance of success falls with the length of a task (METR's time horizons), and nothing in between can be
    checked: several tasks with a result each are safer than one that does everything."""
    whole = context.human_minutes
    for task in context.crew.tasks:
        verbs = _count_commands(context, task)
        share = task.human_minutes / whole if whole else 0
        why = ""
        if task.human_minutes > GOD_TASK_MINUTES:
            why = f"would take a person {task.human_minutes:.0f} minutes"
        elif verbs >= GOD_TASK_VERBS:
            why = f"asks for {verbs} different things at once"
        elif len(context.crew.tasks) >= 3 and share > GOD_TASK_SHARE:
            why = f"is {share:.0%} of the whole work"
        if why:
            yield Fault(
                f"task:{task.key}",
                f'"{_label(task)}" {why}, too much for one step: a mistake in the middle is found only at the end. '
                "Split it "
                "into tasks with a result each.",
            )


def blank_left(context: Context) -> Iterator[Fault]:
    """CrewAI fills {names} from the inputs of a run and leaves them as they are when there are none; the agent then
    works on the blank itself."""
    for where, label, text in _texts(context):
        blank = _BLANK.search(text)
        if blank:
            yield Fault(
                where,
                f'"{label}" still has a blank to fill ("{shorten(blank.group(), 40)}"). Fill it, or give it as an '
                "input when "
                "the crew runs.",
            )


def text_suspicious(context: Context) -> Iterator[Fault]:
    """Texts of a crew become prompts; one that came with an upload or from a model can carry orders against the
    instructions (prompt injection, OWASP LLM01)."""
    for where, label, text in _texts(context):
        found = _INJECTION.search(text)
        if found:
            yield Fault(
                where,
                f'"{label}" has a text that reads like an order to break the rules ("{shorten(found.group(), 80)}"). '
                "Agents "
                "would see it as part of their prompt: take it out, unless it is meant as a sample.",
            )


def _who(agent: Agent) -> str:
    return shorten(agent.role.strip() or agent.key)


def _label(task: Task) -> str:
    return shorten(task.name.strip() or task.key)


def _is_same(first: str, second: str) -> bool:
    return flatten_role(first).rstrip(".") == flatten_role(second).rstrip(".")


def _says_nothing(text: str, role: str) -> bool:
    """Say whether a text is missing, or only repeats the role."""
    words = find_stems(text)
    return (
        not list_words(text) or _is_same(text, role) or (len(words) <= 4 and words <= find_stems(f"{role} be act as"))
    )


def _is_same_role(first: str, second: str) -> bool:
    one, two = normalize_role(first), normalize_role(second)
    return bool(one) and (
        one == two or fuzz.ratio(flatten_role(first), flatten_role(second), score_cutoff=SAME_ROLE) > 0
    )


def _goal_from_tasks(context: Context, agent: Agent) -> Change | None:
    """Say the goal by the tasks that the agent has; without tasks there is nothing to say it by."""
    names = [task.name.strip().rstrip(".") for task in context.tasks_of[agent.key] if len(list_words(task.name)) >= 3]
    goal = shorten("; ".join(names), 400)
    if not names or _says_nothing(goal, agent.role):
        return None
    return fixes.change(
        "Say the goal by its tasks",
        "Its tasks say what it should achieve.",
        fixes.edit_agent(context, agent, goal=goal),
    )


def _drop_twin(context: Context, task: Task, twin: Task) -> Change | None:
    """Take the later of two equal tasks out; what works from it works from the first. Only where the order is sound."""
    if not context.orderly or any(other.async_execution for other in context.crew.tasks):
        return None
    edits = fixes.join_edits(
        *(
            fixes.edit_task(
                context,
                other,
                depends_on=list(dict.fromkeys(twin.key if k == task.key else k for k in other.depends_on)),
            )
            for other in context.crew.tasks
            if task.key in other.depends_on
        ),
        [Edit(op="remove", path=f"tasks/{task.key}")] if f"tasks/{task.key}" in context.editable else None,
    )
    return fixes.change(f'Take out "{_label(task)}"', f'"{_label(twin)}" does the same.', edits)


def _count_commands(context: Context, task: Task) -> int:
    """Return how many different kinds of work the name of a task asks for, by its leading verbs."""
    kinds = {
        group
        for word in list_leading_words(task.name)
        for group, verbs in context.catalog.language.verb_groups.items()
        if word in verbs.verbs
    }
    words = {word for word in list_leading_words(task.name) if _is_verb(context, word)}
    return min(len(kinds), len(words))


def _is_verb(context: Context, word: str) -> bool:
    return any(word in group.verbs for group in context.catalog.language.verb_groups.values())


def _texts(context: Context) -> Iterator[tuple[str, str, str]]:
    """Yield where, label and text of every part that becomes a prompt."""
    for agent in context.crew.agents:
        yield f"agent:{agent.key}", _who(agent), f"{agent.role}\n{agent.goal}\n{agent.backstory}"
    for task in context.crew.tasks:
        yield f"task:{task.key}", _label(task), f"{task.name}\n{task.description}\n{task.expected_output}"
    manager = context.crew.manager
    if manager is not None:
        yield "manager", shorten(manager.role), f"{manager.role}\n{manager.goal}\n{manager.backstory}"
