"""Texts on figures: short, on few lines, and without markup, which Plotly would otherwise obey."""

from html import escape
from textwrap import wrap

from crewgen_core.models.crew import Crew
from crewgen_core.models.value import Quantiles

NOBODY, MANAGER_DECIDES = "No agent", "Chosen by the manager"

SHORT = 28
"""Characters of a label beside a bar: fits a third of a phone."""

SHORT_END = 11
"""Characters of those that are the end of a name too long for it."""

HALF = 18
"""Characters of a line of a label that has two."""


def short_label(text: str) -> str:
    """Return the text on one line, free of markup; a long one is cut in the middle, for names differ at their ends."""
    words = " ".join(text.split())
    if len(words) > SHORT:
        words = f"{words[: SHORT - SHORT_END - 1].rstrip()}…{words[-SHORT_END:].lstrip()}"
    return plain_label(words) or "(no name)"


def two_lines(text: str) -> str:
    """Return the text on at most two lines, free of markup; what has no room on them is left out."""
    lines = wrap(" ".join(text.split()), HALF, max_lines=2, placeholder="…", break_long_words=True)
    return "<br>".join(plain_label(line) for line in lines) or "(no name)"


def hover_text(title: str, *facts: str) -> str:
    """Return what is shown on hover: the full title in bold, one fact on each line, free of markup."""
    lines = [plain_label(line) for line in wrap(" ".join(title.split()), 60, max_lines=4, placeholder="…")]
    return "<br>".join([f"<b>{'<br>'.join(lines) or '(no name)'}</b>", *(plain_label(fact) for fact in facts if fact)])


def agent_name(crew: Crew, key: str | None) -> str:
    """Return the role of an agent or manager, or say that there is none."""
    agent = crew.agent(key)
    if agent is not None:
        return agent.role or agent.key
    if crew.manager is not None and key == crew.manager.key:
        return crew.manager.role or crew.manager.key
    if key is None:
        return MANAGER_DECIDES if crew.process == "hierarchical" else NOBODY
    return f"{key} (not in the crew)"


def interval(quantiles: Quantiles, unit: str, digits: int = 0) -> str:
    """Return "about 12 s (8 to 20 s in 8 of 10 runs)"."""
    low, middle, high = (f"{value:,.{digits}f}" for value in (quantiles.p10, quantiles.p50, quantiles.p90))
    return f"about {middle} {unit} ({low} to {high} {unit} in 8 of 10 runs)"


def plain_label(text: str) -> str:
    """Return the text free of markup: Plotly shows it as it is."""
    return escape(text, quote=False)
