"""Text for a terminal: wrapped to its columns, without what could steer it."""

from collections.abc import Iterable, Sequence
from textwrap import fill

COLUMNS = 80


def harmless(text: str) -> str:
    """Return the text with a space for every character that does not print; some of them steer terminals."""
    return "".join(c if c.isprintable() else " " for c in text)


def wrap(text: str, indent: int = 0, later: int | None = None) -> str:
    """Return the text on lines of at most 80 columns, harmless; ``later`` indents all lines but the first."""
    return fill(
        harmless(text),
        COLUMNS,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if later is None else later),
    )


def list_items(title: str, items: Iterable[str]) -> str:
    """Return the items below their title, one a paragraph; nothing where there are none."""
    lines = [wrap(f"- {item}", 2, 4) for item in items]
    return "\n".join([title, *lines]) if lines else ""


def write_note(label: str, words: str | Sequence[str]) -> list[str]:
    """Return the words behind their label, indented, as lines; no line where there are no words."""
    text = words if isinstance(words, str) else ", ".join(words)
    return [wrap(label + text, 4, 6)] if text else []


def cut(text: str, most: int) -> str:
    """Return the text, shortened to so many characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def join(*parts: str) -> str:
    """Return the parts that are not empty, with an empty line between them."""
    return "\n\n".join(part for part in parts if part)
