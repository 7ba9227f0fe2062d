"""What a sentence, or a part of one, asks for."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["order", "thing", "statement", "demand", "owner"]
"""An order begins with a verb; a thing is asked for by its name; a statement asks for nothing; a demand says what the
result must be like; an owner is who wants it all."""


@dataclass(frozen=True)
class Saying:
    """A sentence or a part of one, as what it asks for."""

    text: str
    kind: Kind
    told: bool = False
    """True when its verbs stand in the third person ("reads the tickets")."""
    borrowed: str = ""
    """Words within it that come from elsewhere and say whose the thing is: they ask for nothing."""
