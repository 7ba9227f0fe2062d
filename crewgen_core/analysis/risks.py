"""Finds what asks for care: personal data, legal or medical advice, actions that cannot be taken back."""

from collections.abc import Sequence

from crewgen_core.analysis.clause import Clause
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.analysis import Risk


def find_risks(clauses: Sequence[Clause], catalog: Catalog) -> tuple[Risk, ...]:
    """Return the risks that any clause touches, the gravest first, with the words that say so."""
    evidence: dict[str, list[str]] = {}
    for clause in clauses:
        for match in catalog.risk_phrases.find(clause.words):
            evidence.setdefault(match.owner, []).append(match.evidence)
    gravity = {"high": 0, "medium": 1, "low": 2}
    rules = sorted((catalog.risks[key] for key in evidence), key=lambda rule: gravity[rule.severity])
    return tuple(
        Risk(
            key=rule.key,
            name=rule.name,
            severity=rule.severity,
            evidence=tuple(dict.fromkeys(evidence[rule.key])),
            care=rule.care,
        )
        for rule in rules
    )
