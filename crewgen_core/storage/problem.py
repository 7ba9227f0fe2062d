"""Why something failed, without what differs from one time to the next, so that equal reasons are counted together."""

import re

LONGEST = 300

_VARYING = re.compile(r"https?://\S+|\"[^\"]*\"|“[^”]*”|(?<![\w-])\d[\d.,:]*(?<=\d)(?![\w-])")
"""Addresses, quotations and numbers that stand alone."""


def name_problem(reason: str, model: str = "") -> str:
    """Return the reason on one line with "…" for numbers, quotations and addresses, and "The model" for its name.

    ``model`` is the LiteLLM name of the model that was asked. At most 300 characters.
    """
    text = " ".join(reason.split())
    if model and text.startswith(model):
        text = f"The model{text[len(model) :]}"
    elif model:
        text = text.replace(model, "the model")
    return _VARYING.sub("…", text)[:LONGEST]
