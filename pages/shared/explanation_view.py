"""Why? beside each part of a crew: the words of the objective, the rules, and what happens without it.

An explanation is computed when somebody opens it, and only the part of the page around it runs again then.
"""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.explanation import (
    Absence,
    CoveredSkill,
    Explanation,
    Quote,
    RuleNote,
    RunFigures,
    Span,
    Stance,
    ToolFacts,
)
from crewgen_core.models.objective import Objective
from crewgen_core.numbers import (
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)
from pages.shared.plain_text import join_plain, plain
from pages.shared.problems import problems_shown
from pages.shared.session import front_door, tool_names

MOST_TEXT = 700
"""Characters of an objective shown whole; of a longer one, what is around the marked words."""

_AROUND = 120
"""Characters shown on each side of marked words then."""

_MOST_LOSSES = 5

_SEVERITY_COLORS = {"error": "red", "warning": "orange", "advice": "blue"}

_STANCES: Mapping[Stance, str] = {
    "asks": "asks for it: without it, there would be this to say",
    "objects": "has something to say about it now",
    "watches": "keeps an eye on it and has nothing to say",
}


@st.fragment
def show_why(crew: Crew, objective: Objective | None, path: str, key: str, tools: Sequence[str] = ()) -> None:
    """Show the button that answers why the part with this path is there, and each of its tools.

    ``key`` keeps the buttons of one page apart.
    """
    popover = st.popover("Why?", icon=":material/help:", key=f"why_{key}", on_change="rerun")
    if not popover.open:
        return
    with popover:
        asked = path
        if tools:
            whole = "This task" if path.startswith("tasks/") else "This agent"
            names = {path: whole, **{f"{path}/tools/{tool}": tool_names().get(tool, tool) for tool in tools}}
            asked = st.pills(
                "Why is this there?",
                list(names),
                format_func=lambda one: plain(names[one]),
                default=path,
                required=True,
                key=f"why_{key}_{path}",
            )
        with problems_shown():
            show_explanation(front_door().explain(crew, asked or path, objective))


def show_explanation(explanation: Explanation) -> None:
    """Show everything that answers "why?" about one part."""
    st.markdown(f"**{plain(explanation.sentence)}**")
    _show_words(explanation)
    _show_absence(explanation.absence)
    facts = {
        "Skills": "; ".join(_say_skill(skill) for skill in explanation.skills),
        "Works from": ", ".join(f"“{name}”" for name in explanation.works_from),
        "Its result goes to": ", ".join(f"“{name}”" for name in explanation.taken_up_by),
        **(_describe_tool(explanation.tool) if explanation.tool else {}),
    }
    st.markdown("\\\n".join(f":gray[{name}:] {plain(fact)}" for name, fact in facts.items() if fact))
    _show_rules(explanation.rules)


def mark_words(text: str, quotes: Sequence[Quote]) -> str:
    """Return a text as Markdown with the quoted words marked: orange where they ask for the part, else blue.

    Nothing in the text itself is read as Markdown. Of a long text, only what is around the words is returned.
    """
    marks = _marks_of(quotes, len(text))
    pieces: list[str] = []
    for start, end in _excerpts(text, marks):
        parts: list[tuple[str, str]] = []
        at = start
        for span, color in marks:
            if start <= span.start and span.end <= end:
                parts += [(text[at : span.start], ""), (text[span.start : span.end], f":{color}-background")]
                at = span.end
        pieces.append(join_plain([*parts, (text[at:end], "")]))
    return " … ".join(pieces)


def _marks_of(quotes: Sequence[Quote], length: int) -> list[tuple[Span, str]]:
    """Return what to mark in which colour, in order and without overlaps; words that ask come before others."""
    color_at = [""] * length
    for quote in sorted(quotes, key=lambda quote: quote.asks):
        for span in quote.spans:
            color_at[span.start : span.end] = ["orange" if quote.asks else "blue"] * (span.end - span.start)
    marks: list[tuple[Span, str]] = []
    for at, color in enumerate(color_at):
        if color and marks and marks[-1][1] == color and marks[-1][0].end == at:
            marks[-1] = (Span(start=marks[-1][0].start, end=at + 1), color)
        elif color:
            marks.append((Span(start=at, end=at + 1), color))
    return marks


