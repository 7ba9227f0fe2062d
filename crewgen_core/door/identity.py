"""Who a provider vouches for, from what it said when a person signed in."""

from collections.abc import Mapping
from dataclasses import dataclass

CLOCK_SKEW_S = 300.0
"""Seconds by which the clock of a provider may run ahead of this one."""

LONGEST_TEXT = 200
"""Characters of a name or an email that are taken: they are somebody else's text."""


@dataclass(frozen=True)
class Identity:
    """A person as the provider describes them."""

    subject: str
    """Provider and person, "issuer|sub": the only thing that stays the same for ever."""
    email: str
    is_verified: bool
    """Whether the provider says that the email is theirs; what it does not say counts as no."""
    name: str
    since_s: float
    """When the provider vouched for them, in seconds since 1970."""

    def is_among(self, admins: tuple[str, ...]) -> bool:
        """Tell whether the settings name this person as administrator: by subject, or by an email that is verified."""
        named = {admin.casefold() for admin in admins}
        return self.subject in admins or (self.is_verified and self.email.casefold() in named)


def read_identity(claims: Mapping[str, object], now_s: float, lasts_s: float) -> Identity | None:
    """Return who the claims of a sign-in speak of; None for nobody, and for a sign-in that is over.

    ``now_s`` is seconds since 1970, ``lasts_s`` how long a sign-in lasts.
    """
    issuer, sub, since = claims.get("iss"), claims.get("sub"), claims.get("iat")
    if claims.get("is_logged_in") is not True or not isinstance(issuer, str) or not isinstance(sub, str | int):
        return None
    if isinstance(since, bool) or not isinstance(since, int | float) or not issuer or sub == "":
        return None
    if not now_s - lasts_s < since <= now_s + CLOCK_SKEW_S:
        return None
    email = _clean(claims.get("email"))
    name = _clean(claims.get("name")) or _clean(claims.get("preferred_username")) or email or str(sub)
    return Identity(f"{issuer}|{sub}", email, claims.get("email_verified") is True, name[:LONGEST_TEXT], float(since))


def _clean(text: object) -> str:
    """Return a text on one line, without what cannot be shown."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_TEXT]
