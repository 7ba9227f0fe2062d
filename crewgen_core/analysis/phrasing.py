"""Cuts noun phrases out of a clause, so that a crew can speak in the objective's own words."""

import re
from collections.abc import Sequence

from crewgen_core.catalog.words import Word

_BOUNDARY = frozenset(
    "a an the this that these those and or but for to from in into on onto of with without by at as about per via using given "
    "than then so which who whom whose what whether if why how when where is are was were be been will would can could should must "
    "has have had do does did i we you they he she it me us them my our your their its his her one's "
    "write draft create prepare produce make build design develop generate deliver compile compose plan send give get add".split()
)
"""Words at which a noun phrase to the left ends."""

_KEEPS = frozenset({"of"})

_TRAILING = re.compile(
    r"(?:,?\s+(?:under|below|for less than|for at most|within|in under|in less than|up to)\s+"
    r"(?=\D{0,4}\d|an?\s|one\b|two\b|three\b|budget|the next)(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:by|before|until)\s+(?=(?:the )?(?:end|next|this|mid|early|late|mon|tue|wed|thu|fri|sat|sun|tomorrow|tonight|noon|"
    r"\d|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|q[1-4]|christmas|easter))(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:with an? )?budget\s+(?:of\s+)?(?=\D{0,5}\d)(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:and\s+)?(?:my|our|the|with an?)\s+budget\b.*"
    r"|,\s*(?:in )?(?:an? )?[\w-]+(?:,? (?:and|but) (?:not )?[\w-]+)? (?:tone|voice|style)"
    r"|,?\s+(?:as|in)\s+(?:an?\s+)?(?:pdf|word|excel|markdown|html|csv|json|powerpoint)(?:\s+(?:file|document|format))?"
    r"|,\s*(?:about |max(?:imum)?(?: of)? |at most |no more than |up to )?(?:\d[\d,]*|one|two|three|four|five|six|eight|ten)"
    r"\s+(?:pages?|words?|slides?|minutes?|paragraphs?)(?:\s+(?:max(?:imum)?|long|at most))?"
    r"|,\s*[\w-]+ but (?:not )?[\w-]+|\s+(?:in|by) half|,?\s+(?:please|asap|as soon as possible|thanks|thank you)|\s+each)$",
    re.I,
)
_FOR_READERS = re.compile(r"\s+(?:for|to|aimed at)\s+(?:the|our|a|an|my)?\s*$", re.I)


def noun_phrase(clause: str, words: Sequence[Word], first: Word, last: Word, begin: int = 0, longest: int = 5) -> str:
    """Return the noun phrase that ends in ``last``: its adjectives and numbers to the left, at most ``longest`` words.

    ``begin`` is the index of the first word that may belong to it (1 behind a leading verb).

    "write a two-page brief" with "brief" gives "two-page brief".
    """
    at = words.index(first)
    while at > begin and words.index(last) - at < longest - 1:
        before = words[at - 1]
        gap = clause[before.end : words[at].start]
        if before.lower in _BOUNDARY or any(mark in gap for mark in ",;:.()\"'"):
            break
        at -= 1
    return clause[words[at].start : last.end].strip()


