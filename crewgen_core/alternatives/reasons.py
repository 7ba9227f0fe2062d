"""Says why a crew stands where it stands, in sentences that carry the figures they rest on."""

from collections.abc import Callable, Sequence

from crewgen_core.alternatives.candidate import Candidate
from crewgen_core.alternatives.ranking import (
    CHECK_CODES,
    Grounds,
    grounds_between,
    high_risks,
    intervals_overlap,
    limit_codes,
    usd_per_success,
)
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Task
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
)

_MOST_NAMED = 3
_NOTABLE_SHARE = 0.05
"""A difference in cost, time or tokens below a twentieth of the figure is none [assumption]."""


def give_reasons(place: int, ranked: Sequence[Candidate], reference: Candidate, analysis: Analysis) -> tuple[str, ...]:
    """Return two to five sentences about the candidate at a place of the ranking (0 is the best).

    It is compared with ``reference``, the crew that a person looks at; that one with the best of the others.
    """
    candidate = ranked[place]
    others = [other for other in ranked if other is not candidate]
    if not others:
        return tuple(filter(None, (_say_success(candidate), _say_price(candidate), _say_limits(candidate))))
    other = others[0] if candidate is reference else reference
    before, behind = (ranked[place - 1], candidate) if place else (candidate, ranked[1])
    grounds = grounds_between(before, behind, analysis)
    chances = "" if grounds == "value" else f" {_compare_chances(candidate, other)}"  # else the first sentence has them
    why = _why_behind(before, behind, grounds, analysis) if place else _why_first(before, behind, grounds, analysis)
    limits = "" if place and grounds == "limits" else _say_limits(candidate)  # there the first sentence has them
    sentences = (
        f"{why}{_say_why_not(candidate, ranked[max(place + 1, 2) :], analysis)}",
        limits,
        f"{_compare_figures(candidate, other)}{chances}",
        _say_what_is_added(candidate, other),
        _say_what_is_left_out(candidate, other),
    )
    return tuple(sentence for sentence in sentences if sentence)


def _why_first(best: Candidate, second: Candidate, grounds: Grounds, analysis: Analysis) -> str:
    if grounds == "errors":
        return f"It can run as it is; {second.called} has errors."
    if grounds == "limits":
        return f"It keeps to the limits better than {second.called}, where {_start_low(_limit_message(second))}."
    if grounds == "risk":
        return f"{_risk_words(analysis)}, and nothing is checked as closely: {_say_checks(best)}."
    if grounds == "checks":
        return f"It has its result checked, as this work asks for; {second.called} does not."
    return _say_value(best, second, best)


def _why_behind(before: Candidate, candidate: Candidate, grounds: Grounds, analysis: Analysis) -> str:
    if grounds == "errors":
        return f"It has errors: {candidate.report.errors[0].message}"
    if grounds == "limits":
        return _say_limits(candidate)
    if grounds == "risk":
        return f"{_risk_words(analysis)}, and it checks less than {before.called}: {_say_checks(candidate)}."
    if grounds == "checks":
        finding = candidate.finding(*CHECK_CODES)
        return f"{finding.message.partition('. ')[0]}." if finding else ""
    return _say_value(candidate, before, before)


def _say_why_not(candidate: Candidate, behind: Sequence[Candidate], analysis: Analysis) -> str:
    """Say what keeps crews that cost less and succeed more often behind a candidate, empty when there are none.

    Otherwise its reasons, which name only its neighbour, would praise it beside figures that contradict them.
    """
    return "".join(
        f" {other.called[:1].upper()}{other.called[1:]} is cheaper and likelier to succeed "
        f"({_say_run_price(other)}, {format_percent(other.estimate.success.p50)}), but "
        f"{_say_drawback(candidate, other, analysis)}."
        for other in behind
        if _beats(other, candidate)
    )


def _beats(one: Candidate, other: Candidate) -> bool:
    """Tell whether the first is better by both figures that people look at: cost and chance of success."""
    if one.estimate.cost_usd is None or other.estimate.cost_usd is None:
        return False
    cheaper = one.estimate.cost_usd.p50 < other.estimate.cost_usd.p50
    return cheaper and one.estimate.success.p50 > other.estimate.success.p50


def _say_drawback(better: Candidate, worse: Candidate, analysis: Analysis) -> str:
    """Return what puts a crew behind another, as the end of a sentence."""
    grounds = grounds_between(better, worse, analysis)
    if grounds == "errors":
        return "it has errors"
    if grounds == "limits":
        return _start_low(_limit_message(worse))
    if grounds == "risk":
        return f"it checks less ({_say_checks(worse)}), and {_start_low(_risk_words(analysis))}"
    if grounds == "checks":
        finding = worse.finding(*CHECK_CODES)
        return _start_low(finding.message.partition(". ")[0].rstrip(".")) if finding else "its result is not checked"
    return "the tokens for each success decide here, because a price is not known"


def _say_value(candidate: Candidate, other: Candidate, better: Candidate) -> str:
    """Weigh chance against cost, and say when the chances cannot be told apart."""
    chance, others = candidate.estimate.success, other.estimate.success
    mine = f"Its chance of success, {format_percent(chance.p50)} ({percent_range(chance)}),"
    theirs = f"that of {other.called}, {format_percent(others.p50)} ({percent_range(others)})"
    worth = _say_worth(candidate, other)
    if not intervals_overlap(chance, others):
        return f"{mine} is clearly {'above' if chance.p50 > others.p50 else 'below'} {theirs}. {worth}."
    worse = other if better is candidate else candidate
    if not _is_cheaper(better, worse):
        return f"{mine} overlaps with {theirs}: a close call. {worth}."
    if better is candidate:
        return f"{mine} overlaps with {theirs}, so the cheaper is the better bet. {worth}."
    return f"{mine} overlaps with {theirs}, which is the cheaper. {worth}."


