"""Crews through the API: found, looked at, edited, refined, taken away."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from crewgen_core.api.routes.designing import CREW as EXAMPLE
from crewgen_core.app import Crewgen
from tests.support.crews import sequential_crew
from tests.support.served_api import Api

CREW = sequential_crew().model_dump(mode="json")


def store(api: Api, **more: Any) -> Any:
    return api.post("/generation/crews", {"crew": CREW, **more})


def test_a_crew_that_is_stored_is_found_and_looked_at(api: Api):
    stored = store(api, note="From elsewhere", objective={"text": "Compare zebra feed for a safari park."})
    found = api.get("/generation/crews", search="zebra")["items"]
    assert [row["id"] for row in found] == [stored["crew_id"]]
    assert api.get(f"/generation/crews/{stored['crew_id']}") == stored
    assert stored["note"] == "From elsewhere"


def test_pages_follow_each_other_without_gap_or_repetition(api: Api):
    made = [store(api)["crew_id"] for _ in range(5)]
    answer = api.ask("GET", "/generation/crews", params={"limit": 2})
    seen = [row["id"] for row in answer.json()["items"]]
    while answer.json()["next_cursor"]:
        following = answer.links["next"]["url"]
        assert "limit=2" in following
        answer = api.client.get(str(api.client.base_url).removesuffix("/api/v1/") + following)
        seen += [row["id"] for row in answer.json()["items"]]
    assert seen[:5] == made[::-1]
    assert len(seen) == len(set(seen)) == api.front_door.crews.count()


def test_a_cursor_of_another_list_is_refused(api: Api):
    for _ in range(2):
        store(api)
    cursor = api.get("/generation/crews", limit=1)["next_cursor"]
    for wrong in (cursor[:-2] + "xx", "AAAA"):
        assert api.ask("GET", "/generation/crews", params={"cursor": wrong}).status_code == 404
    assert api.ask("GET", "/generation/runs", params={"cursor": cursor}).status_code == 404
    assert api.ask("GET", "/generation/crews", params={"cursor": "no cursor"}).status_code == 422


def test_a_deleted_crew_is_found_nowhere_and_can_be_brought_back(api: Api):
    crew_id = api.generate()["crew_id"]
    address = f"/generation/crews/{crew_id}"
    assert str(crew_id) in [one["key"] for one in api.get("/search", words="brief", limit=50)["crews"]]
    assert api.ask("DELETE", address).status_code == 204
    assert [api.ask(method, address).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert str(crew_id) not in [one["key"] for one in api.get("/search", words="brief", limit=50)["crews"]]
    gone = api.get("/generation/deleted")["items"][0]
    assert (gone["thing"], gone["key"]) == ("crew", str(crew_id))
    assert api.ask("POST", f"/generation/deleted/crew/{crew_id}/restore").status_code == 200
    assert api.ask("POST", f"/generation/deleted/crew/{crew_id}/restore").status_code == 404
    assert api.get(address)["crew_id"] == crew_id


def test_of_two_edits_at_once_one_wins_and_the_other_is_told_what_is_newest(api: Api):
    crew_id = store(api)["crew_id"]

    def edit(name: str) -> Any:
        return api.ask("PUT", f"/generation/crews/{crew_id}", json={"crew": CREW | {"name": name}, "expected": 1})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(edit, ["one", "two", "three", "four"]))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    won = next(answer.json() for answer in answers if answer.status_code == 200)
    assert won["number"] == 2
    for lost in (answer.json() for answer in answers if answer.status_code == 409):
        assert lost["type"] == "urn:crewgen:problem:edit-conflict"
        assert lost["newest"] == 2
    assert api.get(f"/generation/crews/{crew_id}")["crew"]["name"] == won["crew"]["name"]


def test_versions_stay_and_can_be_gone_back_to(api: Api):
    crew_id = store(api)["crew_id"]
    edited = {"crew": CREW | {"name": "Other"}, "expected": 1, "note": "Named otherwise"}
    assert api.ask("PUT", f"/generation/crews/{crew_id}", json=edited).status_code == 200
    back = api.post(f"/generation/crews/{crew_id}/revert", {"number": 1, "expected": 2})
    assert (back["number"], back["crew"]) == (3, CREW)
    assert [row["note"] for row in api.get(f"/generation/crews/{crew_id}/versions")["items"]][1] == "Named otherwise"
    assert api.get(f"/generation/crews/{crew_id}", number=2)["crew"]["name"] == "Other"
    assert api.ask("POST", f"/generation/crews/{crew_id}/revert", json={"number": 1, "expected": 2}).status_code == 409


def test_a_crew_is_refined_by_words(api: Api):
    crew_id = api.generate()["crew_id"]
    made = api.post(f"/generation/crews/{crew_id}/refine", {"wish": "No web access, please.", "model": ""})
    assert made["number"] == api.get(f"/generation/crews/{crew_id}")["number"]
    assert made["refinement"]["wish"] == "No web access, please."


def test_a_crew_is_taken_away_as_a_project(api: Api):
    crew_id = store(api)["crew_id"]
    answer = api.ask("GET", f"/generation/crews/{crew_id}/export", params={"format": "crewai-json"})
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert any(name.endswith("crew.jsonc") for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist())


def test_a_crew_that_is_not_there_is_told(api: Api):
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/versions", None),
        ("GET", "/export", None),
        ("PUT", "", {"crew": CREW, "expected": 1}),
        ("POST", "/refine", {"wish": "Shorter."}),
        ("POST", "/revert", {"number": 1, "expected": 2}),
    ):
        answer = api.ask(method, f"/generation/crews/987654{path}", json=body)
        assert answer.status_code == 404, (method, path)
        assert answer.json()["type"] == "urn:crewgen:problem:not-found"
    assert api.ask("GET", "/generation/crews/9223372036854775808").status_code == 422


def test_any_crew_is_checked_priced_and_improved_without_being_stored(api: Api):
    before = api.front_door.crews.count()
    assert api.post("/generation/validate", {"crew": CREW})["score"] > 0
    assert api.post("/generation/estimate", {"crew": CREW})["success"]["p50"] > 0
    assert api.post("/generation/optimize", {"crew": EXAMPLE, "goal": "cost"})["verdict"]
    assert api.post("/generation/analyze", {"objective": {"text": "Compare prices of bikes."}})["skills"]
    assert api.front_door.crews.count() == before


def test_a_crew_without_anybody_cannot_be_improved(api: Api):
    answer = api.ask("POST", "/generation/optimize", json={"crew": {"name": "Nobody"}, "goal": "cost"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:crewgen:problem:refused"


def test_a_crew_has_a_report_for_stakeholders(api: Api):
    crew_id = store(api)["crew_id"]
    for form, media, begin in (("html", "text/html", b"<!doctype html>"), ("pdf", "application/pdf", b"%PDF-")):
        answer = api.ask("GET", f"/generation/crews/{crew_id}/report", params={"format": form})
        assert answer.headers["content-type"].startswith(media) and answer.content.startswith(begin)
        assert answer.headers["content-disposition"].startswith("attachment")


def test_a_crew_is_shared_and_copied_and_its_history_says_so(api: Api):
    stored = store(api)
    address = f"/generation/crews/{stored['crew_id']}"
    assert api.ask("PUT", f"{address}/sharing", json={"shared": True}).json()["shared"]
    copy = api.post(f"{address}/copy")
    assert copy["crew_id"] != stored["crew_id"] and copy["crew"] == stored["crew"]
    first = api.get(f"{address}/history", limit=1)
    rest = api.get(f"{address}/history", cursor=first["next_cursor"])
    assert [event["action"] for event in (*first["items"], *rest["items"])] == ["shared", "created"]


def test_a_look_into_a_file_is_taken_at_once_and_is_the_same_from_a_thread(api: Api, monkeypatch: pytest.MonkeyPatch):
    crew_id = api.generate()["crew_id"]
    at_once = api.get(f"/generation/crews/{crew_id}"), api.get("/generation/crews", limit=1)
    assert api.front_door.reads_at_once
    monkeypatch.setattr(Crewgen, "reads_at_once", False)
    assert (api.get(f"/generation/crews/{crew_id}"), api.get("/generation/crews", limit=1)) == at_once
