"""Sign-ins as Streamlit hands them to a page, and the settings of a dashboard that asks for them."""

import time
from typing import Any

ISSUER = "https://login.example.com"
LOGIN = {
    "CREWGEN_OIDC_METADATA_URL": f"{ISSUER}/.well-known/openid-configuration",
    "CREWGEN_OIDC_CLIENT_ID": "crewgen",
    "CREWGEN_OIDC_CLIENT_SECRET": "s",
    "CREWGEN_COOKIE_SECRET": "0123456789" * 4,
    "CREWGEN_PUBLIC_URL": "https://crewgen.example.com",
    "CREWGEN_ADMINS": "adam@example.com",
}


def claims(subject: str, **more: object) -> dict[str, Any]:
    """Return what Streamlit knows of somebody who has just signed in."""
    known = {"iss": ISSUER, "sub": subject, "iat": time.time(), "name": subject.title(), "email_verified": True}
    return {"is_logged_in": True, "email": f"{subject}@example.com", **known, **more}
