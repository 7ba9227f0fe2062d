"""Asks a model once, within a deadline of our own."""

import asyncio
import os
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cache
from http import HTTPStatus
from time import perf_counter
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from crewgen_core.llm.address import holds_address, is_web_address
from crewgen_core.llm.call import Answer, Request
from crewgen_core.llm.completion import Completion
from crewgen_core.llm.door import open_litellm, reach_litellm
from crewgen_core.llm.faults import CallFailed, address_fault, deadline_fault, model_address_fault, start_fault
from crewgen_core.llm.prices import price_of
from crewgen_core.llm.translation import headers_of, status_of, translate

DEADLINE_S = 30.0
"""Seconds in which a model must have answered, everything included, LiteLLM's own start too."""

BUSY = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
"""Statuses after which asking again helps, when the provider says how long to wait (RFC 9110, 10.2.3)."""

MALFORMED = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
"""Statuses of a provider that cannot be told the shape of the answer."""


class ModelClient:
    """Asks models through LiteLLM.

    One question is one HTTP request. There is a second one in two cases only: the provider says when it has time again
    and that is before the deadline, or it does not understand the request for a shape. Nothing else is tried again.
    """

    def __init__(self, total_deadline_s: float = DEADLINE_S, api_base: str | None = None) -> None:
        """``api_base`` is the address for models named "openai/…"; without it OPENAI_BASE_URL counts."""
        self.total_deadline_s = total_deadline_s
        self.api_base = api_base
        self._start_s = 0.0  # seconds that LiteLLM took to start: they count towards the deadline, not as the model's

    async def ask(self, request: Request) -> Answer:
        """Return the model's answer; raise CallFailed when there is none within the deadline."""
        spent_s = request.spent_s + self._start_s
        if spent_s >= self.total_deadline_s:
            raise deadline_fault(request.model, self.total_deadline_s)
        self._check_address(request.model)
        started = perf_counter()
        try:
            async with asyncio.timeout(self.total_deadline_s - spent_s) as deadline:
                litellm = await _start(request.model)
                asked = perf_counter()
                response = await self._send(litellm, request, deadline.when())
        except TimeoutError as error:
            fault = deadline_fault(request.model, self.total_deadline_s)
            fault.seconds = perf_counter() - started
            raise fault from error
        except CallFailed as fault:
            fault.seconds = perf_counter() - started
            raise
        self._start_s += asked - started
        return _answer(request.model, response, perf_counter() - asked)

    def _check_address(self, model: str) -> None:
        """Raise CallFailed for a name that holds an address, and when the one for models named "openai/…" is none."""
        if holds_address(model):
            raise model_address_fault(model)
        address = self.api_base or os.environ.get("OPENAI_BASE_URL")
        if address and model.startswith("openai/") and not is_web_address(address):
            raise address_fault(address)

    async def _send(self, litellm: ModuleType, request: Request, latest: float | None) -> Completion:
        """Send the question, a second time where that helps (see the class)."""
        question = self._question(request)
        try:
            return Completion.model_validate(await litellm.acompletion(**question))
        except Exception as error:  # noqa: BLE001 LiteLLM raises many kinds; each is told in plain words
            first = error
        if "response_format" in question and _does_not_know_shapes(first):
            del question["response_format"]
        elif not await _wait_until_ready(first, latest):
            raise translate(first, request.model) from first
        try:
            return Completion.model_validate(await litellm.acompletion(**question))
        except Exception as error:
            raise translate(error, request.model) from error

    def _question(self, request: Request) -> dict[str, Any]:
        question: dict[str, Any] = {
            "model": request.model,
            "messages": [message.model_dump() for message in request.messages],
            "timeout": self.total_deadline_s + 1,  # ours comes first
            "num_retries": 0,
            "max_retries": 0,
        }
        if request.max_tokens is not None:
            question["max_tokens"] = request.max_tokens
        if request.shape is not None:
            question["response_format"] = deepcopy(_response_format(request.shape))
        if self.api_base and request.model.startswith("openai/"):  # no other provider's key may go there
            question["api_base"] = self.api_base
        return question


async def _start(model: str) -> ModuleType:
    """Return LiteLLM; raise CallFailed when it cannot be imported, whatever is wrong with the installation."""
    try:
        return await reach_litellm()
    except Exception as error:
        raise start_fault(model) from error


def _does_not_know_shapes(error: Exception) -> bool:
    """Tell whether the provider, or LiteLLM for it, may have refused the question because of its shape."""
    return status_of(error) in MALFORMED or isinstance(error, open_litellm().UnsupportedParamsError)


async def _wait_until_ready(error: Exception, latest: float | None) -> bool:
    """Wait as long as a busy provider asks for; return False at once when it does not say, or not before ``latest``."""
    wait_s = _retry_after_s(error) if status_of(error) in BUSY else None
    if wait_s is None or (latest is not None and asyncio.get_running_loop().time() + wait_s >= latest):
        return False
    await asyncio.sleep(wait_s)
    return True


def _retry_after_s(error: Exception) -> float | None:
    """Read the Retry-After header, seconds or a date; None when there is none that can be read."""
    headers = headers_of(error)
    value = headers.get("retry-after", "") if headers else ""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


@cache
def _response_format(shape: type[BaseModel]) -> dict[str, Any]:
    """Ask for JSON of this shape as OpenAI words it; LiteLLM rewords it for the others."""
    schema = shape.model_json_schema()
    for part in _objects(schema):
        part["additionalProperties"] = False
        part["required"] = list(part["properties"])
    return {"type": "json_schema", "json_schema": {"name": shape.__name__, "strict": True, "schema": schema}}


def _objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the object schemas, freed from what strict mode does not take or does not need."""
    for part in (schema, *schema.get("$defs", {}).values()):
        _drop(part, "title", "description")
        if "properties" in part:
            for field in part["properties"].values():
                _drop(field, "title", "default")
            yield part


def _drop(part: dict[str, Any], *names: str) -> None:
    for name in names:
        part.pop(name, None)


def _answer(model: str, response: Completion, seconds: float) -> Answer:
    return Answer(
        text=response.text,
        tokens_in=response.tokens_in,
        tokens_out=response.tokens_out,
        cost_usd=_cost(model, response),
        seconds=seconds,
        finish_reason=response.finish_reason,
    )


def _cost(model: str, response: Completion) -> Decimal | None:
    price = price_of(model)
    if price is None or not response.tokens_in:
        return None
    return price.cost(response.tokens_in, response.tokens_out, response.tokens_cached)
