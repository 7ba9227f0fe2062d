"""The analysis of an objective: joins the parts of this room."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.clauses import split_clauses
from crewgen_core.analysis.complexity import judge_complexity
from crewgen_core.analysis.constraints import read_constraints
from crewgen_core.analysis.deliverables import find_deliverables
from crewgen_core.analysis.domain import find_domain
from crewgen_core.analysis.required_skills import Call, find_calls, weigh_skills
from crewgen_core.analysis.risks import find_risks
from crewgen_core.analysis.subject import find_subject
from crewgen_core.analysis.tongue import detect_tongue
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill, StatedConstraints
from crewgen_core.models.objective import Objective
from crewgen_core.numbers import count_minutes

_UNKNOWN_STEP_MINUTES = 45.0
"""Human minutes for a thing to do that the catalog has no step for [assumption]."""


def analyze(objective: Objective, catalog: Catalog) -> Analysis:
    """Return what the objective asks for, without a model.

    Raises UnusableObjective when there is nothing to plan from: no words, or a single word that names no skill.
    """
    clauses, orders = split_clauses(objective.text, catalog)
    told, _ = split_clauses(objective.context, catalog)
    if not clauses:
        raise UnusableObjective(_why_unusable(objective, orders))
    field = find_domain(objective, (*clauses, *told), (), catalog)
    calls = find_calls(clauses, field, catalog)
    skills = weigh_skills(calls, catalog)
    deliverables = find_deliverables(clauses, calls, catalog)
    if is_single_word(objective.text) and not skills and not deliverables:
        raise UnusableObjective("One word that names no work is too little to plan from.")
    if not skills and not deliverables and not told and all(_POINTS_AWAY.match(clause.focus) for clause in clauses):
        raise UnusableObjective("The text only says “it” or “this”, and not what is meant by that. Name the thing.")
    constraints = read_constraints(objective, clauses, catalog)
    tongue = detect_tongue(objective.text, catalog.language.stopwords)
    streams = tuple(call.stream for call in calls if call.request) or tuple(call.stream for call in calls)
    risks = find_risks((*clauses, *told), catalog)
    domain = find_domain(objective, (*clauses, *told), skills, catalog)
    complexity, reasons = judge_complexity(streams, skills, deliverables, risks, constraints)
    return Analysis(
        objective=objective,
        domain=domain,
        domain_name=catalog.domains[domain].name,
        subject=find_subject(clauses, streams, skills, deliverables, constraints, catalog),
        complexity=complexity,
        complexity_reasons=reasons,
        workstreams=streams,
        skills=skills,
        tools=_named_tools(clauses, catalog),
        deliverables=deliverables,
        constraints=constraints,
        risks=risks,
        human_minutes=_sum_minutes(calls, deliverables, catalog),
        written_in=tongue,
        warnings=tuple(_warnings(objective, orders, skills, deliverables, constraints, tongue)),
    )


_POINTS_AWAY = re.compile(r"(?:it|this|that|them|these|those|something|things|stuff)\b(?:\s+[\w'’-]+)?$", re.I)
"""What clauses are about that only point to something else ("make it good")."""


def _why_unusable(objective: Objective, orders: Sequence[str]) -> str:
    if orders:
        return "The text only gives orders to the program itself; it names no work to be done."
    return "The objective has no words." if objective.text.strip() else "The objective is empty."


def _named_tools(clauses: Sequence[Clause], catalog: Catalog) -> tuple[str, ...]:
    found = (match.owner for clause in clauses for match in catalog.tool_phrases.find(clause.words))
    return tuple(dict.fromkeys(found))


def _sum_minutes(calls: Sequence[Call], deliverables: Sequence[Deliverable], catalog: Catalog) -> float:
    """Add the usual step of each skill and of each deliverable; a thing without a step counts with a flat figure."""
    steps = {catalog.steps_by_skill[skill][0].key for call in calls for skill in call.stream.skills}
    steps |= {catalog.producers[made.artefact][0].key for made in deliverables if made.artefact in catalog.producers}
    unknown = sum(1 for call in calls if call.request and not call.stream.skills)
    return sum(catalog.steps[key].minutes for key in steps) + unknown * _UNKNOWN_STEP_MINUTES


def _warnings(
    objective: Objective,
    orders: Sequence[str],
    skills: Sequence[RequiredSkill],
    deliverables: Sequence[Deliverable],
    constraints: StatedConstraints,
    tongue: str,
) -> list[str]:
    found: list[str] = []
    if tongue != "English":
        found.append(
            f"The text seems to be {tongue}. The built-in engine reads English: it made a general plan around "
            "the text as it stands. A model under Engine, or the same text in English, gives a crew of specialists."
        )
    if orders:
        found.append(f'Left out because it gives orders to the program instead of naming work: "{orders[0][:80]}".')
    if len(split_words(objective.text)) < 4:
        found.append(
            "The objective is very short; much had to be assumed. Say what should exist in the end, and for whom."
        )
    if not skills and not deliverables and tongue == "English":
        found.append("No known kind of work was recognised, so the plan follows the words of the objective one by one.")
    if constraints.max_agents is not None and constraints.max_agents < 2 and len(deliverables) > 2:
        found.append(
            f"One agent for {len(deliverables)} deliverables is allowed but nobody will check the work: "
            "allow two agents to have it reviewed."
        )
    if constraints.budget_usd is not None and objective.budget_usd is None:
        found.append(f"The text was read as a limit of ${constraints.budget_usd} for one run of the crew.")
    if constraints.deadline_minutes is not None and objective.deadline_minutes is None:
        found.append(
            f"The text was read as a limit of {count_minutes(constraints.deadline_minutes)} for one run of the crew."
        )
    return found


def is_single_word(text: str) -> bool:
    """True for one word of a script that puts spaces between words; a Chinese sentence is no single word."""
    words = split_words(text)
    return len(words) == 1 and (words[0].text.isascii() or len(words[0].text) < _SHORTEST_SENTENCE)


_SHORTEST_SENTENCE = 6
"""Characters from which a run of letters of another script is taken for a sentence."""
