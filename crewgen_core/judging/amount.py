"""How much was asked for: numbers of things, and lengths in words and pages."""

import re
from collections.abc import Iterator

from crewgen_core.judging.result import Result
from crewgen_core.models.outcome import Check

TOLERANCE = 0.1
"""Share by which a length may miss a range, an upper or a lower limit."""

ABOUT = 0.2
"""Share by which it may miss one number [assumption]: people who ask for 500 words accept 420."""

WORDS_A_PAGE = (225, 650)
"""Words of a page: with double spacing and a table, or set closely [assumption]."""

NEARLY_NO = (0.6, 1.6)
"""Factors on the words of pages beyond which a length is surely missed; between them it cannot be told."""

NUMBERS = "a one two three four five six seven eight nine ten eleven twelve".split()

Range = tuple[float, float]
"""The least and the most that is meant."""


def check_amounts(expected: str, result: Result) -> Iterator[Check]:
    """Yield a check for each number of things, and each length of the whole, that an expectation names."""
    asked, _, _ = expected.partition("Accepted when:")
    seen = set[str]()
    for match in _LENGTH.finditer(expected):
        said = _read_range(match)
        if said and not _of_a_part(expected, match) and match["unit"].lower()[:4] not in seen:
            seen.add(match["unit"].lower()[:4])
            check = _check_words if match["unit"].lower().startswith("word") else _check_pages
            yield check(match, said, result)
    for match in _THINGS.finditer(asked):
        said = _read_range(match)
        if said and match["things"].lower() not in seen:
            seen.add(match["things"].lower())
            yield _check_number(match, said, result)


def _check_number(match: re.Match[str], said: Range, result: Result) -> Check:
    """Compare a number with the lists, tables and headings there are: any of them may be what was meant."""
    low, high = said
    groups, things = result.groups, match["things"].lower()
    quote = match[0].strip()
    if not groups:
        told = f"{quote} were asked for; the result has no list or table in which they could be counted."
        return Check(state="cannot tell", sentence=_upper(told), quote=quote)
    fitting = [count for count in groups if low <= count <= high]
    if fitting:
        told = f"{quote} were asked for, and a list, table or set of headings has {fitting[0]}."
        return Check(state="met", sentence=_upper(told), quote=quote)
    if sum(groups) < low or (len(groups) == 1 and groups[0] > high):
        told = f"{quote} were asked for, and {max(groups)} {things} can be counted at most."
        return Check(state="not met", sentence=_upper(told), quote=quote)
    told = f"{quote} were asked for; lists and tables have {', '.join(map(str, groups[:8]))}."
    return Check(state="cannot tell", sentence=_upper(told), quote=quote)


def _check_words(match: re.Match[str], said: Range, result: Result) -> Check:
    low, high = said
    share = TOLERANCE if low != high else ABOUT
    met = low * (1 - share) <= result.words <= high * (1 + share)
    told = f"{match[0].strip()} were asked for, and the result has {result.words:,}."
    return Check(state="met" if met else "not met", sentence=_upper(told), quote=match[0].strip())


def _check_pages(match: re.Match[str], said: Range, result: Result) -> Check:
    low, high = said[0] * WORDS_A_PAGE[0], said[1] * WORDS_A_PAGE[1]
    told = f"{match[0].strip()} were asked for: {low:,.0f} to {high:,.0f} words; the result has {result.words:,}."
    if low * (1 - TOLERANCE) <= result.words <= high * (1 + TOLERANCE):
        state = "met"
    elif low * NEARLY_NO[0] <= result.words <= high * NEARLY_NO[1]:
        state = "cannot tell"
    else:
        state = "not met"
    return Check(state=state, sentence=_upper(told), quote=match[0].strip())


def _read_range(match: re.Match[str]) -> Range | None:
    """Return the least and the most that is meant; None where it is no number."""
    first, second = _read_number(match["first"]), _read_number(match["second"] or "")
    if first is None or (second is not None and second < first):
        return None
    if second is not None:
        return first, second
    limit = (match["limit"] or "").lower().strip()
    if limit in _AT_MOST or (match["after"] or "").lower().strip() in _AT_MOST:
        return 0, first
    if limit in _AT_LEAST or (match["after"] or "").lower().strip() in _AT_LEAST:
        return first, float("inf")
    return first, first


def _read_number(text: str) -> float | None:
    word = text.strip().lower()
    if word in NUMBERS:
        return max(1, NUMBERS.index(word))
    digits = word.replace(",", "")
    return float(digits) if digits.isascii() and digits.isdigit() else None


def _of_a_part(expected: str, match: re.Match[str]) -> bool:
    """Tell whether a length is that of each of several parts, not of the whole."""
    after = expected[match.end() : match.end() + 12].lower()
    before = expected[max(0, match.start() - 200) : match.start()].lower()
    return bool(_EACH.match(after)) or bool(_PART.search(before))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


_AT_MOST = frozenset(
    ("at most", "up to", "under", "no more than", "maximum", "max", "below", "within", "or fewer", "or less", "maximal")
)
_AT_LEAST = frozenset(("at least", "no fewer than", "no less than", "minimum", "over", "more than", "or more"))
_LIMIT = (
    r"(?:(?P<limit>at most|up to|under|no more than|maximum|max|below|within|at least|no fewer than|no less than"
    r"|minimum|over|more than|exactly|about|around|roughly|some)\s+(?:of\s+)?)?"
)
_NUMBER = r"(?P<{}>\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}}|" + "|".join(NUMBERS[1:]) + ")"
_SPAN = rf"\b{_LIMIT}{_NUMBER.format('first')}(?:\s?(?:-|–|to|and)\s?{_NUMBER.format('second')})?"
_AFTER = r"(?:\s+(?P<after>at most|at least|or fewer|or less|or more|maximum|minimum))?"
_LENGTH = re.compile(rf"{_SPAN}[\s-](?P<unit>words?|pages?)\b{_AFTER}", re.I)
_NOUNS = (
    "items points bullets steps questions findings options drivers risks tips names headlines posts emails contacts "
    "venues examples sections slides rows entries reasons ways keywords suggestions competitors products actions "
    "proposals variants hooks titles taglines tweets hashtags suppliers vendors insights lessons chapters guides "
    "recipes meals recommendations ideas alternatives candidates measures milestones objectives goals metrics "
    "indicators books articles themes topics personas scenarios facts claims arguments benefits features "
    "requirements stories"
).split()
_THINGS = re.compile(
    rf"{_SPAN}\s+(?:(?!of\b|in\b|for\b|with\b)[a-z-]+\s+){{0,2}}?(?P<things>{'|'.join(_NOUNS)})\b{_AFTER}", re.I
)
_EACH = re.compile(r"\W*(?:per|each|for each|of each|a )", re.I)
_PART = re.compile(r"(?:\b\w+s (?:of|with|in)|\beach\b[^.;]*|\bevery\b[^.;]*|\blead\b[^.;]*|\bparagraph\b[^.;]*)\s*$")
