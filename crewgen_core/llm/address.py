"""The address of a server of models: whether it can be one, whether a name holds one, and how a message may show it."""

from urllib.parse import urlsplit

ADDRESS_SHOWN = 80
"""Most characters of an address in a message."""


def is_web_address(address: str) -> bool:
    """Tell whether the address begins with http:// or https:// and names a server."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or a bracket that is none
        return False


def holds_address(model: str) -> bool:
    """Tell whether a model's name holds an address instead.

    LiteLLM takes "huggingface/https://host/" and "oobabooga/http://host" for servers to ask, and sends the provider's
    key along: whoever may type a model's name could have this machine call any other one.
    """
    return "//" in model or "\\" in model or not model.isprintable()


def describe_address(address: str) -> str:
    """Return the address fit for a message: printable, short, and without what may hold a key or a password."""
    shown = "".join(c for c in address if c.isprintable()).rpartition("@")[2].partition("?")[0].partition("#")[0]
    return shown if len(shown) <= ADDRESS_SHOWN else shown[:ADDRESS_SHOWN] + "…"
