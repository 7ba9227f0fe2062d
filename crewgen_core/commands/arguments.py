"""What comes into commands: values of options, as people type them, and standard input."""

import sys
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

from crewgen_core.errors import CrewgenError, UnusableObjective
from crewgen_core.imports.unpacking import LARGEST_TOTAL

STANDARD_INPUT = "-"
"""Stands for a text or a file that comes from standard input."""

LEAST_NUMBER = Decimal("0.000001")
"""The least that a limit may be: a micro-dollar."""

LONGEST_NUMBER = 18
"""Digits that always fit into a database's integer."""


def read_number(
    option: str, text: str | None, what: str, most: int, fault: type[CrewgenError], *, whole: bool = False
) -> Decimal | None:
    """Return the number that an option gives, None where it is not given. Raises the fault."""
    value = None if text is None else read_decimal(text)
    if text is None or (value is not None and LEAST_NUMBER <= value <= most and not (whole and value % 1)):
        return value
    raise fault(
        f'{option} needs {what} above 0 and up to {most:,}, not "{text[:30]}".', f"Write {option} 2, for example."
    )


def read_pairs(option: str, given: Iterable[str], example: str, fault: type[CrewgenError]) -> dict[str, str]:
    """Return the values that an option gives to names, as NAME=VALUE. Raises the fault."""
    values: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise fault(f'{option} needs NAME=VALUE, not "{text[:50]}".', f"Write {option} {example}, for example.")
        values[name.strip()] = value
    return values


def read_decimal(text: str) -> Decimal | None:
    """Return a finite number, None where the text is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def read_id(text: str) -> int | None:
    """Return the number of something stored, None where the text is none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def tell_unusable(error: ValidationError) -> UnusableObjective:
    """Return the first fault of an objective or its limits in the words of the command line."""
    fault = error.errors(include_url=False)[0]
    field = str(fault["loc"][0])
    if field == "text" and fault["type"] == "string_too_short":
        return UnusableObjective("The objective is empty.")
    name = "The objective" if field == "text" else f"The value of --{field.replace('_', '-')}"
    return UnusableObjective(f"{name} cannot be used: {fault['msg'].lower()}.", "Correct it and try again.")


def read_standard_input() -> bytes:
    """Return what standard input holds, at most one byte more than is allowed: enough to refuse what is too large."""
    return sys.stdin.buffer.read(LARGEST_TOTAL + 1)