def _say_worth(candidate: Candidate, other: Candidate) -> str:
    cost, others_cost = usd_per_success(candidate.estimate), usd_per_success(other.estimate)
    if cost is None or others_cost is None:
        return "Prices are not known, so the tokens for each success decide"
    return f"A success costs about {format_usd(cost)} here and {format_usd(others_cost)} there"


def _is_cheaper(one: Candidate, other: Candidate) -> bool:
    """Tell whether a run of the first takes less: money, or tokens where a price is not known."""
    cost, others_cost = one.estimate.cost_usd, other.estimate.cost_usd
    if cost is None or others_cost is None:
        return one.estimate.tokens.p50 <= other.estimate.tokens.p50
    return cost.p50 <= others_cost.p50


def _compare_figures(candidate: Candidate, other: Candidate) -> str:
    """Say how much bigger or smaller it is, and what that means for a typical run."""
    agents, tasks = len(candidate.crew.agents), len(candidate.crew.tasks)
    size = (
        f"{format_count(agents, 'agent')} and {format_count(tasks, 'task')} instead of "
        f"{len(other.crew.agents)} and {len(other.crew.tasks)} in {other.called}"
    )
    mine, theirs = candidate.estimate, other.estimate
    changes: list[tuple[float, float, Callable[[float], str]]] = [
        (mine.tokens.p50, theirs.tokens.p50, format_tokens),
        (mine.duration_s.p50, theirs.duration_s.p50, format_seconds),
    ]
    if mine.cost_usd and theirs.cost_usd:
        changes.insert(0, (float(mine.cost_usd.p50), float(theirs.cost_usd.p50), format_usd))
    notable = [(after - before, write) for after, before, write in changes if _is_notable(after - before, before)]
    told = [
        f"{_join([write(abs(change)) for change, write in notable if (change > 0) is rises])} {word}"
        for rises, word in ((False, "less"), (True, "more"))
        if any((change > 0) is rises for change, _ in notable)
    ]
    return f"{size}; a typical run takes {_join(told)}." if told else f"{size}, at about the same cost and time."


def _compare_chances(candidate: Candidate, other: Candidate) -> str:
    chance, others = candidate.estimate.success, other.estimate.success
    return (
        f"Its chance of success is {format_percent(chance.p50)} ({percent_range(chance)}) instead of "
        f"{format_percent(others.p50)} ({percent_range(others)})."
    )


def _is_notable(difference: float, of: float) -> bool:
    return bool(of) and abs(difference) >= _NOTABLE_SHARE * of


def _say_what_is_added(candidate: Candidate, other: Candidate) -> str:
    added = candidate.tasks_beyond(other)
    checks = [task for task in added if task in candidate.checks]
    work = [task for task in added if task not in candidate.checks]
    parts = [f"checks more ({_name(checks)})"] if checks else []
    parts += [f"does more ({_name(work)})"] if work else []
    if candidate.asks_a_person and not other.asks_a_person:
        parts.append("has a person confirm the last result")
    return f"Unlike {other.called}, it {_join(parts)}." if parts else ""


def _say_what_is_left_out(candidate: Candidate, other: Candidate) -> str:
    missing = list(other.tasks_beyond(candidate))
    parts = [_name(missing)] if missing else []
    if other.asks_a_person and not candidate.asks_a_person:
        parts.append("a person's look at the last result")
    return f"It leaves out what {other.called} has: {_join(parts)}." if parts else ""


def _say_checks(candidate: Candidate) -> str:
    person = "a person confirms the last result" if candidate.asks_a_person else "no person is asked"
    return f"{format_count(len(candidate.checks), 'check')}, and {person}"


def _say_success(candidate: Candidate) -> str:
    chance = candidate.estimate.success
    return f"Its chance of success is {format_percent(chance.p50)} ({percent_range(chance)})."


def _say_price(candidate: Candidate) -> str:
    duration = format_seconds(candidate.estimate.duration_s.p50)
    return f"A typical run costs {_say_run_price(candidate)} and takes {duration}."


def _say_run_price(candidate: Candidate) -> str:
    cost = candidate.estimate.cost_usd
    return format_usd(cost.p50 if cost else None)


def _start_low(message: str) -> str:
    return f"{message[:1].lower()}{message[1:]}"


def _say_limits(candidate: Candidate) -> str:
    """Name every limit that a run may break or will probably break, empty where it keeps to all."""
    return " ".join(found.message for found in candidate.report.findings if found.code in limit_codes())


def _limit_message(candidate: Candidate) -> str:
    finding = candidate.finding(*limit_codes())
    return finding.message.rstrip(".") if finding else "a limit may be broken"


def _risk_words(analysis: Analysis) -> str:
    names = _join([risk.name for risk in high_risks(analysis)][:_MOST_NAMED])
    return f"The objective carries a high risk ({names})"


def _name(tasks: Sequence[Task]) -> str:
    names = [f'"{task.name}"' for task in tasks[:_MOST_NAMED]]
    if len(tasks) > _MOST_NAMED:
        names.append(f"{len(tasks) - _MOST_NAMED} more")
    return _join(names)


def _join(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
