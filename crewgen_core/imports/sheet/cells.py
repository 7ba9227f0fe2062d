"""What people write into cells, as values: amounts, times, counts, priorities, tags. Nothing is guessed."""

import math
import re
import unicodedata

from crewgen_core.models.job import Priority

MOST_USD = 1_000_000
MOST_MINUTES = 525_600
"""A year."""
MOST_AGENTS = 50
"""The largest values that an ``Objective`` takes."""

BUILT_IN_WORDS = frozenset({"built-in", "builtin", "built in", "none"})
"""What a model cell says, in any case, to ask for no model."""

_LONGEST_NUMBER = 40
"""Characters of a cell that holds a number and its unit; also keeps the patterns below fast."""


class CellFault(Exception):
    """A cell cannot be read; the message says what is wrong and what would be right."""


def read_usd(cell: str, what: str = "budget") -> float:
    """Return an amount of US dollars from 0 to 1,000,000: "2.50", "2,50", "$2.50", "2.50 USD", "1,000.50".

    ``what`` is what people call it. Raises CellFault when it is none, in another currency, out of range, or could be
    two amounts ("1,500").
    """
    text = _prepare(cell)
    if _OTHER_CURRENCY.search(text):
        raise CellFault(f'The {what} "{shorten(cell)}" is in another currency: write it in US dollars, such as 2.50.')
    match = _USD.fullmatch(text)
    amount = _read_number(match[2], american=bool(match[1])) if match else None
    if amount is None:
        raise CellFault(f'The {what} "{shorten(cell)}" is no amount: write a number of US dollars, such as 2.50.')
    if not 0 <= amount <= MOST_USD:
        raise CellFault(f'The {what} "{shorten(cell)}" is out of range: write an amount from 0 to {MOST_USD:,} USD.')
    return amount


def read_minutes(cell: str, what: str = "deadline") -> float:
    """Return a time in minutes, above 0, at most a year: "30", "30 min", "1 h 30", "1.5 hours", "1:30", "2 days".

    ``what`` is what people call it. Raises CellFault when it is none or out of range.
    """
    minutes = _sum_units(_prepare(cell).lower())
    if minutes is None:
        raise CellFault(f'The {what} "{shorten(cell)}" is no time: write minutes, such as 30, or 1 h 30.')
    if not 0 < minutes <= MOST_MINUTES:
        raise CellFault(
            f'The {what} "{shorten(cell)}" is out of range: write more than 0 and at most {MOST_MINUTES:,} minutes '
            "(a year)."
        )
    return minutes


def read_agents(cell: str) -> int:
    """Return a number of agents from 1 to 50: "5", "5.0", "5 agents". Raises CellFault when it is none."""
    match = _AGENTS.fullmatch(_prepare(cell))
    count = _read_number(match[1]) if match else None
    if count is None or not 1 <= count <= MOST_AGENTS or count != int(count):
        raise CellFault(
            f'"{shorten(cell)}" is no number of agents: write a whole number from 1 to {MOST_AGENTS}, such as 5.'
        )
    return int(count)


def read_count(cell: str, what: str, most: int) -> int:
    """Return a whole number from 0 to ``most``: "5", "5.0", "48 200". Raises CellFault when it is none."""
    count = _read_number(_prepare(cell))
    if count is None or not 0 <= count <= most or count != int(count):
        raise CellFault(f'The {what} "{shorten(cell)}" cannot be used: write a whole number from 0 to {most:,}.')
    return int(count)


def read_priority(cell: str) -> Priority:
    """Return high, normal or low, also from its usual synonyms. Raises CellFault for anything else."""
    priority = _PRIORITIES.get(cell.strip().casefold())
    if priority is None:
        raise CellFault(f'The priority "{shorten(cell)}" is not known: write high, normal or low.')
    return priority


def read_tags(cell: str) -> tuple[str, ...]:
    """Return the tags of a cell, which commas, semicolons, bars or line breaks separate; each once."""
    tags = (" ".join(tag.split()) for tag in _TAG_ENDS.split(cell))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def shorten(cell: str, most: int = 60) -> str:
    """Return the beginning of a cell on one line, for a sentence or a table."""
    line = " ".join(cell[: 4 * most].split())
    line = line if line.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return line if len(line) <= most and len(cell) <= 4 * most else line[: most - 1] + "…"


