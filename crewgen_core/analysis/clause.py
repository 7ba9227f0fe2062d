"""A clause: a piece of an objective that says one thing."""

import re
from dataclasses import dataclass

from crewgen_core.catalog.words import Word

_QUESTION = re.compile(r"^(?:why|what|how|which|who|whom|whose|where|when|whether)\b", re.I)


@dataclass(frozen=True)
class Clause:
    """A piece of an objective that says one thing."""

    text: str
    words: tuple[Word, ...]
    """Its words; their positions are within ``text``."""
    action: str
    """The verb's base form as written, empty when the clause has none."""
    focus: str
    """What the verb is about; the whole clause when there is no verb."""
    request: bool
    """True when it asks for something, False when it only tells about the situation."""
    heading: bool = False
    """True when it only sums up the clauses that follow it behind a colon."""
    demand: bool = False
    """True when it says what the result must be like, which is no work of its own."""
    topic: bool = False
    """True when it names the topic of the whole and nothing else."""
    owner: bool = False
    """True when it names nothing but who wants it all ("our bakery")."""
    recipient: str = ""
    """Who gets the result, where the verb names them in front of it ("hand the board a summary")."""
    source: str = ""
    """What is turned into something else ("the notes" in "turn the notes into a report")."""
    borrowed: str = ""
    """The words that stand for a pronoun, taken from a clause before."""
    aside: str = ""
    """What stood in brackets within it, without the brackets ("in PDF, two pages")."""

    verb_words: int = 0
    """Number of words that say the action where they are not its own ("keep an eye on": monitor)."""

    @property
    def verb_count(self) -> int:
        """Number of words of the verb at its beginning."""
        return self.verb_words or len(self.action.split())

    @property
    def object_start(self) -> int:
        """Where the words behind the verb begin, in ``text``."""
        return self.words[self.verb_count].start if len(self.words) > self.verb_count else 0

    @property
    def asks(self) -> bool:
        """True when it orders an answer to a question ("determine why nurses leave")."""
        return bool(self.action) and is_question(self.focus)


def is_question(focus: str) -> bool:
    """True for what begins like a question, with or without a mark at its end."""
    return bool(_QUESTION.match(focus))
