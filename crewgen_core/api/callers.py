"""Who calls, and whether the request may have been made by somebody else in their name."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers

from crewgen_core.api.problems import CHALLENGE, FOREIGN, NOT_SIGNED_IN, Refusal
from crewgen_core.app import Crewgen
from crewgen_core.door.login import read_login
from crewgen_core.settings import Settings

OWN_SITES = ("same-origin", "none")
"""What a browser says in Sec-Fetch-Site of a request from our own pages, or typed by a person."""


def needs_token(settings: Settings) -> bool:
    """Tell whether everybody has to say who they are: where people sign in, programs bring a token."""
    return read_login(settings) is not None


def find_caller(house: Crewgen, headers: Headers) -> Crewgen:
    """Return the front door of whoever calls.

    Cookies say nothing here: a browser sends them along with requests that other sites make it send. Without login,
    who reaches the server needs no token; then another site must not speak for them.
    Raises Refusal, NotSignedIn.
    """
    token = read_token(headers)
    if token is not None:
        person = house.people.authenticate(token)
        if person.id is None and needs_token(house.settings):
            raise Refusal(
                NOT_SIGNED_IN, "The token was made without login, and people sign in here by now.", headers=CHALLENGE
            )
        return house.acting_for(person)
    if needs_token(house.settings):
        raise Refusal(NOT_SIGNED_IN, "The request brings no token.", headers=CHALLENGE)
    refuse_foreign(headers)
    return house


def read_token(headers: Headers) -> str | None:
    """Return the token that a request brings; None where it brings none. Raises Refusal for one that is none."""
    said = headers.get("authorization")
    if said is None:
        return None
    scheme, _, token = said.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > 500:
        raise Refusal(NOT_SIGNED_IN, "The header Authorization is not `Bearer TOKEN`.", headers=CHALLENGE)
    return token.strip()


def refuse_foreign(headers: Headers) -> None:
    """Raise Refusal for a request that a browser sends because another site told it to."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    foreign = site is not None and site not in OWN_SITES
    if foreign or (origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()):
        raise Refusal(FOREIGN, "The request comes from another site, and is not answered.")
