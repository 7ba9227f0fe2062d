"""Many objectives at once through the API."""

import csv
import io

import pytest

from tests.support.finished_jobs import finish_rows
from tests.support.served_api import Api

OBJECTIVES = [
    {"objective": {"text": f"Write a two-page brief about the market for {what}."}, "name": what}
    for what in ("bikes", "boats", "balloons")
]


def start(api: Api, **more: object) -> int:
    return api.post("/generation/bulk-generate", {"name": "Markets", "objectives": OBJECTIVES, **more})["id"]


def test_objectives_become_a_job_with_an_address_and_results(api: Api):
    answer = api.ask("POST", "/generation/bulk-generate", json={"name": "Markets", "objectives": OBJECTIVES})
    assert answer.status_code == 202
    job = answer.headers["Location"].removeprefix("/api/v1")
    finish_rows(api.front_door, answer.json()["id"], failing=[2])
    assert api.get(job)["job"]["completed"] == 2
    assert [item["name"] for item in api.get(f"{job}/items", state="failed")["items"]] == ["boats"]
    rows = csv.DictReader(io.StringIO(api.ask("GET", f"{job}/results", params={"format": "csv"}).text))
    assert len(list(rows)) == 3
    lines = api.ask("GET", f"{job}/results", params={"format": "jsonl", "state": ["completed"]}).text.splitlines()
    assert len(lines) == 2
    assert api.post(f"{job}/retry") == {"rows": 1}


def test_rows_come_in_pages(api: Api):
    job_id = start(api)
    first = api.get(f"/generation/jobs/{job_id}/items", limit=2)
    second = api.get(f"/generation/jobs/{job_id}/items", limit=2, cursor=first["next_cursor"])
    assert [item["name"] for item in first["items"] + second["items"]] == ["bikes", "boats", "balloons"]
    assert (first["total"], second["next_cursor"]) == (3, None)


def test_a_row_may_differ_from_its_job(api: Api):
    row = {
        "objective": {"text": "Write a brief.", "budget_usd": 2, "max_agents": 2},
        "model": "openai/gpt-5.6-luna",
        "priority": "high",
        "tags": ["a", "b"],
    }
    job_id = api.post("/generation/bulk-generate", {"name": "One", "objectives": [row]})["id"]
    (item,) = api.get(f"/generation/jobs/{job_id}/items")["items"]
    assert (item["model"], item["priority"], item["tags"]) == ("openai/gpt-5.6-luna", "high", "a, b")
    assert item["requirements"] == {"budget_usd": 2, "max_agents": 2}


def test_a_job_is_paused_and_resumed_and_ended(api: Api):
    job_id = start(api)
    assert api.post(f"/generation/jobs/{job_id}/pause")["state"] == "paused"
    assert api.post(f"/generation/jobs/{job_id}/resume")["state"] == "running"
    assert api.post(f"/generation/jobs/{job_id}/cancel")["state"] == "cancelled"
    assert api.ask("POST", f"/generation/jobs/{job_id}/resume").status_code in (409, 422)


def test_a_file_becomes_a_job(api: Api):
    table = "objective,name\nWrite a brief about bikes,bikes\n,empty\nWrite a brief about bikes,again\n"
    answer = api.ask(
        "POST",
        "/generation/bulk-generate/upload",
        files={"file": ("markets.csv", table.encode(), "text/csv")},
        data={"keep_duplicates": "false", "budget_usd": "1.5"},
    )
    job = answer.json()
    assert answer.status_code == 202, answer.text
    assert (job["name"], job["file_name"], job["total"], job["budget_usd"]) == ("markets.csv", "markets.csv", 1, 1.5)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"colour\nred\n", b"PK\x03\x04 no workbook"])
def test_a_file_that_is_no_table_of_objectives_is_refused(api: Api, content: bytes):
    files = {"file": ("upload.xlsx", content, "application/octet-stream")}
    answer = api.ask("POST", "/generation/bulk-generate/upload", files=files)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:crewgen:problem:refused"


def test_a_field_of_the_form_that_is_not_there_is_refused(api: Api):
    files = {"file": ("a.csv", b"objective\nWrite a brief\n", "text/csv")}
    answer = api.ask("POST", "/generation/bulk-generate/upload", files=files, data={"colour": "red"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/colour"


def test_another_site_cannot_make_a_browser_upload_a_file(api: Api):
    files = {"file": ("a.csv", b"objective\nWrite a brief\n", "text/csv")}
    headers = {"Origin": "https://elsewhere.example"}
    assert api.ask("POST", "/generation/bulk-generate/upload", files=files, headers=headers).status_code == 403


def test_too_many_objectives_are_refused(api: Api):
    body = {"name": "Many", "objectives": [{"objective": {"text": "x"}}] * 1_001}
    assert api.ask("POST", "/generation/bulk-generate", json=body).status_code == 422
