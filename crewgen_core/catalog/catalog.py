"""The catalog in memory, with the look-ups that the rooms above need."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from crewgen_core.catalog.entries import (
    Activity,
    Artefact,
    Domain,
    Pattern,
    RiskRule,
    Role,
    Skill,
    Step,
    Tool,
)
from crewgen_core.catalog.language import Language
from crewgen_core.catalog.phrases import PhraseIndex
from crewgen_core.catalog.words import stem

_EXPERT_PROFICIENCY = 8
"""From this proficiency a role is an expert of a skill."""


@dataclass(frozen=True)
class Catalog:
    """Everything crewgen knows about work, by key. Made by ``loader.load_catalog``, which checks that it is closed."""

    domains: dict[str, Domain]
    artefacts: dict[str, Artefact]
    skills: dict[str, Skill]
    roles: dict[str, Role]
    tools: dict[str, Tool]
    patterns: dict[str, Pattern]
    risks: dict[str, RiskRule]
    language: Language

    @cached_property
    def steps(self) -> dict[str, Step]:
        """All steps of all patterns, by key, in file order."""
        return {step.key: step for pattern in self.patterns.values() for step in pattern.steps}

    @cached_property
    def pattern_of(self) -> dict[str, Pattern]:
        """The pattern that each step belongs to, by step key."""
        return {step.key: pattern for pattern in self.patterns.values() for step in pattern.steps}

    @cached_property
    def steps_by_skill(self) -> dict[str, tuple[Step, ...]]:
        """The steps that ask for each skill; the first is the usual one."""
        return _group(self.steps.values(), lambda step: step.skill)

    @cached_property
    def producers(self) -> dict[str, tuple[Step, ...]]:
        """The steps that produce each artefact; the first is the usual one."""
        return _group(self.steps.values(), lambda step: step.produces)

    @cached_property
    def roles_by_skill(self) -> dict[str, tuple[Role, ...]]:
        """The roles that have each skill, the most proficient first."""
        found: dict[str, list[Role]] = {key: [] for key in self.skills}
        for role in self.roles.values():
            for skill in role.skills:
                found[skill].append(role)
        return {skill: tuple(sorted(roles, key=lambda role: -role.skills[skill])) for skill, roles in found.items()}

    @cached_property
    def home_domains(self) -> dict[str, frozenset[str]]:
        """The domains that each skill is at home in; empty for a skill of every trade.

        A skill is at home where its file puts its experts; one that roles of no particular domain know best is general.
        """
        homes: dict[str, frozenset[str]] = {}
        for skill, roles in self.roles_by_skill.items():
            experts = [role for role in roles if role.skills[skill] >= _EXPERT_PROFICIENCY]
            general = any(not role.domains for role in experts)
            homes[skill] = frozenset[str]() if general else frozenset(d for role in experts for d in role.domains)
        return homes

    @cached_property
    def skill_names(self) -> dict[str, str]:
        """Skill keys by every lower-case name or alias."""
        names = {alias.lower(): key for key, skill in self.skills.items() for alias in skill.aliases}
        names |= {skill.name.lower(): key for key, skill in self.skills.items()}
        return names | {key: key for key in self.skills}

    @cached_property
    def tool_names(self) -> dict[str, str]:
        """Tool keys by every lower-case name, alias or CrewAI class name.

        A class that several tools share says nothing; an alias counts more than a class, because it tells what people
        mean by the name.
        """
        shared = Counter(tool.crewai_class for tool in self.tools.values())
        names = {tool.crewai_class.lower(): key for key, tool in self.tools.items() if shared[tool.crewai_class] == 1}
        names |= {alias.lower(): key for key, tool in self.tools.items() for alias in tool.aliases}
        names |= {tool.name.lower(): key for key, tool in self.tools.items()}
        return names | {key: key for key in self.tools}

    @cached_property
    def verb_activities(self) -> dict[str, Activity]:
        """The kind of work that each verb asks for, by stem; a verb of several groups counts for the first."""
        activities: dict[str, Activity] = {}
        for group in self.language.verb_groups.values():
            for verb in group.verbs:
                activities.setdefault(stem(verb), group.activity)
        return activities

    @cached_property
    def verb_groups(self) -> dict[str, str]:
        """The name of the group that each verb belongs to first, by stem."""
        names: dict[str, str] = {}
        for name, group in self.language.verb_groups.items():
            for verb in group.verbs:
                names.setdefault(stem(verb), name)
        return names

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The base form of every verb of a group, in lower case."""
        return frozenset(verb for group in self.language.verb_groups.values() for verb in group.verbs)

    @cached_property
    def verbs_by_stem(self) -> dict[str, str]:
        """The base form of every verb of a group, by stem."""
        found: dict[str, str] = {}
        for verb in sorted(self.verbs, key=len, reverse=True):
            found[stem(verb)] = verb
        return found

    @cached_property
    def also_nouns(self) -> frozenset[str]:
        """Verbs that are nouns as well ("plan", "report")."""
        return frozenset(self.language.also_nouns)

    @cached_property
    def known_stems(self) -> frozenset[str]:
        """Every stem that the catalog has a use for; a word without one may be misspelt."""
        return frozenset(
            {*self.skill_stems, *self.deliverable_phrases.stems(), *self.given_phrases.stems(),
             *self.domain_phrases.stems(), *self.step_phrases.stems(), *self.verbs_by_stem}
        )  # fmt: skip

    @cached_property
    def audience_pattern(self) -> re.Pattern[str]:
        """Finds "for the board": a preposition, up to three words, a noun for readers (group "audience")."""
        nouns = "|".join(sorted(map(re.escape, self.language.audiences), key=len, reverse=True))
        return re.compile(
            r"\b(?:for|to|aimed at|targeting|targeted at)\s+"
            rf"(?P<audience>(?:(?!(?:with|of|in|for|to|and|on|at|by|from|that|who)\b)[\w'’-]+\s+){{0,4}}?(?:{nouns}))"
            r"(?=[,.;:!?)]|\s*$|\s+(?:about|on|in|with|and|to|that|who|by|at|from|for|before|after|so|using|based|or|as|which|"
            r"explaining|including|covering|under|within|without|regarding|whether|why|how|what)\b)",
            re.IGNORECASE,
        )

    @cached_property
    def recipient_pattern(self) -> re.Pattern[str]:
        """Finds who gets something in front of what they get: "the board" in "the board a summary" (group "who")."""
        nouns = "|".join(sorted(map(re.escape, self.language.audiences), key=len, reverse=True))
        return re.compile(
            rf"^(?P<who>(?:(?:the|our|my|each|every|all|your)\s+)?(?:[\w'’-]+\s+){{0,2}}?(?:{nouns}|hr|management))"
            r"\s+(?=(?:an?|the|one|two|three|four|five|ten|some|\d+|what|how|which|whether|why)\s)",
            re.IGNORECASE,
        )

    @cached_property
    def lead_ins(self) -> tuple[str, ...]:
        """The opening words that ask for help without saying with what, the longest first."""
        return tuple(sorted(self.language.lead_ins, key=len, reverse=True))

    @cached_property
    def tongue_pattern(self) -> re.Pattern[str]:
        """Finds "in Spanish" and "into French and German" (group "tongue")."""
        names = "|".join(sorted(self.language.tongues, key=len, reverse=True))
        return re.compile(
            r"\b(?:in|into|to)\s+(?:simple |plain |clear )?"
            rf"(?P<tongue>(?:{names})(?:(?:,\s*(?:and\s+)?|\s+and\s+)(?:{names}))*)\b",
            re.IGNORECASE,
        )

    @cached_property
    def skill_phrases(self) -> PhraseIndex:
        """Finds the skills that a clause calls for, by triggers, names and aliases; a single word must be a trigger."""
        named = {
            key: [name for name in (skill.name, *skill.aliases) if len(name.split()) > 1]
            for key, skill in self.skills.items()
        }
        return self._index({key: (*skill.triggers, *named[key]) for key, skill in self.skills.items()})

    @cached_property
    def skill_stems(self) -> frozenset[str]:
        """Every stem that a trigger of a skill names."""
        return self.skill_phrases.stems()

    @cached_property
    def step_phrases(self) -> PhraseIndex:
        """Finds the steps that a clause picks among those of one skill."""
        return self._index({key: step.triggers for key, step in self.steps.items()})

    @cached_property
    def deliverable_phrases(self) -> PhraseIndex:
        """Finds the patterns whose deliverable a clause names."""
        return self._index(
            {key: pattern.nouns for key, pattern in self.patterns.items() if pattern.deliverable}, tight=True
        )

    @cached_property
    def given_phrases(self) -> PhraseIndex:
        """Finds the artefacts that a person says are there already."""
        return self._index({key: artefact.given for key, artefact in self.artefacts.items()}, tight=True)

    @cached_property
    def tool_phrases(self) -> PhraseIndex:
        """Finds the tools that a clause asks for."""
        return self._index({key: tool.triggers for key, tool in self.tools.items()})

    @cached_property
    def risk_phrases(self) -> PhraseIndex:
        """Finds the risks that a clause touches."""
        return self._index({key: risk.triggers for key, risk in self.risks.items()})

    @cached_property
    def domain_phrases(self) -> PhraseIndex:
        """Finds the domains that a clause points to."""
        return self._index({key: domain.vocabulary for key, domain in self.domains.items()}, tight=True)

    def _index(self, phrases: Mapping[str, Iterable[str]], *, tight: bool = False) -> PhraseIndex:
        return PhraseIndex(
            phrases, {name: group.verbs for name, group in self.language.verb_groups.items()}, tight=tight
        )


def _group(steps: Iterable[Step], by: Callable[[Step], str]) -> dict[str, tuple[Step, ...]]:
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(by(step), []).append(step)
    return {key: tuple(group) for key, group in found.items()}
