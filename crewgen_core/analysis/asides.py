"""Sets apart what an objective says in brackets, so that no sentence is cut inside them and no work begins there."""

from dataclasses import dataclass

from crewgen_core.catalog.words import split_words

_OPEN = "(（"
_CLOSED = ")）"
_ANCHOR = 2
"""Words in front of a bracket by which the clause that it belongs to is found again."""


@dataclass(frozen=True)
class Aside:
    """What stands in a pair of brackets."""

    text: str
    """Without the brackets."""
    behind: str
    """The last words in front of it, in lower case; empty where it begins the text."""


def set_apart(text: str) -> tuple[str, tuple[Aside, ...]]:
    """Return the text without its asides, and the asides in order.

    A bracket without its other half stays where it is. Where everything stands in brackets they are no aside, and only
    the signs go.
    """
    spans = _find_spans(text)
    if not spans:
        return text, ()
    plain = ""
    asides: list[Aside] = []
    at = 0
    for begin, end in spans:
        plain += text[at:begin].rstrip(" \t") if text[begin - 1 : begin].isspace() else text[at:begin]
        asides.append(Aside(_drop_signs(text[begin + 1 : end - 1]).strip(), _last_words(plain)))
        at = end
        if plain[-1:].isalnum() and text[end : end + 1].isalnum():
            plain += " "
    plain += text[at:]
    if not split_words(plain):
        return _drop_signs(text), ()
    return plain, tuple(aside for aside in asides if split_words(aside.text))


def _find_spans(text: str) -> list[tuple[int, int]]:
    """Return where the outermost pairs of brackets begin and end."""
    open_at: list[int] = []
    spans: list[tuple[int, int]] = []
    for at, sign in enumerate(text):
        if sign in _OPEN:
            open_at.append(at)
        elif sign in _CLOSED and open_at:
            begin = open_at.pop()
            while spans and spans[-1][0] > begin:
                spans.pop()
            spans.append((begin, at + 1))
    return spans


def _drop_signs(text: str) -> str:
    return "".join(" " if sign in _OPEN + _CLOSED else sign for sign in text)


def _last_words(text: str) -> str:
    words = split_words(text[-80:])[-_ANCHOR:]
    return text[-80:][words[0].start : words[-1].end].lower() if words else ""
