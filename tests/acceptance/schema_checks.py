"""Checks of our own beside those that schemathesis brings; it loads this file itself."""

import json

import schemathesis


@schemathesis.check
def well_formed_is_never_called_malformed(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Data that the document allows may be refused for what it says, never for its form."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code != 422:
        return
    problem = response.json()
    assert problem["type"] != "urn:crewgen:problem:invalid-request", json.dumps(problem)


@schemathesis.check
def refusals_say_what_to_do(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """Every refusal is a problem document with a sentence and a hint, and shows no inside of the program."""
    if response.status_code < 400:
        return
    assert response.headers["content-type"][0].startswith("application/problem+json")
    problem = response.json()
    assert problem["detail"]
    assert problem["hint"]
    assert "Traceback" not in response.text
