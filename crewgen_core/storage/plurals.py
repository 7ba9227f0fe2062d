"""Singular and plural of what is searched for, where one is no part of the other: "bakery" and "bakeries"."""

import re

from sqlalchemy import ColumnElement, or_


def with_plural(wanted: str) -> tuple[str, ...]:
    """Return the text, and with it the plural or singular of a last word in -y or -ies.

    The plural of other words contains the singular, which is found as a part of it.
    """
    for ending, other in _ENDINGS:
        if ending.search(wanted):
            return wanted, ending.sub(other, wanted)
    return (wanted,)


def contains_any(wanted: str, *fields: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a field contains the text in singular or plural, in capitals or not."""
    return or_(*(field.icontains(form, autoescape=True) for form in with_plural(wanted) for field in fields))


_ENDINGS = (
    (re.compile(r"(?<=[a-z][b-df-hj-np-tv-z])ies$", re.I), "y"),
    (re.compile(r"(?<=[a-z][b-df-hj-np-tv-z])y$", re.I), "ies"),
)
"""Behind a consonant only: "days" has "day" in it already."""
