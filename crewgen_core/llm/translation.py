"""Says in plain words what LiteLLM, openai or httpx raise: foreign errors are translated here, and nowhere else.

Imported with the client only: openai takes half a second.
"""

import os
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import openai

from crewgen_core.errors import ModelFault
from crewgen_core.llm.faults import CallFailed, describe_model
from crewgen_core.llm.providers import provider_of

PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
"""Refusals after which asking again later may help (RFC 9110 and 6585); server errors are others."""

REFUSALS: dict[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: (
        "{provider} refused the question to {model} as malformed (400).",
        "The model may not take this kind of question: choose another under Settings.",
    ),
    HTTPStatus.UNAUTHORIZED: ("{provider} did not accept the key for {model} (401).", "Check {keys} and start again."),
    HTTPStatus.PAYMENT_REQUIRED: (
        "{provider} asks for payment before it serves {model} (402).",
        "Add credit to the account there, or choose another provider.",
    ),
    HTTPStatus.FORBIDDEN: (
        "{provider} does not let this key use {model} (403).",
        "Ask for access to the model there, or choose another one under Settings.",
    ),
    HTTPStatus.NOT_FOUND: (
        "{provider} does not know the model {model} (404).",
        "Check the model's name; Settings lists models that exist.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "{provider} is taking no more questions for {model} right now (429).",
        "Wait a minute, or raise the limits or the credit of the account there.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: ("{provider} is not available right now (503).", "Try again in a few minutes."),
}
"""Sentence and hint for each status that says something; the others are server errors or plain refusals."""


def translate(error: Exception, model: str) -> CallFailed:
    """Say in plain words what happened between crewgen and the provider."""
    status = status_of(error)
    if status is not None:
        return _refusal(status, model)
    if isinstance(error, openai.BadRequestError) and "LLM Provider NOT provided" in str(error):
        return CallFailed(
            f'It is not known who serves the model "{describe_model(model)}".',
            'Write the provider in front of the name ("openai/gpt-5-mini"); Settings lists them.',
        )
    if isinstance(error, openai.AuthenticationError) or any("Missing credentials" in str(e) for e in _chain(error)):
        return _missing_key(model)
    return _lost_connection(error, model)


def status_of(error: Exception) -> int | None:
    """Return the HTTP status that the provider answered with; None when there was no such answer."""
    answered = headers_of(error) is not None
    status = getattr(error, "status_code", None)
    return status if answered and isinstance(status, int) else None


def headers_of(error: Exception) -> httpx.Headers | None:
    """Return the headers of the provider's answer, when there was one.

    LiteLLM makes up a status for errors of its own; the headers are what it cannot make up.
    """
    headers = getattr(error, "litellm_response_headers", None)
    if headers is not None:
        return httpx.Headers(headers)
    for cause in _chain(error):
        response = getattr(cause, "response", None)
        if isinstance(cause, openai.APIStatusError | httpx.HTTPStatusError) and isinstance(response, httpx.Response):
            return response.headers if response.headers else None
    return None


def _refusal(status: int, model: str) -> CallFailed:
    provider = provider_of(model)
    words = {
        "provider": provider.name if provider else "The provider",
        "model": describe_model(model),
        "keys": _key_names(model),
    }
    if status in REFUSALS:
        sentence, hint = REFUSALS[status]
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        sentence, hint = f"{{provider}} had an error of its own ({status}).", "Try again in a few minutes."
    else:
        sentence, hint = f"{{provider}} refused the question to {{model}} ({status}).", ModelFault.hint
    passing = status in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return CallFailed(sentence.format(**words), hint.format(**words), passing=passing)


def _missing_key(model: str) -> CallFailed:
    return CallFailed(f"There is no key for {describe_model(model)}.", f"Set {_key_names(model)} and start again.")


def _key_names(model: str) -> str:
    provider = provider_of(model)
    if provider is None:
        return "the key of the model's provider"
    names = provider.missing(os.environ) or provider.found(os.environ)
    return " and ".join(names) or f"the set-up of {provider.name}"


def _lost_connection(error: Exception, model: str) -> CallFailed:
    name = describe_model(model)
    causes = tuple(_chain(error))
    if any(isinstance(cause, httpx.ConnectError) for cause in causes):
        return CallFailed(
            f"The server of {name} could not be reached.",
            "Check the network and the server's address (OPENAI_BASE_URL, OLLAMA_API_BASE ...).",
            passing=True,
        )
    if any(isinstance(cause, httpx.TimeoutException) for cause in causes):
        return CallFailed(
            f"The server of {name} did not answer in time.", "Try again later.", cost_usd=None, passing=True
        )
    if any(isinstance(cause, httpx.TransportError) for cause in causes):  # LiteLLM's own "connection error" may be any
        sentence = f"The connection to {name} broke off before it answered."
        return CallFailed(sentence, "Try again.", cost_usd=None, passing=True)
    return CallFailed(
        f"What came back for {name} could not be read as an answer of a model.",
        "Check that the server's address leads to an API and not to a web page.",
        cost_usd=None,
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield the error and everything it arose from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
