"""Says what clauses leave open: what "it" and "them" stand for, whose "its cost" is, which object bare verbs share."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.verbs import DETERMINERS, PREPOSITIONS
from crewgen_core.catalog.words import split_words

_HEAD = re.compile(
    r",|;|\s(?:and|or|for|to|from|into|with|that|which|who|where|when|by|against|in|on|at|as|about|until|after|before|without|using|"
    r"within|over|per|taking|including|covering|showing)\s"
)
_SINGULAR = frozenset({"it", "this", "that"})
_PLURAL = frozenset({"them", "these", "those", "each", "all", "both", "some", "any", "most"})
_PRONOUNS = _SINGULAR | _PLURAL | {"everything"}
_SOME_OF_THEM = re.compile(
    r"^(?:the\s+)?(?:(?:top|best|first|worst|last)\s+)?(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|\d+)"
    r"(?:\s+(?:best|worst|cheapest|strongest))?$|^the\s+(?:best|worst)$",
    re.I,
)
"""A number or "the best" without what is counted."""

_ALONE = PREPOSITIONS | frozenset(
    "and or so if too again together accordingly carefully properly first next then now once afterwards up out down over back online "
    "true neutrally clearly weekly daily monthly automatically".split()
)
"""What may follow a pronoun: behind "each" or "this" anything else is its noun."""

_NUMBERS = frozenset("two three four five six seven eight nine ten twelve fifteen twenty".split())
_OWNERS = {"its": "the", "their": "the", "his": "the", "her": "the", "my": "the", "your": "the"}
_COLLECTIVES = frozenset("data people staff feedback police team children women men criteria news media".split())
_QUESTION_HEAD = re.compile(r"^(?:which|what|how many|how much|whose)\s+(?P<noun>[a-z][\w'’-]*s)\s", re.I)
_QUESTION = re.compile(r"^(?:why|how|what|which|whether|where|when|who|that|if)\b", re.I)
_CLAUSES_BACK = 3
_FEW_WORDS = 4
"""With so few words "its cost" says nothing without whose it is."""


def strip_owner(focus: str) -> str:
    """Turn "its rivals" into "the rivals": an agent would not know whose."""
    first, _, rest = focus.partition(" ")
    return f"{_OWNERS[first.lower()]} {rest}" if first.lower() in _OWNERS and rest else focus


def share_objects(clauses: Sequence[Clause]) -> list[Clause]:
    """Give a bare verb the next clause's object ("design, build and test an API"), a pronoun what it stands for."""
    shared = list(clauses)
    for i in range(len(shared) - 2, -1, -1):
        following = shared[i + 1]
        if shared[i].action and not shared[i].focus and following.focus and following.action:
            shared[i] = _reword(shared[i], following.focus, f"{shared[i].text} {following.focus}")
    shared = _share_verb_of_heading(shared)
    for i in range(1, len(shared)):
        shared[i] = _resolve(shared, i)
    return [
        replace(clause, focus=strip_owner(clause.focus or lower_first(clause.text)))
        for clause in map(_as_told, shared)
        if _says_something(clause)
    ]


def _share_verb_of_heading(clauses: Sequence[Clause]) -> list[Clause]:
    """Let the things behind "compare two cars: price, range" be compared too."""
    heading = next(
        (
            clause
            for at, clause in enumerate(clauses)
            if clause.heading and (len(clauses) - at > 2 or clause.action in _LOOKS)
        ),
        None,
    )
    if heading is None:
        return list(clauses)
    return [
        _reword(replace(clause, action=heading.action), clause.focus, f"{heading.action} {clause.text}".strip())
        if at
        and not clause.action
        and clause.request
        and not clause.heading
        and heading.action
        and heading.action not in _DOING
        else clause
        for at, clause in enumerate(clauses)
    ]


_DOING = frozenset("perform conduct do run carry make write create develop prepare produce organise organize".split())
"""What is done or made as a whole is not done to each thing that belongs to it."""

