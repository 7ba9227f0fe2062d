"""Two to six crews side by side: what a run gives and costs, what was found, who is in them."""

from collections.abc import Callable, Sequence

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.job import Figures, Item
from crewgen_core.numbers import format_percent, format_seconds, format_usd
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door

MOST_COMPARED = 6

_LINES: tuple[tuple[str, Callable[[Figures], str], Callable[[Figures], float | None] | None, bool], ...] = (
    (
        "Success",
        lambda it: (
            f"{format_percent(it.success)} ({format_percent(it.success_p10)} to {format_percent(it.success_p90)})"
        ),
        lambda it: it.success,
        True,
    ),
    (
        "Cost of a run",
        lambda it: format_usd(it.cost_usd),
        lambda it: None if it.cost_usd is None else float(it.cost_usd),
        False,
    ),
    ("Duration", lambda it: format_seconds(it.duration_s), lambda it: it.duration_s, False),
    ("Score of 10", lambda it: f"{it.score:.1f}", lambda it: it.score, True),
    ("Errors", lambda it: str(it.errors), lambda it: it.errors, False),
    ("Warnings", lambda it: str(it.warnings), lambda it: it.warnings, False),
    ("Agents", lambda it: str(it.agents), None, False),
    ("Tasks", lambda it: str(it.tasks), None, False),
)
"""Name of each line, how its figure is written, what is compared (None: nothing is better), whether more is better."""


def show_comparison(items: Sequence[Item]) -> None:
    """Show the crews in columns; the best figure of a line is bold."""
    crews = [_open(item) for item in items]
    heads = [plain(shorten(item.crew_name or item.name or item.objective, 60)) for item in items]
    lines = [f"| | {' | '.join(heads)} |", f"|:--|{':--|' * len(items)}"]
    for name, write, compared, more_is_better in _LINES:
        best = _find_best(items, compared, more_is_better)
        cells = [
            "" if it.figures is None else _mark(plain(write(it.figures)), compared, it.figures, best) for it in items
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append(f"| Way of working | {' | '.join(plain(crew.coordination) for crew in crews)} |")
    lines.append(f"| Team | {' | '.join(', '.join(_name_agents(crew)) for crew in crews)} |")
    with st.container(border=True, key="bulk_comparison"):
        st.markdown("\n".join(lines))
        st.caption("Bold is best. The crews are for different objectives: compare what they ask for, too.")


def _open(item: Item) -> Crew:
    assert item.crew_id is not None  # noqa: S101 only rows with a crew are compared
    return front_door().get_crew(item.crew_id, item.version_number).crew


def _find_best(
    items: Sequence[Item], compared: Callable[[Figures], float | None] | None, more_is_better: bool
) -> float | None:
    """Return the best figure of a line; None where no crew stands out."""
    if compared is None:
        return None
    figures = [value for it in items if it.figures is not None and (value := compared(it.figures)) is not None]
    if len(set(figures)) < 2:
        return None
    return max(figures) if more_is_better else min(figures)


def _mark(shown: str, compared: Callable[[Figures], float | None] | None, figures: Figures, best: float | None) -> str:
    return f"**{shown}**" if compared and best is not None and compared(figures) == best else shown


def _name_agents(crew: Crew) -> list[str]:
    return [plain(shorten(agent.role or agent.key, 60)) for agent in crew.agents]
