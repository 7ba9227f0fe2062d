"""The score from 0 to 10 and the verdict in words.

    score = (10 - Σ penalties) · (0.6 + 0.4 · coverage),  at least 4 without errors
    with errors: at most 3.9 · 0.85^(errors - 1);  a crew without agents or tasks: 0

A warning costs 0.7, advice 0.2; each further finding of the same code costs three quarters of the one before, so that
a big crew is not punished for its size. The penalties and the weight of coverage are assumptions; the order that they
give is what counts: errors always put a crew below one without any, and naming skills that nobody uses does not pay.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from crewgen_core.models.crew import Crew
from crewgen_core.models.report import Finding, FindingSeverity
from crewgen_core.validation.context import Context
from crewgen_core.validation.matrix import measure_coverage
from crewgen_core.validation.rules import RULES

NO_CHANCE = "How likely a run succeeds is the estimate's to say."
"""Stands beside praise: a sound crew may be unlikely to succeed, and people took the one for the other."""

_TITLES = {rule.code: rule.title for rule in RULES}

PENALTY = {"error": 1.0, "warning": 0.7, "advice": 0.2}
"""Points that the first finding of a code costs, by severity."""

REPEATED = 0.75
"""Each further finding of the same code costs this share of the one before."""

UNSCORED = frozenset({"CG224", "CG225"})
"""A key that is not set and a risk to agree to say something about the machine and the person, not about the design: a
crew must not score higher for having no tools."""

COVERAGE_WEIGHT = 0.4
ERROR_CAP = 3.9
"""Most points with one error: below 4 no crew can run."""

FURTHER_ERROR = 0.85
"""Share of the cap that each further error leaves."""

LEAST = 4.0
"""Least points of a crew that can run."""


def score_crew(context: Context, findings: Sequence[Finding]) -> float:
    """Return the score, 0 to 10, rounded to one digit."""
    if not context.crew.agents or not context.crew.tasks:
        return 0.0
    counts = Counter((finding.code, finding.severity) for finding in findings if finding.code not in UNSCORED)
    lost = sum(PENALTY[severity] * (1 - REPEATED**count) / (1 - REPEATED) for (_, severity), count in counts.items())
    share = 1 - COVERAGE_WEIGHT + COVERAGE_WEIGHT * measure_coverage(context)
    points = (10 - min(lost, 10)) * share
    errors = sum(count for (_, severity), count in counts.items() if severity == "error")
    if errors:
        return round(min(points, ERROR_CAP * FURTHER_ERROR ** (errors - 1)), 1)
    return round(max(points, LEAST), 1)


def judge_crew(crew: Crew, findings: Sequence[Finding], more_titles: Mapping[str, str] | None = None) -> str:
    """Say in a sentence or two whether the crew can run, and what matters most; findings come gravest first.

    ``more_titles`` are those, by code, of findings that no rule makes.
    """
    if not crew.agents or not crew.tasks:
        return "This crew is not complete: it needs at least one agent and one task."
    counts = Counter(finding.severity for finding in findings)
    titles = _TITLES | dict(more_titles or {})
    if counts["error"]:
        named = _list_titles(findings, "error", titles)
        return f"This crew cannot run yet: {_count(counts['error'], 'error')} ({named})."
    if counts["warning"]:
        named = _list_titles(findings, "warning", titles)
        return f"This crew can run; look at {_count(counts['warning'], 'warning')} first ({named})."
    if counts["advice"]:
        named = _list_titles(findings, "advice", titles)
        return f"This crew is sound by the rules; there is some advice ({named}). {NO_CHANCE}"
    return f"This crew is sound by the rules, which look at its design: none has anything against it. {NO_CHANCE}"


def _list_titles(findings: Sequence[Finding], severity: FindingSeverity, titles: Mapping[str, str]) -> str:
    """Return the titles of these findings, at most three of them."""
    codes = list(dict.fromkeys(finding.code for finding in findings if finding.severity == severity))
    shown = [titles[code][:1].lower() + titles[code][1:] for code in codes[:3]]
    return ", ".join(shown) + (f" and {len(codes) - 3} more" if len(codes) > 3 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
