"""Links rules and findings to the published failure modes that they prevent or leave open."""

from collections.abc import Mapping

from crewgen_core.catalog.failure_modes import load_failure_modes
from crewgen_core.models.failure import Cause, FailureMode
from crewgen_core.models.report import Report
from crewgen_core.validation.rules import RULES

_PREVENTED = {rule.code: rule.prevents for rule in RULES}


def list_prevented() -> Mapping[str, tuple[FailureMode, ...]]:
    """Return the failure modes that each rule prevents, by its code; only rules that prevent one are there."""
    modes = {mode.key: mode for mode in load_failure_modes().modes}
    return {code: tuple(modes[key] for key in keys) for code, keys in _PREVENTED.items() if keys}


def list_causes(report: Report) -> tuple[Cause, ...]:
    """Return every failure mode, most likely first: those that findings leave open, then the rest, each by share.

    A mode without a published share stands last among its like.
    """
    codes = dict.fromkeys(finding.code for finding in report.findings)
    watched = {key for keys in _PREVENTED.values() for key in keys}
    causes = [
        Cause(
            mode=mode,
            open=tuple(code for code in codes if mode.key in _PREVENTED.get(code, ())),
            watched=mode.key in watched,
        )
        for mode in load_failure_modes().modes
    ]
    return tuple(sorted(causes, key=lambda cause: (not cause.open, -(cause.mode.share or 0))))
