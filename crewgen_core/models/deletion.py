"""Deletions: what a person deleted, and until when it can be brought back."""

from datetime import datetime, timedelta
from typing import Literal

from crewgen_core.models.value import Value

Deletable = Literal["crew", "job", "template", "run", "outcome"]
"""What people can delete and bring back."""

KEPT_FOR = timedelta(days=30)
"""How long what was deleted can be brought back; after that it goes for good."""


class Deleted(Value):
    """One thing that was deleted, with what went with it."""

    thing: Deletable
    key: str
    """Its number; of a template the key that it had."""
    name: str
    deleted_at: datetime
    until: datetime
    """When it goes for good."""
    along: str = ""
    """What went with it, in words: "12 crews, 3 runs"; empty where that is nothing."""
