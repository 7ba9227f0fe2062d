"""Cuts noun phrases out of a clause, so that a crew can speak in the objective's own words."""

import re
from collections.abc import Sequence

from crewgen_core.catalog.words import Word

_BOUNDARY = frozenset(
    "a an the this that these those and or but for to from in into on onto of with without by at as about per via using given "
    "than then so which who whom whose what whether if why how when where is are was were be been will would can could should must "
    "plus & through over under between among against during after before within has have had do does did i we you they he she it me us them my our your their its his her one's "
    "write draft create prepare produce make build design develop generate deliver compile compose plan send give get add".split()
)
"""Words at which a noun phrase to the left ends."""

_KEEPS = frozenset({"of"})

_TRAILING = re.compile(
    r"(?:,?\s+(?:under|below|for less than|for at most|within|in under|in less than|up to)\s+"
    r"(?=\D{0,4}\d|an?\s|one\b|two\b|three\b|budget|the next)(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:by|before|until)\s+(?=(?:the )?(?:end|next|this|mid|early|late|mon|tue|wed|thu|fri|sat|sun|tomorrow|tonight|noon|"
    r"\d(?![\d.,]*\s?(?:%|per ?cent|points?\b))|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|q[1-4]|christmas|easter))(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:with an? )?budget\s+(?:of\s+)?(?!for\b)(?=\D{0,5}\d)(?:[^,]|,(?=\d))*"
    r"|,?\s+(?:and\s+)?(?:my|our|the|with an?)\s+budget\b.*"
    r"|,\s*(?:in )?(?:an? )?[\w-]+(?:,? (?:and|but) (?:not )?[\w-]+)? (?:tone|voice|style)"
    r"|,?\s+(?:as|in)\s+(?:an?\s+)?(?:pdf|word|excel|markdown|html|csv|json|powerpoint)(?:\s+(?:file|document|format))?"
    r"|,\s*(?:about |max(?:imum)?(?: of)? |at most |no more than |up to )?(?:\d[\d,]*|one|two|three|four|five|six|eight|ten)"
    r"\s+(?:pages?|words?|slides?|minutes?|paragraphs?)(?:\s+(?:max(?:imum)?|long|at most))?"
    r"|,?\s+by\s+\d[\d.,]*\s?(?:%|per ?cent)"
    r"|,\s*[\w-]+ but (?:not )?[\w-]+|\s+(?:in|by) half|,?\s+(?:please|asap|as soon as possible|thanks|thank you)|\s+each|\s+before\s+(?:i|we)\s.*)$",
    re.I,
)
_FOR_READERS = re.compile(r"\s+(?:for|to|aimed at)\s+(?:the|our|a|an|my)?\s*$", re.I)


def noun_phrase(clause: str, words: Sequence[Word], first: Word, last: Word, begin: int = 0, longest: int = 5) -> str:
    """Return the noun phrase that ends in ``last``: its adjectives and numbers to the left, at most ``longest`` words.

    ``begin`` is the index of the first word that may belong to it (1 behind a leading verb).

    "write a two-page brief" with "brief" gives "two-page brief".
    """
    at = words.index(first)
    while first.lower not in _BOUNDARY and at > begin and words.index(last) - at < longest - 1:
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


_ADJUNCT = re.compile(
    r",?\s+(?:against|according to|so that|in order to|until|unless|when|whenever|while|because|based on|backed by|ranked by|sorted by|"
    r"ordered by|grouped by|written by|following|considering|keeping|citing|showing|ending|including|incl|covering|mentioning|respecting|"
    r"highlighting|focusing on|taking (?:.+ )?into account|taking|step by step|one by one|accordingly|if (?:needed|possible|necessary)|"
    r"in (?:my|our|your) (?:usual|own|house|brand)|with (?:an? |the |clear |short |our )?(?:justification|reasons?|explanations?|sources?|quotes?|"
    r"costs?|references?|examples?|comments?|ours|theirs|mine|evidence|deadlines?)|for (?:each|every|any)|"
    r"for (?:mistakes|errors|problems|issues|risks|anomalies|bias|gaps|inconsistencies|fit|plagiarism|duplicates|accuracy|compliance|"
    r"consistency|completeness|relevance|style|spelling|grammar|quality|approval|review|publication)|"
    r"before (?:we|you|they|it|the)|after (?:we|you|they|it|each)|once|where (?:one|needed|possible|there)|as (?:a|an|one)|every (?:day|week|month|"
    r"morning|monday|friday|quarter|year)|each (?:day|week|month|morning|quarter)|(?:twice|once) an? \w+)\b.*$",
    re.I | re.S,
)
"""From here on a phrase says how, how often or by what measure, not what it is about."""

