"""What was handed out while a dashboard stood open opens nothing once people sign in."""

from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings
from tests.support.served_api import call
from tests.support.signed_in import LOGIN


def test_a_token_that_was_made_without_login_is_worth_nothing_where_people_sign_in(tmp_path: Path):
    address = f"sqlite:///{tmp_path / 'crewgen.db'}"
    before = Crewgen(Settings(database_url=address), {})
    headers = {"Authorization": f"Bearer {before.people.make_token('left open', 'admin', None).text}"}
    with call(before) as api:
        assert api.ask("GET", "/me", headers=headers).json()["role"] == "admin"
    before.database.close()
    after = Crewgen(Settings.model_validate({"database_url": address, **LOGIN}), {})
    with call(after) as api:
        refused = api.ask("GET", "/me", headers=headers)
    after.database.close()
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:crewgen:problem:not-signed-in")
    assert "without login" in refused.json()["detail"]