def shorten(phrase: str, longest: int) -> str:
    """Return the phrase with at most ``longest`` words, cut at a joint (comma, "and", "that") where one is near."""
    words = phrase.split()
    if len(words) <= longest:
        return phrase.strip(" ,;:.")
    for cut in range(longest, max(2, longest // 2), -1):
        if words[cut].lower() in _JOINTS or words[cut - 1].endswith((",", ";")):
            return " ".join(words[:cut]).rstrip(" ,;:.")
    for cut in range(longest, max(3, longest // 2), -1):
        if words[cut].lower() in _PREPOSITIONS:
            return " ".join(words[:cut]).rstrip(" ,;:.")
    cut = longest
    while cut > 2 and words[cut - 1].lower().strip(",;:.") in _BOUNDARY | _KEEPS:
        cut -= 1
    return " ".join(words[:cut]).rstrip(" ,;:.")


_PREPOSITIONS = frozenset(
    "for of to in on by with at about against over under per across between during after before within without via into "
    "than as around near since until through".split()
)
_JOINTS = frozenset(
    {"and", "or", "that", "which", "who", "so", "with", "including", "then", "but", "while", "using", "from"}
)


def drop_limits(phrase: str) -> str:
    """Drop limits at the end ("under $5", "by Friday"): they are constraints, not what the work is about."""
    while True:
        shorter = _TRAILING.sub("", phrase)
        if shorter == phrase or len(shorter.split()) < 1:
            return phrase
        phrase = shorter


_QUESTION = re.compile(r"^(?:why|how|what|which|whether|where|when|who)\b\s*", re.I)
_STATED = re.compile(r"\s+\w+(?:s|ed)\s+(?:with|to|in|on|for|against|from)\s.*$", re.I)
_HAPPENED = re.compile(
    r"\s+(?:rose|fell|dropped|increased|decreased|declined|grew|changed|slowed|(?:has|have|had|is|are|was|were)(?:\s+been|\s+so|\s+too)?\s+(?:rising|falling|growing|declining|"
    r"risen|fallen|grown|dropped|declined|increased|decreased|changed)|"
    r"rises|falls|drops|grows|declines|increases|decreases|changes)(?:\s+(?:been|so|too|be|rising|falling|growing|declining))*\b",
    re.I,
)


def name_question(phrase: str) -> str:
    """Turn a question into a noun phrase: "why churn rose in Q3" into "churn in Q3".

    A question that does not fit this form is quoted, so that it can stand where a noun stands.
    """
    asked = _QUESTION.match(phrase)
    if not asked:
        return phrase
    rest = phrase[asked.end() :]
    wish = _WISHED.match(rest)
    if wish:
        return wish.group("what") or wish.group("who")
    if rest.lower().startswith("to ") and asked.group().strip().lower() == "whether":
        return f"the decision {rest}"
    if asked.group().strip().lower() == "whether":
        rest = _STATED.sub("", rest, count=1)
    named = re.sub(r"\s+from \d.*$", "", _HAPPENED.sub("", rest, count=1)).strip()
    if named == rest:
        named = _JUDGED.sub("", rest, count=1).strip()
    if named != rest and named:
        return named
    return f'the question "{shorten(phrase, _LONGEST_QUESTION)}"'


_JUDGED = re.compile(r"\s+(?:is|are|was|were|has|have|had|should|will|can|would|could)\s.*$", re.I)
"""From its auxiliary verb on a question says what is asked of the thing it names."""

_WISHED = re.compile(
    r"^(?:can|could|should|do|would|might)\s+(?:(?:we|i|you|one|they)\s+[a-z]+\s+(?P<what>.{4,})|(?P<who>.{3,60}?)\s+do\s+to\b.*)$",
    re.I,
)
"""A question about one's own doing: "how can we cut response time", "what should our museum do to ..."."""

_LONGEST_QUESTION = 9


def drop_from(phrase: str, prepositions: str, named: str) -> str:
    """Drop "for the board" or "from our exports" from a phrase, where another sentence says it already."""
    if not named:
        return phrase
    return re.sub(
        rf",?\s+(?:{prepositions})\s+(?:(?:the|our|a|an|my|these|this)\s+)?{re.escape(named)}\b", "", phrase, flags=re.I
    )


def lower_first(phrase: str) -> str:
    """Lower the first letter of an ordinary word; names and abbreviations stay."""
    head = phrase.split(maxsplit=1)[0] if phrase.split() else ""
    return phrase[:1].lower() + phrase[1:] if head[1:].islower() or (len(head) == 1 and head != "I") else phrase


def upper_first(phrase: str) -> str:
    """Raise the first letter, leaving the rest as written."""
    return phrase[:1].upper() + phrase[1:]
