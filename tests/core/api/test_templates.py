"""Templates through the API."""

from tests.support.served_api import Api
from tests.support.templates import market_template

TEMPLATE = market_template(key="api-market").model_dump(mode="json")


def test_a_template_lives_from_its_first_version_to_its_end(api: Api):
    made = api.ask("POST", "/generation/templates", json={"template": TEMPLATE})
    assert made.status_code == 201
    assert made.headers["Location"] == "/api/v1/generation/templates/api-market"
    edited = {"template": TEMPLATE | {"name": "Markets"}, "expected": 1, "note": "Named otherwise"}
    assert api.take(api.ask("PUT", "/generation/templates/api-market", json=edited))["number"] == 2
    late = api.ask("PUT", "/generation/templates/api-market", json=edited)
    assert (late.status_code, late.json()["newest"]) == (409, 2)
    notes = [row["note"] for row in api.get("/generation/templates/api-market/versions")["items"]]
    assert notes == ["Named otherwise", "Made"]
    assert api.get("/generation/templates", search="Markets")["items"][0]["key"] == "api-market"
    assert api.ask("DELETE", "/generation/templates/api-market").status_code == 204
    assert api.ask("GET", "/generation/templates/api-market").status_code == 404
    assert api.ask("DELETE", "/generation/templates/api-market").status_code == 404


def test_a_template_with_a_fault_or_a_key_that_is_taken_is_refused(api: Api):
    empty = {"key": "api-empty", "name": "Empty", "crew": {"name": "Nobody"}}
    assert "no agent" in api.ask("POST", "/generation/templates", json={"template": empty}).json()["detail"]
    shipped = api.get("/generation/templates", limit=1)["items"][0]["key"]
    taken = api.ask("POST", "/generation/templates", json={"template": TEMPLATE | {"key": shipped}})
    assert taken.status_code == 422
