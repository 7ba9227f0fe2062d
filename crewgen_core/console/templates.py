"""Writes templates as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.terminal import join, list_items, wrap
from crewgen_core.models.template import Blank, StoredTemplate, Suggestion, TemplateRow, TemplateVersionRow
from crewgen_core.models.template_figures import Comparison, SuccessFigure, TemplateFigures
from crewgen_core.numbers import format_count, format_percent, format_when


def describe_templates(rows: Sequence[TemplateRow], found: int) -> str:
    """Return templates, each with what it is for."""
    if not rows:
        return "No template is like that: `templates list` without options lists all that are not archived."
    more = f", the newest {len(rows):,}" if found > len(rows) else ""
    return join(f"Templates ({found:,}{more})", *map(_describe_row, rows))


def _describe_row(row: TemplateRow) -> str:
    uses = f"used {format_count(row.uses, 'time')}" if row.uses else "not used yet"
    facts = (
        row.category,
        row.type.replace("_", " "),
        f"version {row.number}",
        uses,
        "archived" if row.archived else "",
    )
    return "\n".join(
        [
            wrap(f"{row.key}: {row.name}", 2),
            wrap(", ".join(fact for fact in facts if fact), 4),
            *([wrap(row.description, 4)] if row.description else []),
        ]
    )


def describe_template(stored: StoredTemplate) -> str:
    """Return what a template is for and what has to be said to use it."""
    template = stored.template
    tags = f", tags: {', '.join(template.tags)}" if template.tags else ""
    state = " It is archived." if stored.archived else ""
    kind = f"{template.type.replace('_', ' ')}{f', {template.category}' if template.category else ''}{tags}"
    used = f"used {format_count(stored.uses, 'time')}" if stored.uses else "not used yet"
    uses = f"Version {stored.number} of {stored.newest}, {used}.{state}"
    return join(
        wrap(f"{template.key}: {template.name} ({kind})") + "\n" + wrap(uses, 2),
        wrap(template.description, 2),
        list_items("Objective", [template.objective] if template.objective else []),
        list_items("Blanks, filled with --set NAME=VALUE", map(_describe_blank, template.blanks)),
        list_items("Tasks that are left out where nobody asks for them", template.optional),
    )


def _describe_blank(blank: Blank) -> str:
    usual = f' ("{blank.default}")' if blank.default else " (has to be said)" if blank.required else ""
    choices = f", one of {', '.join(blank.choices)}" if blank.choices else ""
    kind = f"a {blank.type}" if blank.type != "text" else "text"
    about = f". {blank.help}" if blank.help else ""
    return f"{blank.name}: {blank.title}, {kind}{choices}{usual}{about}"


def describe_versions(rows: Sequence[TemplateVersionRow]) -> str:
    """Return the versions of a template, the newest first."""
    return list_items("Versions", (f"{row.number}, {format_when(row.created_at)}: {row.note}" for row in rows))


def describe_figures(figures: TemplateFigures) -> str:
    """Return what came of a template's crews, always with the runs behind it."""
    success = (figures.success, *(figures.versions if len(figures.versions) > 1 else ()))
    return join(
        list_items("Success", map(_describe_success, success)),
        list_items("Beside crews made without a template", map(_describe_comparison, figures.comparisons)),
        wrap(figures.warning),
    )


def _describe_success(figure: SuccessFigure) -> str:
    expected = f"expected: {format_percent(figure.mean)}"
    if figure.rate is None:
        return f"{figure.label}: no run judged yet, {expected}"
    interval = f"{format_percent(figure.low)} to {format_percent(figure.high)}"
    counted = f"{figure.succeeded} of {figure.runs} runs, {format_percent(figure.rate)} ({interval})"
    return f"{figure.label}: {counted}, {expected}"


def _describe_comparison(figure: Comparison) -> str:
    behind = f"{figure.count:,} against {figure.other_count:,}"
    if figure.ratio is None or figure.low is None or figure.high is None:
        return f"{figure.figure}: too few to say ({behind})"
    return f"{figure.figure}: {figure.ratio:.2f} times ({figure.low:.2f} to {figure.high:.2f}; {behind})"


def describe_suggestions(found: Sequence[Suggestion]) -> str:
    """Return the templates that fit an objective, the best first, with the reasons."""
    if not found:
        return "No template fits this objective."
    return join(f"Templates that fit ({len(found)}), the best first", *map(_describe_suggestion, found))


def _describe_suggestion(it: Suggestion) -> str:
    known = f"{it.succeeded} of {format_count(it.runs, 'run')} succeeded" if it.runs else "no run judged yet"
    trying = " Worth trying: little is known of it yet." if it.worth_trying else ""
    why = f"Shares {', '.join(it.words)}; success about {format_percent(it.success)} ({known}).{trying}"
    return "\n".join([wrap(f"{it.key}: {it.name}", 2), wrap(why, 4)])


def describe_stored(stored: StoredTemplate, what: str) -> str:
    """Return that a template was made or changed."""
    return wrap(f"Template {stored.template.key} is {what} (version {stored.number}): {stored.template.name}")
