"""Words that belong to no field of work: verbs by kind, audiences, tongues, formats, tones."""

from typing import Annotated

from pydantic import Field, StringConstraints

from crewgen_core.catalog.entries import Activity, Key, Phrase, Step, Text
from crewgen_core.models.value import Value

GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z]+$")]


class VerbGroup(Value):
    """Verbs that ask for the same kind of work; "@name" in a trigger stands for any of them."""

    activity: Activity
    verbs: tuple[Phrase, ...]
    """Base forms ("analyze")."""


class PlainStep(Value):
    """What to do with a clause that no step of a pattern fits; fields as in ``entries.Step``.

    Its texts have one more slot, {request}: the clause as a command.
    """

    skill: Key
    uses: tuple[str, ...]
    produces: Key
    description: Text
    output: Text
    checks: tuple[Text, ...]
    minutes: Annotated[float, Field(gt=0, le=2_000)]
    tools: tuple[Key, ...] = ()

    def as_step(self, key: str, title: str) -> Step:
        """Return the step that this makes of a clause; ``title`` may hold the slot {request}."""
        return Step(key=key, title=title, **dict(self))


class Language(Value):
    """The content of ``data/language.yaml``."""

    verb_groups: dict[GroupName, VerbGroup]
    also_nouns: tuple[Phrase, ...] = ()
    """Verbs of the groups that are nouns as well ("plan", "report")."""
    audiences: tuple[Phrase, ...]
    """Nouns for readers ("board", "executives"), found after "for" and "to"."""
    tongues: tuple[Phrase, ...]
    """Names of languages in English ("Spanish")."""
    file_formats: dict[Phrase, Text]
    """Words for file formats, with the name to show ("markdown": "Markdown")."""
    tones: tuple[Phrase, ...]
    """Adjectives for tone ("warm", "formal")."""
    number_words: dict[Phrase, Annotated[int, Field(ge=1)]]
    """Number words up to a hundred."""
    stopwords: dict[Text, tuple[str, ...]]
    """Frequent short words of languages, by the language's English name."""
    lead_ins: tuple[Phrase, ...]
    """Opening words of a clause that ask for help without saying with what ("please", "we need to")."""
    plain_steps: dict[str, PlainStep]
    """The step of last resort for each kind of work, or for a verb group by its name."""
