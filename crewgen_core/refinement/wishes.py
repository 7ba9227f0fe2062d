"""The kinds of wishes that can be read in a sentence without a model, each with the words that say it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Goal = Literal["cheaper", "faster", "thorough", "simpler"]
Manner = Literal["language", "audience", "tone", "length", "form", "detail", "focus"]
Place = Literal["before", "after", "first", "last", ""]


@dataclass(frozen=True)
class Improve:
    """A better figure: "make it cheaper"."""

    words: str
    goal: Goal


@dataclass(frozen=True)
class Limit:
    """A limit of one run: "at most $0.05", "within ten minutes"."""

    words: str
    budget_usd: Decimal | None = None
    minutes: float | None = None


@dataclass(frozen=True)
class TeamSize:
    """A number of agents: "two agents only", "use four agents"; relative ones as a difference ("fewer agents": -1)."""

    words: str
    number: int
    exact: bool = False
    relative: bool = False


@dataclass(frozen=True)
class Add:
    """Something more: "add a legal review before the brief"."""

    words: str
    what: str
    place: Place = ""
    other: str = ""


@dataclass(frozen=True)
class Remove:
    """Something less: "remove the editor", "no web access"; ``whom`` narrows it ("from the analyst")."""

    words: str
    what: str
    whom: str = ""


@dataclass(frozen=True)
class Replace:
    """One thing for another: "replace the writer by a copywriter", "use arXiv instead of web search"."""

    words: str
    old: str
    new: str


@dataclass(frozen=True)
class Merge:
    """Two or more parts as one: "merge the writer and the editor"."""

    words: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """One part as several: "split the research in two", "... into market and competitors"."""

    words: str
    what: str
    number: int = 2
    into: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rename:
    """Another name: "rename the writer to Storyteller"."""

    words: str
    old: str
    new: str


@dataclass(frozen=True)
class Move:
    """Another order: "do the check before the writing", "move the check to the end"."""

    words: str
    what: str
    place: Place
    other: str = ""


@dataclass(frozen=True)
class Hand:
    """A tool or a task for an agent: "give the analyst the CSV tool", "let the editor do the check"."""

    words: str
    text: str
    """What stands behind the verb: agent and thing, in either order."""


@dataclass(frozen=True)
class Think:
    """A model to think with: "use gpt-4o-mini for the writer"."""

    words: str
    model: str
    whom: str = ""


@dataclass(frozen=True)
class AskPerson:
    """A person who confirms: "let a person approve the last step", or nobody any more."""

    words: str
    where: str = ""
    wanted: bool = True


@dataclass(frozen=True)
class Lead:
    """A manager, or none."""

    words: str
    wanted: bool


@dataclass(frozen=True)
class AtOnce:
    """Tasks beside each other, or one after the other."""

    words: str
    what: str = ""
    wanted: bool = True


@dataclass(frozen=True)
class Delegate:
    """The right to hand work on, or not."""

    words: str
    wanted: bool
    whom: str = ""


@dataclass(frozen=True)
class Write:
    """How the result is written: "in German", "for executives", "more formal", "shorter"."""

    words: str
    manner: Manner
    value: str
    what: str = ""
    """What is written so; empty for everything that people will read."""


Wish = (
    Improve
    | Limit
    | TeamSize
    | Add
    | Remove
    | Replace
    | Merge
    | Split
    | Rename
    | Move
    | Hand
    | Think
    | AskPerson
    | Lead
    | AtOnce
    | Delegate
    | Write
)
