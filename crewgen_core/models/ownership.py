"""Ownership: what every thing that belongs to somebody says about it, to who asks."""

from crewgen_core.models.value import Value


class Owned(Value):
    """A crew, job, template, run or request, as far as it is about whose it is."""

    owner_id: int | None = None
    """Whose it is; None for what was made without login: it is everybody's."""
    owner_name: str = ""
    """Their name; empty for what is everybody's."""
    shared: bool = False
    """Whether everybody may look at it and use it."""
    may_change: bool = True
    """Whether who asks may change it."""
    demo: bool = False
    """Whether it is demo data: loaded to show what crewgen does, and removed with the demo."""
