"""Cuts an objective into sentences: without tags, bullets and limits, with what stands in front of a colon marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"<(script|style)\b[^<>]{0,300}>.*?</\1\s*>|<[^<>]{0,300}>", re.I | re.S)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*|:\s+|\s+[–—]\s+")
_HEADING = re.compile(r"(?P<heading>[^.!?:\n]{1,200}):\s+\S")
_BULLET = re.compile(r"^[^\S\n]*(?:[-*•‣]|\(?\d{1,2}[.)]|[a-z][.)])[^\S\n]+", re.M)
_INLINE_NUMBER = re.compile(r"(?<=\S)\s+\d{1,2}[.)]\s+(?=[A-Za-z])")
_ABBREVIATION = re.compile(
    r"\b(e\.g|i\.e|vs|approx|incl|excl|resp|max|min|dr|mr|mrs|ms|prof|st|etc(?=\.\s+[a-z])|no(?=\.\s+\d))\.(?=\s)", re.I
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINE_END = re.compile(r"\s*\n\s*")
_LONG = re.compile(r"\S.{0,599}(?!\S)|\S.{0,599}", re.S)
"""A sentence of more than 600 characters, a hundred words, is no sentence any more: it is read in pieces."""

_LIMIT = re.compile(
    r"[,;]?\s+(?:(?:and|for|with|in|using)\s+)?"
    r"(?:under|below|less than|at most|no more than|not more than|max(?:imum)?(?: of)?|up to)\s+"
    r"(?:(?:US)?\$\s?\d{1,2}(?:\.\d+)?(?![\d,.]|\s?(?:k|m|thousand|million|per|a)\b)"
    r"|\d{1,2}(?:\.\d+)?\s?(?:usd|dollars?)\b"
    r"|(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:ai\s+)?agents?\b)"
    r"|[,;]?\s+(?:and\s+|with\s+)?(?:no|without(?: any)?)\s+(?:web|internet|online|network)"
    r"(?:\s+(?:access|search(?:es)?|browsing|use))?\b"
    r"|[,;]?\s+offline only\b",
    re.I,
)
"""A limit within a clause ("under $2, at most 3 agents, no web access"): ``constraints`` reads it."""

_LABEL = re.compile(
    r"^(?P<label>goal|objective|task|aim|mission|output|outputs|deliverable|deliverables|result|expected output|request|"
    r"topic|subject|theme|title|about|context|background|situation|note|notes|inputs?)\s*$",
    re.I,
)
_DEALS_WITH = re.compile(
    r"^(?:it|they|the (?:[\w-]+\s+)?[\w-]+|this|my topic|the topic|the subject)\s+(?:should\s+|must\s+|will\s+)?"
    r"(?:deals? with|is about|be about|are about|concerns?|is on)\s+(?P<topic>\S.+)$",
    re.I,
)
"""A sentence that says what the result is about."""

_NAMES_TOPIC = frozenset({"topic", "subject", "theme", "about", "title"})
_TELLS = frozenset({"context", "background", "situation", "note", "notes", "input", "inputs"})


@dataclass(frozen=True)
class Sentence:
    """A sentence of an objective, or a line or item of it."""

    text: str
    """Without what ends it."""
    question: bool = False
    heading: bool = False
    """True in front of a colon."""
    topic: bool = False
    """True when a label says that it names the topic ("Topic: bike trailers")."""
    owner: bool = False
    """True when it names who wants it all, and nothing else."""
    told: bool = False
    """True when a label says that it only tells about the situation ("Background: …")."""


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of an objective in order."""
    # blanks first: to look for limits in a long run of them takes time that grows with its square
    short = _LINE_END.sub("\n", _BLANKS.sub(" ", _TAG.sub(" ", text)))
    plain = _BULLET.sub("", _LIMIT.sub("", short))
    plain = _ABBREVIATION.sub(r"\1", plain)
    headings = {match.group("heading").strip() for match in _HEADING.finditer(plain)}
    if re.match(r"\s*\(?1[.)]\s", text):
        plain = _INLINE_NUMBER.sub("\n", plain)
    label = ""
    for piece in (piece for long in _SENTENCE_END.split(plain) for piece in _LONG.findall(long)):
        bare = piece.strip(" \t.,;:!-–—\"'")
        heading = any(one.endswith(bare) for one in headings)
        if heading and _LABEL.match(bare):
            label = bare.lower()
            continue
        about = _DEALS_WITH.match(bare)
        if about:
            yield Sentence(about["topic"], topic=True)
            continue
        yield Sentence(
            bare,
            question=piece.rstrip().endswith("?"),
            heading=heading,
            topic=label in _NAMES_TOPIC,
            told=label in _TELLS,
        )
        label = ""
