"""The entries of the catalog: what a person may write into its data files, field by field."""

from ast import literal_eval
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from crewgen_core.models.value import Value

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True)]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]

Activity = Literal["research", "analyze", "plan", "write", "make", "operate", "communicate", "review"]
"""The eight kinds of work; where no step of the catalog fits a clause, its verb's kind still says what to do."""

Stage = Literal["input", "source", "data", "finding", "plan", "draft", "product", "review", "final"]
"""How far along a result is. "input" is what a person brings; a crew's last task gives a "final" or the deliverable."""

Multiplier = Annotated[float, Field(ge=1, le=100)]


PLATFORM_CLASS = "CrewaiPlatformTools"
"""Factory in ``crewai_tools`` that gives all actions of applications connected on the CrewAI platform."""


class Domain(Value):
    """A field in which people work ("marketing")."""

    key: Key
    name: Text
    vocabulary: tuple[Phrase, ...]
    """Words and phrases that point to it; more specific ones are longer."""
    trades: dict[str, Key] = Field(default={})
    """The skill that work without a known skill calls for here, by verb group of language.yaml ("check") or activity
    ("write"): who describes photos in marketing is a copywriter, who implements something in software programs."""
    difficulty: Multiplier = 3.5
    """Benchmark-equivalent minutes per real human minute, the D of docs/estimator.md: 1 self-contained software and
    data analysis, 1.2 office texts judged by preference, 10 professional services where all points are needed; 3.5 is
    the geometric mean of the last two [assumption]."""


class Artefact(Value):
    """A result that steps hand to each other, or that a person brings ("cleaned data set")."""

    key: Key
    name: Text
    stage: Stage
    given: tuple[Phrase, ...] = ()
    """Phrases by which an objective says that it is there already ("our subscription exports")."""


class Skill(Value):
    """Something an agent can do."""

    key: Key
    name: Text
    """In a few plain words, lower case ("churn analysis")."""
    gloss: Text
    """What it is, as a command ("find out why customers leave and who is about to")."""
    activity: Activity
    aliases: tuple[Phrase, ...] = ()
    """Other names of the same skill; a model's answer is mapped by them."""
    triggers: tuple[Phrase, ...]
    """Phrases in an objective that call for it. All words of a phrase must fall close together within one clause, in
    any inflection; names keep their order or have a preposition between. "=word" is that exact word; "@find" is any
    verb of that group in language.yaml; a phrase that begins with "~" counts in the skill's own domain only."""


class Role(Value):
    """A kind of agent that people hire for."""

    key: Key
    title: Text
    """A job title ("Customer Retention Analyst")."""
    focus: Text
    """What it cares about, a noun phrase ("why customers stay or leave")."""
    domains: tuple[Key, ...] = ()
    """Domains in which it is at home; empty means any."""
    skills: dict[Key, Annotated[int, Field(ge=1, le=10)]]
    """Skills with proficiency 1 to 10; 5 does the work, 9 is known for it."""
    tools: tuple[Key, ...] = ()
    """Tools that it typically uses."""
    goal: Text
    """Template with slots, one sentence without "you" ("Find what drives {subject} ...")."""
    style: Text
    """Template with slots: working style, one or two sentences to the agent ("You distrust averages.")."""
    generic: bool = False
    """True for roles of every field ("Research Analyst"), whose title gets in front what the agent works on."""
    head: str = ""
    """Its short title behind such a topic ("Researcher" gives "Tour Venue Researcher"); empty takes the whole title."""