_BY_MEASURE = re.compile(r"\s+by\s+(?!(?:the|a|an|our|my)\b)[a-z]+(?:(?:,\s*|\s+and\s+|,\s*and\s+)[a-z ]+)*$")
_RELATIVE_TAIL = re.compile(r",?\s+(?:that|which|who|whose)\s.*$", re.I | re.S)
_APART = re.compile(
    r",\s+(?=(?:\d[\d,.]*|an?|the|not|but|or|with|from|in|at|to|each|one|vegetarian|level|[a-z]+ing|[a-z]+ed)\b).*$",
    re.S,
)


_ADDED_THING = re.compile(r",\s+(?:plus|as well as|and)\s.*$|,\s+(?=(?:an?|three|two)\s).*$|\s+plus\s.*$", re.S | re.I)
_FROM = re.compile(r"\s+from\s+(?=[a-z]).*$", re.S)


_FOLLOWING = re.compile(
    r"(?<!\bof)\s+(?:following|using|based on|according to|in line with)\s+(?:our|the|my|this|a)\s+(?:[\w-]+\s+){1,3}?(?=for\b|about\b|on\b)",
    re.I,
)
_COPIES = re.compile(
    r"^(?:(?:the|two|three|four|five|six|several|\d+)\s+)?(?:different\s+)?(?:versions?|variants?|drafts?|copies|kinds|types|examples?) of\s+"
    r"|^(?:improvements?|changes?|answers?|replies|reply|solutions?) to\s+(?=the|our|my|this|these)",
    re.I,
)
_ALSO_ASKED = re.compile(
    r",?\s+and\s+(?=(?:how|why|what|which|where|whether|who)\b).*$|\s+for (?:me|us)$|\s+into\s.*$", re.S | re.I
)


def core_of(phrase: str) -> str:
    """Return what a phrase is about: of "every applicant against the criteria in our policy", "every applicant"."""
    core = _COPIES.sub("", _FOLLOWING.sub(" ", phrase))
    core = _BY_MEASURE.sub("", _ADJUNCT.sub("", f" {core}")).strip(" ,;")
    tails = ((_RELATIVE_TAIL, 3), (_ADDED_THING, 1), (_APART, 2), (_ALSO_ASKED, 2), (_FROM, 2))
    for tail, fewest in tails:
        shorter = tail.sub("", core)
        kept = shorter.split()
        if len(kept) >= fewest and kept[-1].lower() not in _PREPOSITIONS:
            core = shorter
    return core if len(core) > 2 else phrase


_HEAD_END = re.compile(
    r",|;|\s(?:and|or|for|to|from|into|with|that|which|who|where|when|by|against|in|on|at|as|about|until|after|before|without|using|of|"
    r"within|over|per|covering|explaining|ready|so|based|following|taking|including|incl|ranked|backed|followed)(?=\s|$)"
)
_SET_OF = re.compile(r"^(?:an?|the|our|one)\s+(?:\w+\s+)?(?:series|set|list|collection|pack|batch|bunch) of\s+", re.I)


def head_of(phrase: str) -> str:
    """Return the noun that a phrase is built on, with what describes it in front: "decision paper"."""
    return re.sub(
        r"^(?:an?|the|our|my|its|their|your|one|another)\s+",
        "",
        _HEAD_END.split(_SET_OF.sub("", phrase))[0].strip(),
        flags=re.I,
    )


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