def _prepare(cell: str) -> str:
    """Return the cell with plain spaces, digits and signs; one that is too long for a number becomes none."""
    text = cell if cell.isascii() else unicodedata.normalize("NFKC", cell).replace("\N{MINUS SIGN}", "-")
    text = text.strip()
    return text if len(text) <= _LONGEST_NUMBER else ""


def _read_number(text: str, american: bool = False) -> float | None:
    """Return a number with a decimal point or comma, with or without separated thousands; None when it is none.

    Raises CellFault for what may be two numbers, unless it is written in the American way.
    """
    if _PLAIN.fullmatch(text):
        number = float(text)
    elif _AMBIGUOUS.fullmatch(text) and not american:
        raise CellFault(
            f'"{text}" may be {text.replace(",", "")} or {float(text.replace(",", ".")):g}: write it without a comma.'
        )
    elif _POINT_DECIMAL.fullmatch(text):
        number = float(_GROUPING.sub("", text.replace(",", "")))
    elif _COMMA_DECIMAL.fullmatch(text):
        number = float(_GROUPING.sub("", text.replace(".", "")).replace(",", "."))
    else:
        return None
    return number if math.isfinite(number) else None


def _sum_units(text: str) -> float | None:
    if clock := _CLOCK.fullmatch(text):
        return int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60
    parts = _TIME.fullmatch(text)
    if not text or parts is None:
        return _read_number(text)
    minutes = 0.0
    for part, factor in zip(parts.groups(), (1_440.0, 60.0, 1.0, 1 / 60), strict=True):
        number = _read_number(part) if part else 0.0
        if number is None:
            return None
        minutes += number * factor
    return minutes


_PRIORITIES: dict[str, Priority] = {
    **dict.fromkeys(("high", "h", "urgent", "hoch", "haute", "élevée", "alta"), "high"),
    **dict.fromkeys(("normal", "medium", "n", "m", "mittel", "normale", "moyenne", "media"), "normal"),
    **dict.fromkeys(("low", "l", "niedrig", "basse", "baja"), "low"),
}

_OTHER_CURRENCY = re.compile(r"[€£¥₹₽₩]|\b(?:eur|gbp|chf|jpy|cny|inr|cad|aud|euros?|pounds?)\b", re.IGNORECASE)
_USD = re.compile(r"(us\$|\$)?\s*(?:usd)?\s*([-+]?[0-9.,' ’e+-]*[0-9.,])\s*(?:us\$|\$|usd|us dollars?|dollars?)?", re.I)
_AGENTS = re.compile(r"([-+]?[0-9.,]+)\s*(?:agents?|agenten|agentes)?", re.I)
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_N = r"([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)(?![0-9.,])"
_TIME = re.compile(
    rf"(?:{_N}\s*(?:d|days?|tage?|jours?|d[ií]as?)\b[\s,]*)?"
    rf"(?:{_N}\s*(?:h|hrs?|hours?|std|stunden?|heures?|horas?)\.?[\s,]*(?:and\s+|und\s+)?)?"
    rf"(?:{_N}\s*(?:m|min|mins|minutes?|minuten|minutos?)?\.?[\s,]*(?:and\s+|und\s+)?)?"
    rf"(?:{_N}\s*(?:s|sec|secs|seconds?|sek|sekunden?)\.?)?"
)
_PLAIN = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]{1,3})?", re.I)
_AMBIGUOUS = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_POINT_DECIMAL = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:[ '’][0-9]{3})+)(?:\.[0-9]*)?")
_COMMA_DECIMAL = re.compile(
    r"(?=.*[0-9])[-+]?(?:[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:[ '’][0-9]{3})+)|[0-9]*)(?:,[0-9]+)?"
)
_GROUPING = re.compile(r"[ '’]")
_TAG_ENDS = re.compile(r"[,;|\n]")