class Tool(Value):
    """A tool of CrewAI's own package that agents may be granted."""

    key: Key
    name: Text
    crewai_class: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]+$")]
    """Class in ``crewai_tools``."""
    purpose: Text
    """What an agent does with it, as a command ("search the web")."""
    environment: tuple[str, ...] = ()
    """Environment variables it needs, such as keys."""
    network: bool = False
    """True when it goes to the network."""
    risk: Literal["low", "medium", "high"] = "low"
    """medium reads private or untrusted sources, high can change things or run code; high is granted only when the
    objective needs it and is always flagged."""
    risk_reason: str = ""
    aliases: tuple[Phrase, ...] = ()
    triggers: tuple[Phrase, ...] = ()
    """Phrases in an objective that ask for it."""
    instead_of: Key | None = None
    """The plainer tool that does the same work; this one takes its place only where the objective names what it is
    for ("CSV"), and is replaced by it elsewhere."""
    private: bool = False
    """True when it works on a system of the person's own (mailbox, database, CRM): granted only where the objective
    names that system, since nobody can know that it is there."""
    arguments: dict[str, str] = Field(default={})
    """Constructor arguments it cannot do without, as Python literals; a text "$NAME" in one stands for the environment
    variable NAME."""
    packages: tuple[str, ...] = ()
    """Python packages it needs beside crewai_tools."""

    @property
    def apps(self) -> tuple[str, ...]:
        """Applications of the CrewAI platform that it stands for ("gmail"); empty for every other tool."""
        return tuple(literal_eval(self.arguments["apps"])) if self.crewai_class == PLATFORM_CLASS else ()


class Step(Value):
    """One piece of work in a pattern. Its order follows from what it needs and produces.

    Slots in texts: {focus} what this step is about in the objective's words, {topic} the same in one to four words, for
    every mention after the first, {subject} what the whole objective is about, {audience} who reads the result ("the
    board"; "the reader" when nobody is named), {deliverable} what exists in the end ("two-page brief"), {inputs} what
    the person brings ("our subscription exports"; "the material at hand" when nothing is named), {points} what the
    tasks before it have to meet.
    """

    key: Key
    title: Text
    """A short command, four to nine words with {focus} or {subject} ("Find what drives {focus}")."""
    skill: Key
    needs: tuple[Key, ...] = ()
    """Artefacts it cannot do without: the step that produces one is pulled in when nobody gives it."""
    uses: tuple[str, ...] = ()
    """Artefacts it works from when they are there; "stage:finding" stands for all of that stage."""
    produces: Key
    brings: tuple[Key, ...] | None = None
    """Steps that an expert adds when the objective names little more than this one ("Plan a wedding": venue, budget);
    none for work that is whole by itself. Without the field, what the step uses is prepared."""
    triggers: tuple[Phrase, ...] = ()
    """Phrases that pick this step among those of the same skill."""
    description: Text
    """Two to four sentences to the agent: what to do, how, with which limits."""
    output: Text
    """The expected output, one or two sentences: form, parts, size."""
    checks: tuple[Text, ...]
    """One to three measurable conditions that somebody else can check in the output."""
    minutes: Annotated[float, Field(gt=0, le=2_000)]
    """Minutes a capable person would need [assumption, times or divided by two]."""
    tools: tuple[Key, ...] = ()
    """Tools that help, the best first."""


class Pattern(Value):
    """What must be done for a kind of deliverable."""

    key: Key
    name: Text
    domains: tuple[Key, ...] = ()
    """Domains in which it applies; empty means any."""
    deliverable: Key | None = None
    """Artefact that it ends in, when people ask for one by name."""
    nouns: tuple[Phrase, ...] = ()
    """Phrases by which people name the deliverable ("two-page brief", "executive summary")."""
    steps: tuple[Step, ...]


class RiskRule(Value):
    """Words that ask for care, and the care to take."""

    key: Key
    name: Text
    severity: Literal["low", "medium", "high"]
    triggers: tuple[Phrase, ...]
    care: Text
    """What a crew does about it, one sentence."""
    review: Key | None = None
    """Step that is added because of it."""


class FieldFile(Value):
    """One file of ``data/fields``: everything about one field of work."""

    domains: tuple[Domain, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    skills: tuple[Skill, ...] = ()
    roles: tuple[Role, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    risks: tuple[RiskRule, ...] = ()