_LOOKS = frozenset("audit review check inspect analyse analyze examine assess test".split())
"""What is looked at behind a colon is there already, even where it is a single list ("audit our ads: landing pages, spend")."""

_AT_END = re.compile(r"\s(?P<each>each one|each of (?:them|these|those)|them|each|it)$", re.I)


def _resolve(clauses: Sequence[Clause], at: int) -> Clause:
    """Return the clause at a place with its pronoun replaced by what it stands for."""
    clause, before = clauses[at], clauses[at - 1]
    words = split_words(clause.focus)
    if not clause.action or not words:
        return clause
    if clause.focus.lower() in ("why", "how") and (told := _told_before(clauses[:at])):
        return _reword(clause, f"{clause.focus} {told}", f"{clause.text} {told}")
    if clause.focus.lower() in ("why", "how", "what") and not before.action:
        return _reword(clause, f"{clause.focus} {before.focus}", f"{clause.text} {before.focus}")
    first = words[0].lower
    tail = _AT_END.search(clause.focus) if len(words) > 2 else None
    if tail:
        plural = tail["each"].lower() != "it"
        named = _find_named(clauses[:at], plural=plural)
        agrees = bool(named) and _is_plural(named) == plural
        return _put(clause, f"{clause.focus[: tail.start('each')]}{named}", named) if agrees else clause
    if _SOME_OF_THEM.match(clause.focus):
        named = _find_counted(clauses[:at]) or _find_named(clauses[:at], plural=True)
        return _put(clause, f"{clause.focus} of {named}", named) if _is_plural(named) else clause
    if first in _PRONOUNS - {"everything"} and _stands_alone([word.lower for word in words]):
        named = _find_named(clauses[:at], plural=first in _PLURAL)
        end = words[1].end if len(words) > 1 and words[1].lower in ("all", "one") else words[0].end
        return _put(clause, named + clause.focus[end:].removeprefix(" of them"), named) if named else clause
    return _resolve_owner(clause, clauses[:at])


def _resolve_owner(clause: Clause, before: Sequence[Clause]) -> Clause:
    """Say whose "its cost" is, and what a clause without an object ("test after each step") is about."""
    words = split_words(clause.focus)
    first = words[0].lower
    if first in ("its", "their") and len(words) < _FEW_WORDS:
        owner = _find_named(before, plural=first == "their")
        return replace(clause, focus=f"the{clause.focus[words[0].end :]} of {owner}") if owner else clause
    if first in PREPOSITIONS - _PART_OF_NOUN or (len(words) == 1 and first in _ADVERBS):
        return replace(clause, focus=_find_named(before, plural=False) or clause.focus)
    return clause


_ADVERBS = frozenset("daily weekly monthly again afterwards together carefully thoroughly regularly online".split())
_PART_OF_NOUN = frozenset({"like", "around", "over", "between", "about", "at", "as", "under", "per"})
"""Prepositions that may stand in front of a number ("over 20 shops")."""


def _put(clause: Clause, focus: str, named: str) -> Clause:
    """Return the clause with another focus, in which ``named`` comes from a clause before."""
    return replace(_reword(clause, focus, clause.text.replace(clause.focus, focus)), borrowed=named)


def _stands_alone(words: Sequence[str]) -> bool:
    """True for a pronoun in place of a noun, False for one in front of it ("each chapter")."""
    if len(words) == 1 or words[0] in ("it", "them"):
        return True
    if words[0] == "that":
        return False
    if words[0] == "those":
        return words[1] in _ALONE or words[1] in ("that", "who", "which") or words[1].endswith(("ed", "ing"))
    return words[1] in _ALONE or words[:2] == ["each", "one"]


def _told_before(clauses: Sequence[Clause]) -> str:
    """Return what a statement says happened ("our app drains the battery")."""
    for clause in reversed(clauses[-_CLAUSES_BACK:]):
        if not clause.request and not clause.demand:
            _, that, said = clause.text.partition(" that ")
            return said if that else ""
    return ""


