"""The front door's part for people: who signs in, in which role, and the tokens by which programs ask for them."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crewgen_core.errors import NotAllowed, NotFound, NotSignedIn, UnusableToken
from crewgen_core.models.person import LOCAL, ROLE_OF_SCOPE, MadeToken, Person, PersonRow, Role, Scope, TokenRow
from crewgen_core.storage import audit, people
from crewgen_core.storage.database import Database

TOKEN_MARK = "crewgen_"  # noqa: S105
"""How every token begins, so that people and scanners for secrets know one when they see it."""

TOKEN_BYTES = 32
"""Random bytes of a token: nobody guesses one, so its plain SHA-256 is safe to keep (no slow hash is needed, as it
would be for a password that a person thought of)."""

SHOWN_CHARACTERS = len(TOKEN_MARK) + 6
"""Characters of a token that lists show."""

LONGEST_DAYS = 3_650
LONGEST_NAME = 100


class People:
    """Everything that can be asked about people and tokens."""

    def __init__(self, person: Person, database: Callable[[], Database], own_database: Callable[[], Database]) -> None:
        """``person`` asks; ``database`` acts for them, ``own_database`` for crewgen itself."""
        self.person = person
        self._database = database
        self._own_database = own_database

    # --- signing in -----------------------------------------------------------------------------------------------

    def sign_in(self, subject: str, email: str, name: str, role: Role, named_admin: bool = False) -> Person:
        """Return who a provider vouches for; the first time, they are stored with the role.

        ``subject`` is what the provider knows them by, with the provider's own address before it; ``named_admin`` makes
        an administrator of whoever the settings name. Raises NotSignedIn for a person who was shut out.
        """
        with self._own_database().read() as connection:
            known = people.find_person(connection, subject)
        if known is None or self._differs(known, email, name, named_admin):
            known = self._keep_person(subject, email, name, Role.ADMIN if named_admin else role, named_admin)
        if not known.is_active:
            raise NotSignedIn(
                f"{known.person.name} may not use this dashboard any more.", "Ask an administrator of this dashboard."
            )
        return known.person

    def authenticate(self, token: str) -> Person:
        """Return for whom a token speaks, in the role that it allows.

        Raises NotSignedIn for a token that is wrong, expired, revoked, or of somebody who was shut out.
        """
        with self._own_database().read() as connection:
            found = people.find_token(connection, digest(token))
        now = datetime.now(UTC)
        if found is None:
            raise NotSignedIn("The token is not known.")
        row, owner = found
        if row.revoked_at is not None:
            raise NotSignedIn(f"The token {row.prefix}… was revoked on {row.revoked_at:%Y-%m-%d}.")
        if row.expires_at is not None and row.expires_at <= now:
            raise NotSignedIn(f"The token {row.prefix}… expired on {row.expires_at:%Y-%m-%d}.")
        if owner is not None and not owner.is_active:
            raise NotSignedIn("The token is of somebody who may not use this dashboard any more.")
        if row.used_at is None or now - row.used_at > people.USED_EVERY:
            with self._own_database().begin() as connection:
                people.update_token(connection, row.id, used_at=now)
        return (LOCAL if owner is None else owner.person).limit_to(row.scope, row.id)

    # --- people ---------------------------------------------------------------------------------------------------

    def list_people(self) -> tuple[PersonRow, ...]:
        """Return everybody who has signed in. Raises NotAllowed for anybody but administrators."""
        self._need_admin("see who uses this dashboard")
        with self._database().read() as connection:
            return people.list_people(connection)

    def set_role(self, person_id: int, role: Role) -> None:
        """Give a person another role, at once. Raises NotAllowed, also for the last administrator; NotFound."""
        self._need_admin("change the role of people")
        with self._database().begin() as connection:
            row = people.get_person(connection, person_id)
            people.update_person(connection, person_id, role=role.value)
            _keep_an_admin(people.count_admins(connection), row)
            audit.record(connection, "changed", "person", person_id, f"{row.person.name} is now {role.value}.")

    def set_active(self, person_id: int, active: bool) -> None:
        """Shut a person out, with all their tokens, or let them in again. Raises NotAllowed, NotFound."""
        self._need_admin("shut people out")
        with self._database().begin() as connection:
            row = people.get_person(connection, person_id)
            people.update_person(connection, person_id, is_active=active)
            _keep_an_admin(people.count_admins(connection), row)
            what = "may sign in again" if active else "was shut out"
            audit.record(connection, "changed", "person", person_id, f"{row.person.name} {what}.")

    # --- tokens ---------------------------------------------------------------------------------------------------

    def make_token(self, name: str, scope: Scope, days: int | None = 90) -> MadeToken:
        """Make a token for who asks; its text is seen this once. ``days`` until it expires, 1 to 3,650; None: never.

        Raises UnusableToken, and NotAllowed for a scope beyond one's own role or a token that asks for another one.
        """
        name = " ".join(name.split())
        if not 0 < len(name) <= LONGEST_NAME:
            raise UnusableToken(f"A token needs a name of 1 to {LONGEST_NAME} characters that says what it is for.")
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise UnusableToken(f"A token is valid for 1 to {LONGEST_DAYS:,} days, not for {days:,}.")
        if self.person.token_id is not None:
            raise NotAllowed("A token cannot make other tokens.", "Make it on the page Settings.")
        if not self.person.role.covers(ROLE_OF_SCOPE[scope]):
            raise NotAllowed(f"A {self.person.role.value} cannot make a token with the scope {scope}.")
        text = TOKEN_MARK + secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = None if days is None else datetime.now(UTC) + timedelta(days=days)
        with (
            self._own_database().acting_for(self.person.model_copy(update={"role": Role.EDITOR})).begin() as connection
        ):
            row = people.add_token(
                connection, self.person.id, name, text[:SHOWN_CHARACTERS], digest(text), scope, expires_at
            )
            audit.record(connection, "created", "token", row.id, f'Token "{name}" ({row.prefix}…) may {scope}.')
        return MadeToken(text=text, row=row)

    def list_tokens(self) -> tuple[TokenRow, ...]:
        """Return the tokens of who asks; for administrators, everybody's."""
        with self._database().read() as connection:
            return people.list_tokens(connection, self.person.id, everybody=self.person.role is Role.ADMIN)

    def revoke_token(self, token_id: int) -> None:
        """Make a token worthless at once. Raises NotFound, also for a token of somebody else."""
        if self.person.token_id not in (None, token_id):
            raise NotAllowed("A token cannot revoke other tokens.", "Revoke it on the page Settings.")
        with (
            self._own_database().acting_for(self.person.model_copy(update={"role": Role.EDITOR})).begin() as connection
        ):
            row = people.get_token(connection, token_id)
            if row.person_id != self.person.id and self.person.role is not Role.ADMIN:
                raise NotFound(f"There is no token {token_id}.", "Look at your tokens under Settings.")
            people.update_token(connection, token_id, revoked_at=datetime.now(UTC))
            audit.record(connection, "revoked", "token", token_id, f'Token "{row.name}" ({row.prefix}…).')

    # --- within ---------------------------------------------------------------------------------------------------

    def _keep_person(self, subject: str, email: str, name: str, role: Role, named_admin: bool) -> PersonRow:
        """Store what is new about a person and return them."""
        with self._own_database().begin() as connection:
            known = people.find_person(connection, subject)  # two sessions may sign in at once
            if known is None:
                person_id = people.add_person(connection, subject, email, name, role)
                audit.record(connection, "created", "person", person_id, f"{name} signed in first, as {role.value}.")
            else:
                person_id = known.person.id or 0
                new: dict[str, object] = {"email": email, "name": name, "seen_at": datetime.now(UTC)}
                if named_admin and known.person.role is not Role.ADMIN:
                    new["role"] = Role.ADMIN.value
                    audit.record(connection, "changed", "person", person_id, f"The settings make {name} an admin.")
                people.update_person(connection, person_id, **new)
            return people.get_person(connection, person_id)

    def _differs(self, known: PersonRow, email: str, name: str, named_admin: bool) -> bool:
        """Tell whether something of a person has to be stored."""
        stale = datetime.now(UTC) - known.seen_at > people.SEEN_EVERY
        promoted = named_admin and known.person.role is not Role.ADMIN
        return stale or promoted or (known.person.email, known.person.name) != (email, name)

    def _need_admin(self, what: str) -> None:
        if self.person.role is not Role.ADMIN:
            raise NotAllowed(f"Only administrators may {what}.")


def _keep_an_admin(left: int, row: PersonRow) -> None:
    """Refuse a change of a person that leaves no administrator: nobody could undo it."""
    if left == 0 and row.person.role is Role.ADMIN:
        raise NotAllowed(f"{row.person.name} is the only administrator.", "Make somebody else an administrator first.")


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
