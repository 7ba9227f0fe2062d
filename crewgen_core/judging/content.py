"""What else can be seen without understanding: the language, named sections, links."""

import re
from collections.abc import Iterator, Mapping

from crewgen_core.analysis.tongue import detect_tongue
from crewgen_core.judging.result import Result
from crewgen_core.models.outcome import Check

Stopwords = Mapping[str, tuple[str, ...]]
"""Frequent short words of languages, by the English name of the language."""

FEWEST_WORDS = 25
"""Words from which a language is found out reliably enough."""

FEWEST_ENGLISH = 0.1
"""Share of the words that are frequent short ones in a text that is surely English; usual are three of ten."""

_SCRIPTS = frozenset("Chinese Japanese Korean Russian Arabic Hebrew Greek Hindi Thai Bengali Tamil".split())
"""Languages that are known by their letters."""


def check_content(expected: str, result: Result, stopwords: Stopwords) -> Iterator[Check]:
    """Yield a check for the language, the named sections and the links that an expectation asks for."""
    yield from _check_language(expected, result, stopwords)
    yield from _check_sections(expected, result)
    if match := _LINK.search(expected):
        there = len(result.links)
        found = f"there {'is' if there == 1 else 'are'} {there}" if there else "there is none"
        state = "met" if there else "not met"
        yield Check(state=state, sentence=f"Links were asked for, and {found}.", quote=match[0])
    elif match := _SOURCE.search(expected):
        named = bool(result.links) or bool(_CITED.search(result.text))
        found = "some are named" if named else "none can be recognised"
        yield Check(
            state="met" if named else "cannot tell", sentence=f"Sources were asked for; {found}.", quote=match[0]
        )


def _check_language(expected: str, result: Result, stopwords: Stopwords) -> Iterator[Check]:
    known = {*stopwords, *_SCRIPTS}
    match = _LANGUAGE.search(expected)
    if match is None:
        return
    wanted = [name for name in re.findall(r"[A-Z][a-z]+", match["names"]) if name in known]
    if not wanted or (result.words < FEWEST_WORDS and not set(wanted) & _SCRIPTS):
        return
    spoken = detect_tongue(result.text, stopwords)
    asked = " and ".join(wanted)
    if spoken in wanted:
        yield Check(state="met", sentence=f"{asked} was asked for, and the result is in {spoken}.", quote=match[0])
    elif spoken == "English" and not _is_english(result, stopwords):  # what is no other language counts as English
        yield Check(
            state="cannot tell", sentence=f"{asked} was asked for; the language cannot be told.", quote=match[0]
        )
    else:
        told = f"{asked} was asked for, and the result seems to be in {spoken}."
        yield Check(state="not met", sentence=told, quote=match[0])


def _is_english(result: Result, stopwords: Stopwords) -> bool:
    words = result.text[:4_000].lower().split()
    return sum(word in stopwords.get("English", ()) for word in words) > len(words) * FEWEST_ENGLISH


def _check_sections(expected: str, result: Result) -> Iterator[Check]:
    match = _SECTIONS.search(expected)
    if match is None:
        return
    names = [_ARTICLE.sub("", name).strip(" \"'“”‘’") for name in _ENDS.split(match["names"])]
    names = [name for name in names if 0 < len(name) <= 60][:20]
    heads = [text.casefold() for _, text in result.headings]
    openings = [line.strip(" #*_-•0123456789.)").casefold() for line in result.lines if line.strip()]
    for name in names:
        wanted = name.casefold()
        if any(wanted in head for head in heads) or any(line.startswith(wanted) for line in openings):
            yield Check(state="met", sentence=f"A section “{name}” was asked for, and it is there.", quote=match[0])
        elif wanted in result.text.casefold():
            told = f"A section “{name}” was asked for; the words are there, but not as a heading."
            yield Check(state="cannot tell", sentence=told, quote=match[0])
        else:
            yield Check(
                state="not met", sentence=f"A section “{name}” was asked for, and it is missing.", quote=match[0]
            )


_LANGUAGE = re.compile(
    r"\b(?:[Ww]ritten in|[Tt]ranslated into|[Aa]nswer in|[Tt]he language is|[Ii]n|[Ii]nto) "
    r"(?P<names>[A-Z][a-z]+(?:(?:, | and |, and )[A-Z][a-z]+)*)\b"
)
_SECTIONS = re.compile(
    r"\b(?:sections|headings|chapters)(?: (?:named|called|titled))?(?::| on| for)? ?"
    r"(?P<names>[\"“‘]?[A-Z][^.;:()\n]{2,300})"
)
_ENDS = re.compile(r",? and |, |\n")
_ARTICLE = re.compile(r"^(?:and|an?|the) ", re.I)
_LINK = re.compile(r"\b(?:links?|linked|URLs?|web address(?:es)?)\b")
_SOURCE = re.compile(r"(?<!or )\b(?:sources|citations|cited|references|with source|has a source|named source)\b", re.I)
_CITED = re.compile(r"\[\d{1,3}\]|\bsources?\b\s*[:(]|\((?:[^()]{0,80},\s?)?(?:19|20)\d\d\)|\bet al\.|\bdoi\b", re.I)
