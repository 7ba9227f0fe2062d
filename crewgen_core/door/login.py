"""Whether people sign in, and with which OpenID provider: complete, or not at all."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic import SecretStr

from crewgen_core.errors import UnknownSetting
from crewgen_core.settings import RETURN_PATH, Settings

LEAST_SECRET_CHARACTERS = 32
"""Characters of a cookie secret: whoever guesses it can sign in as anybody."""

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Login:
    """How people sign in."""

    metadata_url: str
    """Discovery document of the provider."""
    client_id: str
    client_secret: SecretStr
    cookie_secret: SecretStr
    public_url: str
    """Origin at which people open the dashboard, without a path."""
    lasts_s: float
    """Seconds after which the provider is asked again."""
    client_kwargs: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def provider(self) -> str:
        """The host of the provider, to tell people with whom they sign in."""
        return urlsplit(self.metadata_url).hostname or ""

    def make_section(self) -> dict[str, str | dict[str, str]]:
        """Return the section [auth] of Streamlit's secrets, in which the secrets are in the clear."""
        section: dict[str, str | dict[str, str]] = {
            "redirect_uri": self.public_url + RETURN_PATH,
            "cookie_secret": self.cookie_secret.get_secret_value(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "server_metadata_url": self.metadata_url,
        }
        return section | ({"client_kwargs": self.client_kwargs} if self.client_kwargs else {})


def read_login(settings: Settings) -> Login | None:
    """Return the login that the settings describe, None where they describe none.

    Raises UnknownSetting for half a login, so that no dashboard stands open by a typing error.
    """
    needed = {
        "CREWGEN_OIDC_METADATA_URL": settings.oidc_metadata_url,
        "CREWGEN_OIDC_CLIENT_ID": settings.oidc_client_id,
        "CREWGEN_OIDC_CLIENT_SECRET": settings.oidc_client_secret.get_secret_value(),
        "CREWGEN_COOKIE_SECRET": settings.cookie_secret.get_secret_value(),
    }
    if not any(needed.values()):
        _check_public_url(settings.public_url)
        return None
    missing = [name for name, value in (needed | {"CREWGEN_PUBLIC_URL": settings.public_url}).items() if not value]
    if missing:
        raise UnknownSetting(
            f"The login is only half configured: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
            "Set what is missing, or take the other settings of the login away to go without one.",
        )
    _check_secret(settings.cookie_secret)
    _check_metadata_url(settings.oidc_metadata_url)
    return Login(
        metadata_url=settings.oidc_metadata_url,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        cookie_secret=settings.cookie_secret,
        public_url=_check_public_url(settings.public_url),
        lasts_s=settings.sign_in_hours * 3_600,
        client_kwargs=settings.oidc_client_kwargs,
    )


def host_of(public_url: str) -> str:
    """Return the host of the public address, empty where there is none."""
    return (urlsplit(public_url).hostname or "").lower() if public_url else ""


def _check_secret(secret: SecretStr) -> None:
    if len(secret.get_secret_value()) < LEAST_SECRET_CHARACTERS:
        raise UnknownSetting(
            f"CREWGEN_COOKIE_SECRET is shorter than {LEAST_SECRET_CHARACTERS} characters.",
            'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
        )


def _check_metadata_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES):
        raise UnknownSetting(
            "CREWGEN_OIDC_METADATA_URL does not begin with https://.",
            "Give the address of the provider's discovery document, which ends with /.well-known/openid-configuration.",
        )


def _check_public_url(url: str) -> str:
    """Return the origin of the public address; raise UnknownSetting where it is more or less than an origin."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or url.rstrip("/") != origin):
        raise UnknownSetting(
            "CREWGEN_PUBLIC_URL is not an address without a path.",
            "Give what people type to open the dashboard, such as https://crewgen.example.com.",
        )
    return origin if url else ""
