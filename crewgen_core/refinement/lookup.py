"""Finds in the catalog what a person wants to add: a role, a skill, a deliverable, a check of a field of work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crewgen_core.analysis.phrasing import upper_first
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Role, Step
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Analysis
from crewgen_core.refinement.parts import names_person, share_of, words_of


@dataclass(frozen=True)
class Found:
    """A piece of work that the catalog knows, and who is wanted for it."""

    step: Step
    role: Role | None = None
    """The role that was asked for by name, or that the field of the check calls for."""
    title: str = ""
    """The name of the task in the person's words; empty for the catalog's own."""
    known_by: str = ""
    """The words by which it was found."""


_ARTICLE = re.compile(
    r"^(?:(?:an?|the|another|one more|a second|a third|some|extra|additional|more|new|proper|final|dedicated)\s+)+",
    re.I,
)
_WRAPPED = re.compile(
    r"^(?:task|step|phase|stage|part|agent|person|expert|someone|somebody|something)\s+"
    r"(?:that|which|who|to|for|where (?:we|you|they|somebody)|with|about|on)\s+(?P<rest>.+)$",
    re.I,
)
_NOUN_OF_WORK = re.compile(r"\s+(?:tasks?|steps?|phase|stage|agents?|pass|round)$", re.I)
_PURPOSE = re.compile(r"\s+(?:who|that|which|to|in order to|so that|because|for|with|by)\s+.+$", re.I)
_REVIEWS = frozenset(
    {"review", "check", "audit", "approval", "verification", "assessment", "vetting", "inspection", "sign-off"}
)
_GENERAL_REVIEW, _RULES_REVIEW = "quality_review", "compliance_review"
_FIELDS_OF_RULES = frozenset({"legal", "accounting", "finance", "insurance"})
"""Fields in which a check asks whether rules are kept."""


def look_up(what: str, ground: Analysis, catalog: Catalog) -> Found | None:
    """Return the piece of work that is meant; None when the catalog knows nothing like it."""
    bare = bare_name(what)
    short = _PURPOSE.sub("", bare)
    for words in dict.fromkeys((bare, short)):
        found = (
            _find_role(words, ground, catalog)
            or _find_skill(words, ground, catalog)
            or _find_deliverable(words, ground, catalog)
            or _find_field_review(words, catalog)
        )
        if found:
            return found
    return _find_order(bare, catalog)


def bare_name(what: str) -> str:
    """Return what is to be added without what stands around it: "a step that checks X" gives "checks X"."""
    bare = _ARTICLE.sub("", what.strip().strip("\"'“”"))
    wrapped = _WRAPPED.match(bare)
    bare = _ARTICLE.sub("", wrapped["rest"]) if wrapped else bare
    return _NOUN_OF_WORK.sub("", bare).strip() or what.strip()


def _find_role(words: str, ground: Analysis, catalog: Catalog) -> Found | None:
    """Find "fact checker" and "lawyer": a person is asked for, not a thing."""
    wanted = words_of(words)
    if not names_person(words):
        return None
    fitting = [role for role in catalog.roles.values() if share_of(wanted, role.title) == 1.0]
    if not fitting:
        return None
    role = min(
        fitting,
        key=lambda role: (
            role.title.lower() != " ".join(wanted),
            wanted[-1] not in role.title.lower().split(),
            ground.domain not in role.domains,
            bool(role.domains),
            len(role.title),
        ),
    )
    skill = max(
        role.skills,
        key=lambda key: (_has_step(key, catalog), share_of(wanted, catalog.skills[key].name), role.skills[key]),
    )
    step = _step_of(skill, words, ground, catalog)
    return Found(step, role, known_by=words) if step else None


def _find_skill(words: str, ground: Analysis, catalog: Catalog) -> Found | None:
    """Find what the phrases of skills name, else a skill that is called so."""
    wanted = words_of(words)

    def nearness(key: str) -> float:
        skill = catalog.skills[key]
        return max(
            (share_of(wanted, name) * share_of(words_of(name), words) for name in (skill.name, *skill.aliases)),
            default=0.0,
        )

    matches = catalog.skill_phrases.find(split_words(words))
    strengths = {
        match.owner: match.strength
        for match in matches
        if not match.weak or ground.domain in catalog.home_domains[match.owner]
    }
    named = [key for key in catalog.skills if nearness(key) == 1.0] if wanted else []
    keys = [key for key in dict.fromkeys((*strengths, *named)) if _has_step(key, catalog)]
    if not keys:
        return None
    home = catalog.home_domains
    skill = max(
        keys,
        key=lambda key: (
            nearness(key) == 1.0,
            strengths.get(key, 0.0),
            ground.domain in home[key],
            not home[key],
            nearness(key),
        ),
    )
    step = _step_of(skill, words, ground, catalog)
    return Found(step, known_by=words) if step else None


def _find_deliverable(words: str, ground: Analysis, catalog: Catalog) -> Found | None:
    for match in catalog.deliverable_phrases.find(split_words(words)):
        artefact = catalog.patterns[match.owner].deliverable
        if artefact in catalog.producers:
            steps = catalog.producers[artefact]
            step = max(steps, key=lambda step: ground.domain in catalog.pattern_of[step.key].domains)
            return Found(step, known_by=words)
    return None


def _find_field_review(words: str, catalog: Catalog) -> Found | None:
    """Find "legal review": a check by an expert of the field that is named."""
    wanted = words_of(words)
    if len(wanted) < 2 or wanted[-1] not in _REVIEWS:
        return None
    field = " ".join(wanted[:-1])
    domain = next(
        (key for key, entry in catalog.domains.items() if share_of(wanted[:-1], f"{key} {entry.name}") == 1.0), None
    )
    if domain is None:
        domain = next((match.owner for match in catalog.domain_phrases.find(split_words(field))), None)
    if domain is None or domain == "general":
        return Found(_write_review(words, catalog), None, upper_first(words), known_by=words)
    own = (key for key, homes in catalog.home_domains.items() if domain in homes and _checks_results(key, catalog))
    skill = _RULES_REVIEW if domain in _FIELDS_OF_RULES else next(own, _GENERAL_REVIEW)
    experts = [role for role in catalog.roles.values() if domain in role.domains]
    role = max(
        experts,
        key=lambda role: (
            skill in role.skills,
            _GENERAL_REVIEW in role.skills,
            share_of(wanted[:-1], role.title),
            role.skills.get(skill, 0),
        ),
        default=None,
    )
    if domain == "legal":
        role = max(
            experts, key=lambda role: (share_of(["legal"], role.title), _GENERAL_REVIEW in role.skills), default=role
        )
    step = _write_review(words, catalog) if skill == _GENERAL_REVIEW else catalog.steps_by_skill[skill][0]
    return Found(step, role, upper_first(words), known_by=words)


def _write_review(words: str, catalog: Catalog) -> Step:
    """Return a check from the side that is named, where no step of the catalog is about it."""
    return catalog.steps_by_skill[_GENERAL_REVIEW][0].model_copy(
        update={
            "description": f"Go through {{deliverable}} as an expert does in a {words.lower()}. List what is wrong, "
            "missing or risky from that side, each with its place and a correction; leave everything else alone. Say "
            "what nobody can judge from {deliverable} itself.",
            "output": "A table on {deliverable}: place, finding, why it matters, correction; above it a verdict in one "
            "sentence.",
            "checks": (
                f"each finding of the {words.lower()} names its place and a correction",
                "what could not be judged is listed, or it is said that there is nothing",
            ),
        }
    )


def _checks_results(skill: str, catalog: Catalog) -> bool:
    """True where the usual step of a skill checks what others made; auditing a system is work like any other."""
    return any(catalog.artefacts[step.produces].stage == "review" for step in catalog.steps_by_skill.get(skill, ())[:1])


def _find_order(words: str, catalog: Catalog) -> Found | None:
    """Take a command for what is to be done: "translate it" even where no step fits."""
    there = split_words(words)
    if not there:
        return None
    base = next((form for form in _base_forms(there[0].lower) if form in catalog.verbs), None)
    if base is None or len(there) < 2:
        return None
    order = base + words[there[0].end :]
    verb = stem(base)
    plain_steps = catalog.language.plain_steps
    plain = plain_steps.get(catalog.verb_groups.get(verb, "")) or plain_steps.get(
        catalog.verb_activities.get(verb, "make")
    )
    return (
        Found(plain.as_step("asked_for", upper_first(order)[:200]), title=upper_first(order), known_by=words)
        if plain
        else None
    )


def _base_forms(word: str) -> Iterator[str]:
    """Yield what an order may be the form of: "checks" and "checking" of "check"."""
    yield word
    for ending in ("s", "es", "ing"):
        if word.endswith(ending):
            yield word.removesuffix(ending)
            yield word.removesuffix(ending) + "e"


def _has_step(skill: str, catalog: Catalog) -> bool:
    return skill in catalog.steps_by_skill


def _step_of(skill: str, words: str, ground: Analysis, catalog: Catalog) -> Step | None:
    """Choose among the steps of a skill: the one whose triggers or title fit best, then one of the domain."""
    fits = {match.owner: match.strength for match in catalog.step_phrases.find(split_words(words))}
    return max(
        catalog.steps_by_skill.get(skill, ()),
        key=lambda step: (fits.get(step.key, 0.0), ground.domain in catalog.pattern_of[step.key].domains),
        default=None,
    )
