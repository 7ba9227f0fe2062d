"""Models that their providers switch off: from when on that is worth a warning, and how it is said."""

import datetime

from crewgen_core.llm.prices import ModelPrice, ends_on
from crewgen_core.models.known_model import Ending

SOON = datetime.timedelta(days=60)
"""How long before its end a model is warned of: time enough to choose and try another one."""


def ending_of(price: ModelPrice | None, today: datetime.date) -> Ending:
    """Tell whether a model is switched off, will be within 60 days, or neither."""
    end = ends_on(price) if price else None
    if end is None or end - today > SOON:
        return "none"
    return "past" if end <= today else "soon"


def warn_of_end(name: str, price: ModelPrice | None, today: datetime.date | None) -> tuple[str, ...]:
    """Return the sentence that an estimate says about a model near or past its end; none for any other."""
    end = ends_on(price) if price else None
    if end is None or today is None:
        return ()
    day, ending = f"{end.day} {end:%b %Y}", ending_of(price, today)
    if ending == "past":
        return (f"The provider of {name} announced its end for {day}: runs with it will probably fail.",)
    if ending == "soon":
        left = (end - today).days
        return (f"The provider of {name} switches it off on {day}, in {left} {'day' if left == 1 else 'days'}.",)
    return ()
