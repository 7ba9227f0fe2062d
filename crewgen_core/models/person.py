"""People: who asks, in which role, and by which token."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from crewgen_core.models.value import Value


class Role(StrEnum):
    """What a person may do; each role may do what those before it may."""

    VIEWER = "viewer"
    """Looks at what is theirs, what is shared, and what was made without login."""
    EDITOR = "editor"
    """Makes, changes and runs crews, jobs and templates of their own."""
    ADMIN = "admin"
    """Sees and changes everything: people, settings, what others made."""

    def covers(self, other: "Role") -> bool:
        """Tell whether this role may do everything that the other may."""
        return _RANKS[self] >= _RANKS[other]


_RANKS = {Role.VIEWER: 0, Role.EDITOR: 1, Role.ADMIN: 2}

Scope = Literal["read", "write", "admin"]
"""What a token may do at most: as much as a viewer, an editor, an administrator."""

ROLE_OF_SCOPE: dict[Scope, Role] = {"read": Role.VIEWER, "write": Role.EDITOR, "admin": Role.ADMIN}


class Person(Value):
    """Who asks, as they are now."""

    id: int | None
    """Its row; None for whoever uses a dashboard without login, and for crewgen itself."""
    name: str
    email: str = ""
    role: Role
    token_id: int | None = None
    """The token by which a program asks for this person; None for the pages and the command line."""

    @property
    def subject(self) -> str:
        """The name under which limits count what this person uses."""
        return "local" if self.id is None else f"person:{self.id}"

    def limit_to(self, scope: Scope, token_id: int) -> "Person":
        """Return the person as a token of this scope lets them act."""
        most = ROLE_OF_SCOPE[scope]
        role = most if self.role.covers(most) else self.role
        return self.model_copy(update={"role": role, "token_id": token_id})


LOCAL = Person(id=None, name="Without login", role=Role.ADMIN)
"""Whoever uses a dashboard without login, or the command line."""

SYSTEM = Person(id=None, name="crewgen", role=Role.ADMIN)
"""crewgen itself: workers, supervisors of runs, what it learns."""


class PersonRow(Value):
    """One person who has signed in, in a list."""

    person: Person
    is_active: bool
    """False: an administrator shut them out."""
    created_at: datetime
    seen_at: datetime
    """When they were last here, to ten minutes."""


class TokenRow(Value):
    """One API token in a list; the token itself is kept nowhere."""

    id: int
    name: str
    prefix: str
    """How the token begins."""
    scope: Scope
    person_id: int | None
    person_name: str
    created_at: datetime
    expires_at: datetime | None
    """None: never."""
    used_at: datetime | None
    """When it was last used, to the minute; None: never."""
    revoked_at: datetime | None


class MadeToken(Value):
    """A new token: the only time that it is seen."""

    text: str = Field(repr=False)
    row: TokenRow


class AuditEvent(Value):
    """One thing that somebody did."""

    id: int
    at: datetime
    person_id: int | None
    person_name: str
    """As it was then."""
    token_id: int | None
    """The token by which a program did it; None: on a page or the command line."""
    action: str
    """What was done, in the past tense: "created", "changed", "shared", "deleted" …"""
    thing: str
    """To what: "crew", "job", "template", "run", "person", "token", "model" …"""
    thing_id: str
    summary: str
    """A sentence for people; untrusted text stands in it."""
    request_id: str
