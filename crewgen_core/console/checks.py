"""Writes what the doctor found as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.terminal import wrap
from crewgen_core.front.doctor import Check


def describe_checks(checks: Sequence[Check]) -> str:
    """Return what the doctor found, with what to do about it."""
    lines: list[str] = []
    for check in checks:
        lines.append(wrap(f"{check.status:<9} {check.name}: {check.message}", 0, 10))
        lines += [wrap(check.hint, 10)] if check.hint else []
    return "\n".join(lines)
