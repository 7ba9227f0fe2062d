"""Finds the field of work that an objective belongs to."""

from collections.abc import Sequence

from crewgen_core.analysis.clause import Clause
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import Word, stem
from crewgen_core.models.analysis import RequiredSkill
from crewgen_core.models.objective import Objective

GENERAL = "general"

_SKILL_SHARE = 0.5
"""What a required skill says about the domain, beside a word of the domain itself [assumption]."""

_LEAST_SIGNAL = 1.0
"""Below one clear word the domain stays general."""


def find_domain(
    objective: Objective, clauses: Sequence[Clause], skills: Sequence[RequiredSkill], catalog: Catalog
) -> str:
    """Return the key of the domain: the one that was chosen, else the one that most words and skills point to."""
    chosen = (objective.domain or "").strip().lower()
    for domain in catalog.domains.values():
        if chosen and chosen in (domain.key, domain.name.lower()):
            return domain.key
    scores = dict.fromkeys(catalog.domains, 0.0)
    for clause in clauses:
        for match in catalog.domain_phrases.find(_telling_words(clause, catalog)):
            scores[match.owner] += match.strength
    for skill in skills:
        for domain in catalog.home_domains[skill.key]:
            scores[domain] += _SKILL_SHARE * skill.weight
    scores.pop(GENERAL, None)
    best = max(scores, key=lambda key: scores[key], default=GENERAL)
    return best if scores.get(best, 0) >= _LEAST_SIGNAL else GENERAL


def _telling_words(clause: Clause, catalog: Catalog) -> Sequence[Word]:
    """Return the words of a clause without a verb by which any field is studied: "compare" says nothing of real estate."""
    verb = stem(clause.action.split()[-1]) if clause.action else ""
    studies = catalog.verb_activities.get(verb) in ("research", "analyze")
    return clause.words[clause.verb_count :] if studies else clause.words
