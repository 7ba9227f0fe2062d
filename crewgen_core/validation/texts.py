"""Looks into the words of a crew: stems, verbs, likeness, and signs of a measurable result."""

import re
from functools import lru_cache

from crewgen_core.catalog.words import stem

_WORD = re.compile(r"[^\W_]+")

_EMPTY_WORDS = frozenset({
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does", "each", "every",
    "for", "from", "given", "has", "have", "if", "in", "into", "is", "it", "its", "may", "more", "most", "must",
    "no", "not", "of", "on", "one", "only", "or", "other", "our", "out", "over", "so", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "under", "up",
    "upon", "was", "were", "what", "when", "where", "which", "who", "why", "will", "with", "within", "without",
    "would", "you", "your", "about", "all", "also", "per", "using", "use", "used", "via",
})  # fmt: skip
"""Words that carry no subject."""

_MEASURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|a dozen|each|every|all|at least|at most|no more than|"
    r"exactly|none|list|lists|table|tables|json|csv|ya?ml|xml|html|markdown|pdf|docx|xlsx|pptx|latex|sql|bullet\w*|"
    r"section\w*|heading\w*|column\w*|row|rows|field\w*|word|words|page|pages|paragraph\w*|sentence\w*|slide\w*|chart\w*|"
    r"file|files|score\w*|rating\w*|ranking\w*|ranked|percent\w*|checklist\w*|citation\w*|cited|sources?|url\w*|links?|"
    r"date\w*|deadline\w*|yes or no|pass or fail|schedule|calendar|code|script|tests?|e-?mails?|diagram\w*|matrix|"
    r"summary|report|brief|memo|outline|plan|draft|translation|essay|article|post|story|poem|letter|spreadsheet|deck)\b",
    re.IGNORECASE,
)
"""A number, a quantity, a form or a part that somebody else can look for in a result."""

_CLAUSE_START = re.compile(r"(?:^|[,;:&]|\band\b|\bthen\b|\bor\b)\s*(?:then\s+|and\s+|or\s+)?([A-Za-z]+)")

_SENIORITY = frozenset(
    {"senior", "junior", "lead", "chief", "expert", "principal", "sr", "jr", "head", "the", "of", "and"}
)


@lru_cache(maxsize=20_000)
def list_words(text: str) -> tuple[str, ...]:
    """Return the lower-case words of a text, in order."""
    return tuple(_WORD.findall(text.lower()))


@lru_cache(maxsize=20_000)
def find_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that carry a subject; empty for a text without any."""
    return frozenset(stem(word) for word in list_words(text) if word not in _EMPTY_WORDS)


@lru_cache(maxsize=5_000)
def normalize_role(role: str) -> frozenset[str]:
    """Return the stems of a role without marks of rank ("Senior Data Analyst" and "Data Analysts" are the same)."""
    return frozenset(stem(word) for word in list_words(role) if word not in _SENIORITY) or frozenset(list_words(role))


def flatten_role(role: str) -> str:
    """Return a role as CrewAI compares roles: lower case, runs of white space as one blank."""
    return " ".join(role.split()).casefold()


def list_leading_words(text: str) -> tuple[str, ...]:
    """Return the words that start a clause: where a text gives commands, its verbs."""
    return tuple(word.lower() for word in _CLAUSE_START.findall(text))


def names_measure(text: str) -> bool:
    """Say whether a result described like this can be checked: it has a number, a form or a part to look for."""
    return _MEASURE.search(text) is not None


def measure_overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of common members among all of both, 0 to 1 (Jaccard index); 0 when both are empty."""
    return len(first & second) / len(first | second) if first or second else 0.0


def shorten(text: str, most: int = 60) -> str:
    """Return the text in one line of at most ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def join_names(names: list[str], most: int = 5) -> str:
    """Return quoted names as an enumeration, at most ``most`` of them by name."""
    quoted = [f'"{shorten(name, 40)}"' for name in names]
    if len(quoted) > most:
        return ", ".join(quoted[:most]) + f" and {len(quoted) - most} more"
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