def _excerpts(text: str, marks: Sequence[tuple[Span, str]]) -> list[tuple[int, int]]:
    """Return from where to where the text is shown."""
    if len(text) <= MOST_TEXT or not marks:
        return [(0, min(len(text), MOST_TEXT))]
    shown: list[tuple[int, int]] = []
    for span, _ in marks:
        start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
        if shown and start <= shown[-1][1]:
            shown[-1] = (shown[-1][0], end)
        else:
            shown.append((start, end))
    return shown


def _show_words(explanation: Explanation) -> None:
    in_text = [quote for quote in explanation.quotes if quote.field == "text"]
    if explanation.objective:
        with st.container(border=True):
            st.caption("The objective")
            st.markdown(mark_words(explanation.objective, in_text))
    said: list[str] = []
    for quote in explanation.quotes:
        where = "" if quote.field == "text" else f" (in the {quote.field})"
        color = "orange" if quote.asks else "blue"
        said.append(f":{color}-background[{plain(quote.words)}]{where} {plain(quote.says)}")
    st.markdown("\\\n".join(said))
    if explanation.unquoted:
        st.caption(plain(explanation.unquoted))


def _say_skill(skill: CoveredSkill) -> str:
    level = f"{skill.proficiency} of 10" if skill.proficiency else "which its agent does not have"
    required = ", which the objective calls for" if skill.required else ""
    others = f"; also {', '.join(skill.others)}" if skill.others else ""
    return f"{skill.name}, {level}{required}{others}"


def _describe_tool(tool: ToolFacts) -> dict[str, str]:
    set_or_not = [f"{name} ({'not set' if name in tool.missing else 'set'})" for name in tool.environment]
    return {
        "Risk": f"{tool.risk}. {tool.risk_reason}",
        "Network": "it goes to the network" if tool.network else "",
        "Needs": ", ".join(set_or_not),
    }


def _show_absence(absence: Absence) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(absence.summary)}**")
        st.caption(plain(absence.title))
        losses = [plain(loss) for loss in absence.losses[:_MOST_LOSSES]]
        losses += [f"{len(absence.losses) - _MOST_LOSSES} more"] if len(absence.losses) > _MOST_LOSSES else []
        st.markdown("".join(f"\n- {loss}" for loss in losses))
        for finding in absence.found:
            badge = f":{_SEVERITY_COLORS[finding.severity]}-badge[{finding.code}]"
            st.markdown(f"{badge} {plain(finding.message)}")
        st.markdown(_tabulate(absence.before, absence.after))
        for caveat in absence.caveats:
            st.caption(plain(caveat))


def _tabulate(now: RunFigures, then: RunFigures) -> str:
    """Return typical figures with their ranges, now and then, as a table."""
    rows = ["| One run | now | then |", "|:--|:--|:--|"]
    for name, first, second in zip(_NAMES, _say_figures(now), _say_figures(then), strict=True):
        rows.append(f"| {name} | {first} | {second} |")
    return "\n".join(rows)


_NAMES = ("Chance of success", "Cost", "Duration", "Tokens")


def _say_figures(figures: RunFigures) -> Iterator[str]:
    cost = figures.cost_usd
    told = (
        (format_percent(figures.success.p50), percent_range(figures.success)),
        (format_usd(cost.p50 if cost else None), usd_range(cost) if cost else ""),
        (format_seconds(figures.duration_s.p50), seconds_range(figures.duration_s)),
        (format_tokens(figures.tokens.p50, unit=""), tokens_range(figures.tokens)),
    )
    for typical, spread in told:
        yield f"{plain(typical)} :small[:gray[{plain(spread)}]]" if spread else plain(typical)


def _show_rules(rules: Sequence[RuleNote]) -> None:
    if not rules:
        return
    with st.expander(f"Rules ({len(rules)})"):
        for note in rules:
            badge = f":{_SEVERITY_COLORS[note.severity]}-badge[{note.code}]"
            st.markdown(
                f"{badge} **{plain(note.title)}** {_STANCES[note.stance]}  \n:small[:gray[{plain(note.reason)}]]"
            )
