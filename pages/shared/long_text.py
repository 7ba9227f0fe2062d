"""Texts that people paste: the field has no limit, so what is too long stays in it, and a sentence says so.

A field with a limit drops a longer text as it is pasted, without a word.
"""

from crewgen_core.errors import CrewgenError
from crewgen_core.models.objective import clean_text


def read_text(typed: str | None, called: str, most: int, fault: type[CrewgenError] = CrewgenError) -> str:
    """Return what was typed, cleaned. Raises ``fault`` where that has more than ``most`` characters.

    ``called`` is what the text is called in a sentence: "context".
    """
    text = clean_text(typed or "")
    if len(text) > most:
        raise fault(
            f"The {called} has {len(text):,} characters, and {most:,} is the most.",
            "What you typed is still there: say it in fewer words.",
        )
    return text
