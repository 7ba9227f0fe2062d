"""Settings of a dashboard where people sign in, for tests that need no provider to be there."""

LOGIN = {
    "oidc_metadata_url": "https://id.example.org/.well-known/openid-configuration",
    "oidc_client_id": "crewgen",
    "oidc_client_secret": "not a secret",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "public_url": "https://crewgen.example.org",
}
