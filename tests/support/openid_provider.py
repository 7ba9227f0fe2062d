"""A small OpenID provider on loopback, as strict as a real one: discovery, authorization code with PKCE, RS256, logout.

Its page lists the people who can sign in, one link each; ``provider.people`` may be changed at any time. By hand:
``python -m tests.support.openid_provider --port 9998`` and open the dashboard with the settings that it prints.
"""

import argparse
import base64
import hashlib
import html
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID = "crewgen-test"
CLIENT_SECRET = "a secret of the test"  # noqa: S105
COOKIE_SECRET = "only-for-tests-0123456789-0123456789"  # noqa: S105

PEOPLE: dict[str, dict[str, Any]] = {
    "vera": {"name": "Vera Viewer", "email": "vera@example.com", "email_verified": True},
    "edith": {"name": "Edith Editor", "email": "edith@example.com", "email_verified": True},
    "adam": {"name": "Adam Admin", "email": "adam@example.com", "email_verified": True},
    "mallory": {"name": "Mallory", "email": "adam@example.com", "email_verified": False},
}
"""Claims of each person by subject; Mallory wrote somebody else's email into their profile."""


@dataclass(frozen=True)
class _Question:
    """An authorization that somebody asked for."""

    redirect_uri: str
    nonce: str
    challenge: str
    subject: str = ""


@dataclass
class OpenIdProvider:
    """The provider in a thread of its own; a context manager."""

    port: int = 0
    people: dict[str, dict[str, Any]] = field(default_factory=lambda: {key: dict(one) for key, one in PEOPLE.items()})
    _codes: dict[str, _Question] = field(default_factory=dict)
    """Open authorizations by code; each code is good for one token."""

    def __post_init__(self) -> None:
        self._key = RSAKey.generate_key(2_048, parameters={"kid": "test", "use": "sig", "alg": "RS256"})
        routes = [
            Route("/.well-known/openid-configuration", self._describe),
            Route("/authorize", self._authorize),
            Route("/token", self._give_token, methods=["POST"]),
            Route("/jwks", self._list_keys),
            Route("/logout", self._log_out),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=self.port, ws="none", log_level="critical", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="openid-provider", daemon=True)

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://127.0.0.1:{self._server.servers[0].sockets[0].getsockname()[1]}"

    def settings(self, public_url: str) -> dict[str, str]:
        """Return the environment of a dashboard at this address at which these people can sign in."""
        return {
            "CREWGEN_OIDC_METADATA_URL": f"{self.url}/.well-known/openid-configuration",
            "CREWGEN_OIDC_CLIENT_ID": CLIENT_ID,
            "CREWGEN_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "CREWGEN_COOKIE_SECRET": COOKIE_SECRET,
            "CREWGEN_PUBLIC_URL": public_url,
        }

    def __enter__(self) -> "OpenIdProvider":
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("The OpenID provider could not start.")
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    # --- what a dashboard and a browser ask -----------------------------------------------------------------------

    async def _describe(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "end_session_endpoint": f"{self.url}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _list_keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        """Show who can sign in, or, with the parameter ``person``, sign that one in."""
        asked = request.query_params
        if asked.get("client_id") != CLIENT_ID or asked.get("response_type") != "code" or not asked.get("nonce"):
            return Response("invalid_request", 400)
        subject = asked.get("person", "")
        if subject not in self.people:
            links = "".join(
                f'<p><a href="/authorize?{html.escape(urlencode({**asked, "person": key}))}">{html.escape(key)}</a></p>'
                for key in self.people
            )
            return HTMLResponse(f"<!doctype html><title>Provider</title><h1>Who are you?</h1>{links}")
        code = secrets.token_urlsafe(16)
        self._codes[code] = _Question(asked["redirect_uri"], asked["nonce"], asked.get("code_challenge", ""), subject)
        answer = urlencode({"code": code, "state": asked.get("state", "")})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 302)

    async def _give_token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        question = self._codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if not _is_client(request.headers.get("authorization", ""), form):
            return JSONResponse({"error": "invalid_client"}, 401)
        if question is None or question.challenge != challenge or question.redirect_uri != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": question.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 3_600,
            "nonce": question.nonce,
            **self.people[question.subject],
        }
        token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self._key)
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "expires_in": 3_600, "id_token": token})

    async def _log_out(self, request: Request) -> Response:
        return RedirectResponse(request.query_params.get("post_logout_redirect_uri", "/"), 302)


def _is_client(header: str, form: dict[str, str]) -> bool:
    """Tell whether the dashboard proved who it is, in either usual way."""
    given = (form.get("client_id", ""), form.get("client_secret", ""))
    if header.startswith("Basic "):
        name, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
        given = (unquote(name), unquote(secret))
    return given == (CLIENT_ID, CLIENT_SECRET)


def main() -> None:
    """Run the provider until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=9998)
    parser.add_argument("--dashboard", default="http://localhost:8501", help="address of the dashboard")
    given = parser.parse_args()
    with OpenIdProvider(given.port) as provider:
        for name, value in provider.settings(given.dashboard).items():
            print(f"export {name}='{value}'")
        print("export CREWGEN_ADMINS=adam@example.com", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
