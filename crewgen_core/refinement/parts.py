"""Finds what a person means by "the writer", "the research" or "the last step" among the parts of a crew."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.refinement.work import Declined, Work, join_words, name_of, quote

_IS_MEANT = 0.5
"""Share of a name's words from which a part is meant."""

_SLIP = 84
"""Likeness of two words, 0 to 100, from which one is taken for a slip of the other [assumption]."""

_BY_WORK = 0.9
"""What it counts that an agent does the work that is named, when its role does not say so."""

_BY_KIND = 0.6
"""What it counts that a task is of the kind of work that is named."""

_SAYS_NOTHING = frozenset(
    "the a an this that our my your its their agent agents task tasks step steps part parts role roles person of for "
    "in on to by with s member crew team work job all every each both".split()
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "last": -1, "final": -1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_NUMBERED = re.compile(
    r"(?:the\s+)?(?:(?P<kind>task|step|agent)\s*(?:no\.?|number|#)?\s*(?P<after>\d{1,3}|one|two|three|four|five|six)"
    r"|(?P<before>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|\d{1,2}(?:st|nd|rd|th))"
    r"\s+(?P<kind2>task|step|agent|part))",
    re.I,
)
_ALL = re.compile(
    r"(?:all|each|every|everything|everybody|everyone|it|them|all of (?:it|them)|(?:the )?(?:whole )?(?:crew|team))"
    r"(?:\s+(?:of\s+)?(?:the\s+)?(?:agents?|tasks?|steps?|others?))?",
    re.I,
)

AnyPart = TypeVar("AnyPart", Agent, Task)


def means_all(words: str) -> bool:
    """True for "everything" and "all agents", and for no words at all."""
    return not words.strip() or bool(_ALL.fullmatch(words.strip()))


def find_agents(words: str, work: Work) -> list[Agent]:
    """Return the agents that are most probably meant: one, none, or several between which the words do not decide."""
    numbered = _by_number(words, "agent", work.crew.agents)
    return numbered or _best(words, work.crew.agents, lambda agent: _fit_agent(words, agent, work))


def find_tasks(words: str, work: Work) -> list[Task]:
    """Return the tasks that are most probably meant: one, none, or several between which the words do not decide."""
    numbered = _by_number(words, "task", work.crew.tasks)
    return numbered or _best(words, work.crew.tasks, lambda task: _fit_task(words, task, work.catalog))


def the_agent(words: str, work: Work) -> Agent:
    """Return the one agent that is meant. Raises Declined when there is none, or several."""
    found = find_agents(words, work)
    if len(found) == 1:
        return found[0]
    raise _not_one(words, "agent", found, work.crew)


def the_task(words: str, work: Work) -> Task:
    """Return the one task that is meant. Raises Declined when there is none, or several."""
    found = find_tasks(words, work)
    if len(found) == 1:
        return found[0]
    raise _not_one(words, "task", found, work.crew)


def the_part(words: str, work: Work) -> Agent | Task:
    """Return the one agent or task that is meant; what its name says most clearly. Raises Declined."""
    agents, tasks = find_agents(words, work), find_tasks(words, work)
    if _says_task(words):
        agents = []
    elif agents and names_person(words):
        tasks = []
    if agents and tasks:
        by_agent = max(_fit_agent(words, agent, work) for agent in agents)
        by_task = max(_fit_task(words, task, work.catalog) for task in tasks)
        agents, tasks = (agents, []) if by_agent >= by_task else ([], tasks)
    found: list[Agent] | list[Task] = agents or tasks
    if len(found) == 1:
        return found[0]
    raise _not_one(words, "agent or task", found, work.crew)


def words_of(text: str) -> list[str]:
    """Return the words of a name that say something, in lower case."""
    return [word.lower for word in split_words(text) if word.lower not in _SAYS_NOTHING]


def share_of(wanted: Sequence[str], name: str) -> float:
    """Return the share of the wanted words that a name has too, in any form, 0 to 1."""
    there = words_of(name)
    hits = sum(any(_alike(word, other) for other in there) for word in wanted)
    return hits / len(wanted) if wanted else 0.0


def activity_of(task: Task, catalog: Catalog) -> Activity | None:
    """Return the kind of work that the first known skill of a task is."""
    return next((catalog.skills[key].activity for key in task.skills if key in catalog.skills), None)


def names_person(words: str) -> bool:
    """True for "the editor" and "the analyst": somebody is meant, not a thing."""
    named = words_of(words)
    return bool(named) and bool(PERSON.search(named[-1]))


PERSON = re.compile(
    r"(?:[^p]er|or|ist|yst|ian|ant|lead|expert|lawyer|counsel|scientist|assistant|coach|chef|architect|advocate)$", re.I
)
"""How the names of people who do something end."""


def _says_task(words: str) -> bool:
    return bool(re.search(r"\b(?:task|step)s?\b", words, re.I))


def _not_one(words: str, kind: str, found: Sequence[Agent | Task], crew: Crew) -> Declined:
    if found:
        names = join_words([name_of(part) for part in found[:4]], "or")
        return Declined(f"{quote(words)} could mean {names}. Say which.", unclear=True)
    parts: list[Agent | Task] = []
    parts += crew.agents if "agent" in kind else ()
    parts += crew.tasks if "task" in kind else ()
    names = join_words([name_of(part) for part in parts[:6]])
    have = f" It has {names}{' and more' if len(parts) > _MOST_NAMED else ''}." if names else ""
    return Declined(f"The crew has no {kind} like {quote(words)}.{have}", unclear=True)


_MOST_NAMED = 6


def _by_number(words: str, kind: str, parts: Sequence[AnyPart]) -> list[AnyPart]:
    """Return the part that a number names: "step 2", "the last task"."""
    match = _NUMBERED.fullmatch(words.strip())
    if not match or not parts:
        return []
    named = (match["kind"] or match["kind2"]).lower()
    if (named == "agent") != (kind == "agent"):
        return []
    told = (match["after"] or match["before"]).lower()
    number = _ORDINALS.get(told) or int(re.sub(r"\D", "", told) or 0)
    if number == -1:
        return [parts[-1]]
    return [parts[number - 1]] if 1 <= number <= len(parts) else []


def _best(words: str, parts: Iterable[AnyPart], fit: Callable[[AnyPart], float]) -> list[AnyPart]:
    if not words_of(words):
        return []
    fits = [(fit(part), part) for part in parts]
    most = max((value for value, _ in fits), default=0.0)
    return [part for value, part in fits if value == most] if most >= _IS_MEANT else []


def _fit_agent(words: str, agent: Agent, work: Work) -> float:
    wanted = words_of(words)
    if _same(words, agent.role) or _same(words, agent.key):
        return 2.0
    by_name = max(share_of(wanted, agent.role), share_of(wanted, agent.key.replace("_", " ")))
    if by_name == 1.0:
        return 1.0 + 1.0 / (2 + len(words_of(agent.role)))  # of two, the one that is called hardly anything else
    tasks = [task for task in work.crew.tasks if task.agent == agent.key]
    by_work = max((_fit_task(words, task, work.catalog) for task in tasks), default=0.0)
    return max(by_name, _BY_WORK * min(by_work, 1.0))


def _fit_task(words: str, task: Task, catalog: Catalog) -> float:
    wanted = words_of(words)
    if _same(words, task.name) or _same(words, task.key):
        return 2.0
    names = [catalog.skills[key].name if key in catalog.skills else key for key in task.skills]
    by_name = share_of(wanted, f"{task.name} {task.key.replace('_', ' ')}")
    by_skill = max((share_of(wanted, name) for name in names), default=0.0) * 0.9
    kind = activity_of(task, catalog)
    told = [any(catalog.verb_activities.get(root) == kind for root in _roots(word)) for word in wanted]
    by_kind = _BY_KIND if kind and told and all(told) else 0.0  # "the retention plan" is not any plan
    return max(by_name, by_skill, by_kind)


def _same(words: str, name: str) -> bool:
    plain = re.sub(r"^(?:the|an?)\s+", "", words.strip().strip("\"'“”").lower())
    return bool(name.strip()) and plain in (name.strip().lower(), name.strip().lower().replace("_", " "))


def _alike(one: str, other: str) -> bool:
    if _roots(one) & _roots(other):
        return True
    return min(len(one), len(other)) > _SHORT and fuzz.ratio(one, other) >= _SLIP


_SHORT = 4
"""Letters up to which a word has to be spelled right to be meant."""


@lru_cache(maxsize=5_000)
def _roots(word: str) -> frozenset[str]:
    """Return the stems that a word may go back to: "writer" also goes back to "write", "analyst" to "analyze"."""
    roots = {stem(word), word}
    if word.startswith("analyst"):
        roots.add(stem("analysis"))
    bare = word.removesuffix("s")
    if len(bare) > _SHORT and bare.endswith(("er", "or")):
        roots |= {stem(bare[:-2]), stem(bare[:-1])}
        if bare[-3] == bare[-4]:
            roots.add(stem(bare[:-3]))  # "planner"
    return frozenset(roots)