def _find_counted(clauses: Sequence[Clause]) -> str:
    """Return the last thing that is named with its number: what "the best one" is chosen from."""
    for clause in reversed(clauses):
        named = _HEAD.split(clause.focus)[0].strip()
        if not clause.request or not named or " of " in named:
            continue
        if named[:1].isdigit() or named.split()[0].lower() in _NUMBERS:
            return _definite(named)
    return ""


def _find_named(clauses: Sequence[Clause], *, plural: bool) -> str:
    """Return what a pronoun stands for: the last thing named before it that agrees with it, else the last thing."""
    last = ""
    for clause in reversed(clauses[-_CLAUSES_BACK:]):
        asked = _QUESTION_HEAD.match(clause.focus)
        if asked:
            named = f"the {asked['noun']}"
        elif _QUESTION.match(clause.focus) or (not clause.action and not clause.request):
            continue
        else:
            named = _definite(_HEAD.split(clause.focus)[0].strip())
        for one in (named, *_complements(clause.focus)):
            if one and (_is_plural(one) == plural or (one.split()[-1].lower() in _COLLECTIVES and not plural)):
                return one
        last = last or named
    if last:
        return last
    told = [clause.text for clause in reversed(clauses[-_CLAUSES_BACK:]) if not clause.request]
    counted = (_COUNTED.search(text) for text in told if plural)
    owned = (_OWNED.search(text) for text in told)
    return next((f"the {found['what']}" for found in counted if found), "") or next(
        (lower_first(found.group()) for found in owned if found), ""
    )


def _complements(focus: str) -> list[str]:
    """Return what stands behind the head of a phrase: "our licences" in "an inventory of our licences"."""
    parts = re.split(r"\s(?:of|from)\s", focus)[1:]
    return [_HEAD.split(part)[0].strip() for part in parts if part.split()[0].lower() in DETERMINERS]


_OWNED = re.compile(r"\b(?:our|my)\s+[\w'’-]+", re.I)
_COUNTED = re.compile(
    r"\b(?:\d[\d,.]*k?|many|several|hundreds of|thousands of|dozens of)\s+(?P<what>(?:(?!a\b|per\b)[a-z][\w'’-]*\s+)?[a-z][\w'’-]*(?<!s)s)\b",
    re.I,
)
"""Things that a statement counts: "them" are the reviews where "our hotel gets 200 reviews a month"."""


def _definite(phrase: str) -> str:
    """Turn "a brief" into "the brief": it was named before."""
    first, _, rest = phrase.partition(" ")
    if first.lower() in ("a", "an") and rest:
        return f"the {rest}"
    if first.lower() in ("every", "each") and rest:
        return f"the {rest}" if rest.endswith("s") else f"the {rest}s"
    bare = (first.islower() and first not in DETERMINERS) or (first.lower() in _NUMBERS)
    return f"the {phrase}" if bare and phrase else phrase


def _is_plural(phrase: str) -> bool:
    if " and " in phrase:
        return True
    words = [word.lower for word in split_words(phrase.split(" of ")[0])]
    if not words:
        return False
    return (words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is"))) or words[-1] in _COLLECTIVES


def _reword(clause: Clause, focus: str, text: str) -> Clause:
    return replace(clause, focus=focus, text=text, words=tuple(split_words(text)))


def _as_told(clause: Clause) -> Clause:
    """Take "take this contract" for what is given, not for something to do."""
    given = clause.action == "take" and clause.focus.lower().startswith(
        ("this ", "these ", "the ", "our ", "my ", "an ", "a ")
    )
    return replace(clause, request=False) if given else clause


def _says_something(clause: Clause) -> bool:
    """False for a clause of asking words only ("tell us")."""
    return any(word.lower not in _ASKING for word in clause.words)


_ASKING = frozenset(
    "tell show let give me us know please it that this what you think thanks thank help get started start need "
    "no yes ok needed needs wanted task tasks goal goals objective todo to do".split()
)
