"""Keys never stand in a text that is kept: what a process was given is taken out of all that it says."""

import re
from collections.abc import Iterable, Mapping

SHORTEST_SECRET = 6
"""Characters from which a value can be a key; shorter ones stand in texts by chance."""

HIDDEN = "[hidden]"

_KEY_LIKE = re.compile(r"\b(sk|rk|pk|gsk|xai|AIza|hf|ghp|gho|tvly)[-_]?[A-Za-z0-9_\-*]{12,}")
"""How well-known providers' keys begin, also half hidden as they quote them in errors."""


def find_secrets(names: Iterable[str], environment: Mapping[str, str]) -> frozenset[str]:
    """Return the values of these variables that can be keys."""
    values = (environment.get(name, "").strip() for name in names)
    return frozenset(value for value in values if len(value) >= SHORTEST_SECRET)


def clean(text: str, secrets: frozenset[str]) -> str:
    """Return a text without keys, and without what no database keeps (half characters, NUL)."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _KEY_LIKE.sub(HIDDEN, text).replace("\0", "")
    return text.encode("utf-8", "replace").decode()
