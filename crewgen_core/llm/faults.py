"""A question that gave no answer, told in plain words.

Nothing that a provider wrote gets into a message: it could hold a key, a web page, or words meant to mislead.
"""

from decimal import Decimal

from crewgen_core.errors import ModelFault
from crewgen_core.llm.address import describe_address

NAME_SHOWN = 80
"""Most characters of a model's name in a message."""


class CallFailed(ModelFault):
    """A question to a model gave no answer."""

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        cost_usd: Decimal | None = Decimal(0),
        passing: bool = False,
    ) -> None:
        """Say what happened, what to do next, what it cost, and whether it may pass by itself."""
        super().__init__(message, hint)
        self.cost_usd = cost_usd
        """USD; 0 when the provider refused, None when it may have worked on the answer and charge for it."""
        self.passing = passing
        """True where asking again later may help: the provider was busy, or the connection broke off."""
        self.seconds = 0.0
        """Seconds from the question to the failure."""


def describe_model(model: str) -> str:
    """Return a model's name fit for a message: printable and short."""
    shown = "".join(c for c in model if c.isprintable())
    return shown if len(shown) <= NAME_SHOWN else shown[:NAME_SHOWN] + "…"


def deadline_fault(model: str, deadline_s: float) -> CallFailed:
    """Say that the model did not answer in time."""
    return CallFailed(
        f"{describe_model(model)} did not answer within {deadline_s:g} seconds.",
        "Try again, or choose a faster model under Settings.",
        cost_usd=None,
        passing=True,
    )


def start_fault(model: str) -> CallFailed:
    """Say that LiteLLM, which would ask the model, could not be started."""
    return CallFailed(
        f"{describe_model(model)} could not be asked: LiteLLM did not start.",
        "Install the packages again with `make run`; `python -m crewgen_core doctor` tells what is missing.",
    )


def address_fault(address: str) -> CallFailed:
    """Say that the address of the server cannot be one."""
    return CallFailed(
        f'The server address "{describe_address(address)}" is no web address; it must begin with http:// or https://.',
        "Correct CREWGEN_MODEL_BASE_URL (or OPENAI_BASE_URL) and start again.",
    )


def model_address_fault(model: str) -> CallFailed:
    """Say that an address stands where a model's name should."""
    return CallFailed(
        f'"{describe_model(model)}" holds an address; only the settings say which servers are asked.',
        "Give the model's name alone, such as openai/gpt-5-mini.",
    )
