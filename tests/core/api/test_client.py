"""What programs are told about the API fits it: the example of the README, docs/api.md, a generated typed client."""

import os
import re
import subprocess
import sys
from pathlib import Path

from crewgen_core.settings import ROOT
from tests.support.served_api import Api
from tests.support.typed_client import write_client

PROGRAM = """
from client import Client

api = Client(ADDRESS)
made = api.generate({"objective": {"text": "Write a two-page brief about electric bikes.", "max_agents": 3}})
assert "design" in made
crew = api.get_crew(made["crew_id"])
crew["crew"]["agents"][0]["role"]
edited = api.save_crew(made["crew_id"], {"crew": {"name": "Nobody"}, "expected": crew["newest"]})
print(edited["number"], edited["report"]["verdict"], len(api.export_crew(made["crew_id"], number=1, format="crewgen")))
print([row["figures"]["success"] for row in api.list_crews(limit=1)["items"]])
"""

MISTAKES = {
    'api.get_crew("one")': "one",
    'api.generate({"objective": {"text": "x", "colour": "red"}})': "colour",
    'api.get_crew(1)["colour"]': "colour",
    'api.list_requests(state="done")': "done",
    "api.save_crew(1, {})": "crew",
}


def check_types(folder: Path, program: str, address: str) -> "subprocess.CompletedProcess[str]":
    (folder / "program.py").write_text(program.replace("ADDRESS", repr(address)), encoding="utf-8")
    return subprocess.run(
        [Path(sys.executable).with_name("pyright"), "--pythonpath", sys.executable, "program.py", "client.py"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_a_typed_client_generated_from_the_document_fits_and_finds_mistakes(api: Api, tmp_path: Path):
    (tmp_path / "client.py").write_text(write_client(api.get("/openapi.json")), encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}', encoding="utf-8")
    address = str(api.client.base_url)
    checked = check_types(tmp_path, PROGRAM, address)
    assert checked.returncode == 0, checked.stdout
    ran = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True)
    assert ran.stdout.startswith("2 "), ran.stdout + ran.stderr
    faulty = "from client import Client\n\napi = Client(ADDRESS)\n" + "\n".join(MISTAKES)
    told = check_types(tmp_path, faulty, address).stdout
    for line, word in enumerate(MISTAKES.values(), start=4):
        assert re.search(rf"program\.py:{line}:\d+ - error: .*\n?.*{word}", told), told


def test_the_example_of_the_readme_does_what_it_says(api: Api, tmp_path: Path):
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## REST API")[2]
    example = section.partition("```python\n")[2].partition("```")[0]
    assert len(example.strip().splitlines()) <= 12
    own = example.replace("http://localhost:8501/api/v1", str(api.client.base_url).rstrip("/"))
    assert own != example
    ran = subprocess.run([sys.executable, "-c", own], cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    assert ran.returncode == 0, ran.stderr
    assert "succeeds in" in ran.stdout
    assert (tmp_path / "crew.zip").read_bytes().startswith(b"PK")


def test_the_page_about_the_api_names_every_route_and_no_other(api: Api):
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(GET|POST|PUT|DELETE) (/\S*)` \|", page, re.MULTILINE)
    there = [(method.upper(), path) for path, routes in api.get("/openapi.json")["paths"].items() for method in routes]
    assert sorted(told) == sorted(there)


def test_the_page_about_the_api_names_every_kind_of_problem():
    from crewgen_core.api.problems import KINDS

    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition("## Problems")[2]
    rows = {
        int(status): set(re.findall(r"`([a-z-]+)`", text))
        for status, text in re.findall(r"\| (\d{3}) \| (.*) \|", page)
    }
    for kind in KINDS:
        assert kind.name in rows[kind.status], kind.name
