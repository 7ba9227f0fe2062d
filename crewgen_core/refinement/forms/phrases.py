"""What forms of many kinds have in common: openings, endings, limits, numbers."""

import re
from collections.abc import Callable

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.wishes import Wish

Read = Callable[[str, Catalog], tuple[Wish, ...]]
"""A form: the wishes that a piece of text holds, none where it does not fit."""

MAKE = r"(?:(?:make|keep|get|let|have|do|be|run|turn|should be|must be)\s+)?"
IT = r"(?:(?P<what>it|this|that|everything|all of it|them|all|the [\w '-]{2,60}?|both|a run)\s+)?(?:to be\s+|be\s+|run\s+|work\s+|cost\s+)?"
MUCH = r"(?:(?:much|a bit|a little|a lot|even|somewhat|slightly|way|far|as|still)\s+)*"
END = r"(?:\s+(?:to run|as possible|overall|in total|in general|possible|now|than (?:that|this|now|before)))*"
AT_MOST = r"(?:at most|no more than|not more than|up to|max(?:imum)?(?: of)?|under|below|less than|within|cheaper than)"


def read_count(word: str, catalog: Catalog, kind: Callable[[str], float] = int) -> float | None:
    """Return the number of digits or a number word."""
    plain = word.lower()
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", plain):
        return kind(plain) if kind is float or plain.isdigit() else None
    return {"a": 1, "an": 1, "single": 1, "a single": 1, "half": 0.5}.get(plain) or catalog.language.number_words.get(
        plain
    )


def name_each(text: str) -> str:
    """Turn "steps 2 and 3" into "step 2 and step 3"."""
    found = re.fullmatch(
        r"(?:the )?(?P<kind>steps|tasks|agents)\s+(?P<numbers>\d+(?:\s*,\s*\d+)*(?:\s*,?\s*(?:and|&)\s*\d+)?)",
        text.strip(),
        re.I,
    )
    return (
        " and ".join(f"{found['kind'][:-1]} {number}" for number in re.findall(r"\d+", found["numbers"]))
        if found
        else text
    )
