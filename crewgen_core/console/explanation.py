"""Writes why the parts of a crew are there as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.figures import show_chance, show_cost, show_duration, show_tokens
from crewgen_core.console.terminal import join, list_items, wrap
from crewgen_core.models.explanation import Absence, CoveredSkill, Explanation, Reason, RuleNote


def describe_reasons(reasons: Sequence[Reason]) -> str:
    """Return every part of a crew with its path and its reason."""
    return "\n".join(
        f"{wrap(reason.path, 2 * ('/tools/' in reason.path), 4)}\n{wrap(f'{reason.name}: {reason.sentence}', 4)}"
        for reason in reasons
    )


def describe_explanation(explanation: Explanation) -> str:
    """Return why a part is there: words, skills, neighbours, rules, and what happens without it."""
    tool = explanation.tool
    keys = ", ".join(f"{name} (not set)" if name in tool.missing else name for name in tool.environment) if tool else ""
    return join(
        wrap(f"Why {explanation.name}? {explanation.sentence}"),
        list_items("Whoever made the crew wrote", [explanation.told] if explanation.told else []),
        list_items("Words of the objective", [f"“{quote.words}” {quote.says}" for quote in explanation.quotes])
        or wrap(explanation.unquoted),
        list_items("Skills", map(_skill, explanation.skills)),
        list_items("Works from", explanation.works_from),
        list_items("Its result is taken up by", explanation.taken_up_by),
        list_items("The tool", [f"is to {tool.purpose}", f"{tool.risk} risk. {tool.risk_reason}"] if tool else []),
        list_items("It needs", [keys] if keys else []),
        list_items("Rules", map(_rule, explanation.rules)),
        _describe_absence(explanation.absence),
    )


def _describe_absence(absence: Absence) -> str:
    now, then = absence.before, absence.after
    lines = [
        wrap(absence.summary),
        wrap(absence.title, 2),
        *(wrap(f"- {loss}", 2, 4) for loss in absence.losses),
        *(wrap(f"+ {found.severity} {found.code}: {found.message}", 2, 4) for found in absence.found),
        "  One run now, and then (in brackets: 8 of 10 runs fall between)",
        wrap(f"Success   {show_chance(now.success)}, then {show_chance(then.success)}", 4, 14),
        wrap(f"Cost      {show_cost(now.cost_usd)}, then {show_cost(then.cost_usd)}", 4, 14),
        wrap(f"Duration  {show_duration(now.duration_s)}, then {show_duration(then.duration_s)}", 4, 14),
        wrap(f"Tokens    {show_tokens(now.tokens)}, then {show_tokens(then.tokens)}", 4, 14),
        *(wrap(caveat, 2) for caveat in absence.caveats),
    ]
    return "\n".join(lines)


def _skill(skill: CoveredSkill) -> str:
    asked = ", which the objective calls for" if skill.required else ""
    others = f"; also {', '.join(skill.others)}" if skill.others else ""
    level = f"{skill.proficiency} of 10" if skill.proficiency else "which its agent does not have"
    return f"{skill.name}, {level}{asked}{others}"


def _rule(note: RuleNote) -> str:
    stance = {"asks": "asks for it", "objects": "objects", "watches": "watches"}[note.stance]
    return f"{note.code} {stance}: {note.title}. {note.message}".rstrip()
