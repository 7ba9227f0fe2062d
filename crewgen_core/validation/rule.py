"""The form of a rule: a check that yields faults, and the code, severity and title it is known by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import NamedTuple

from crewgen_core.models.change import Change
from crewgen_core.models.report import Finding, FindingSeverity
from crewgen_core.validation.context import Context


class Fault(NamedTuple):
    """What a rule found: a finding before its rule has put code and severity on it."""

    where: str
    """"crew", "manager", "agent:KEY" or "task:KEY"."""
    message: str
    fix: Change | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of validation. Codes are stable: 1xx structure, 2xx coverage, 3xx substance."""

    code: str
    severity: FindingSeverity
    title: str
    check: Callable[[Context], Iterator[Fault]]
    prevents: tuple[str, ...] = ()
    """Keys of the published failure modes that keeping the rule makes less likely, the nearest first; often none."""

    @property
    def reason(self) -> str:
        """Why the rule exists, with its source: the docstring of its check."""
        return " ".join(cleandoc(self.check.__doc__ or "").split())

    def find(self, context: Context) -> Iterator[Finding]:
        """Yield the findings of this rule about the crew of the context."""
        for fault in self.check(context):
            yield Finding(
                code=self.code, severity=self.severity, where=fault.where, message=fault.message, fix=fault.fix
            )
