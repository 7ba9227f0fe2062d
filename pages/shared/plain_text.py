"""Text of people, models and files as what it is: never Markdown, a directive or a link of Streamlit."""

import re
from collections.abc import Sequence

_JOINER = "\u2060"
"""Word joiner: invisible, and between two characters it keeps them from being read as one sign."""

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=@/])")
"""Characters that mean something to Markdown or to Streamlit's additions."""

_SIGNS = re.compile(r"([:@])(?=\S)|(?<=[-<>=~])(?=[-<>=])|(?<=\bwww)(?=\.)", re.IGNORECASE)
"""Where emoji names, icons, addresses and arrows begin: they are looked for after escapes were read, so a backslash
does not stop them."""

_COMMAND = re.compile(r"`([\w ./=-]+)`")
"""A command in a sentence: of its characters none means anything to Streamlit inside of code."""


def plain(text: str) -> str:
    """Return the text so that a label or a Markdown element shows it as typed, on one line."""
    return _escape(" ".join(text.split()))


def plain_hint(text: str) -> str:
    """Return what to do next as ``plain`` does, with the commands in it, which stand between backticks, as code."""
    parts = _COMMAND.split(" ".join(text.split()))  # words and commands in turns
    return "".join(f"`{part}`" if turn % 2 else _escape(part) for turn, part in enumerate(parts))


def _escape(one_line: str) -> str:
    parted = _SIGNS.sub(lambda found: found[0] + _JOINER, one_line)
    return _MARKS.sub(r"\\\1", parted)


def join_plain(parts: Sequence[tuple[str, str]]) -> str:
    """Return pieces of one text, each with a directive to put around it ("" for none), shown as typed on one line."""
    shown = ""
    for piece, directive in parts:
        if not piece:
            continue
        before = " " if piece[0].isspace() else _JOINER if shown and not shown[-1].isspace() else ""
        words = plain(piece)
        if words:
            shown += before + (f"{directive}[{words}]" if directive else words)
        shown += " " if piece[-1].isspace() and not shown.endswith(" ") else ""
    return shown.strip()


def shorten(text: str, most: int) -> str:
    """Return the text on one line, cut after a whole word to at most ``most`` characters."""
    one_line = " ".join(text.split())
    if len(one_line) <= most:
        return one_line
    cut = one_line[:most].rpartition(" ")[0] or one_line[: most - 1]
    return cut.rstrip(",.;: ") + "…"
