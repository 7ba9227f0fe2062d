"""The documentation page and the document it shows."""

import re

from tests.support.served_api import Api


def test_the_page_takes_everything_from_here_and_runs_no_script_of_its_own(api: Api):
    page = api.ask("GET", "/docs").text
    addresses = re.findall(r'(?:src|href|data-document)="([^"]+)"', page)
    assert all(address.startswith("/api/v1/") for address in addresses)
    for address in addresses:
        answer = api.ask("GET", address.removeprefix("/api/v1"))
        assert answer.status_code == 200
        assert answer.content
    assert re.findall(r"<script>|<style|\son\w+=", page) == []


def test_another_file_is_not_given(api: Api):
    for name in ("other.js", "..%2f__init__.py", "%2e%2e/__init__.py"):
        assert api.ask("GET", f"/docs/{name}").status_code == 404


def test_the_document_says_where_the_api_is_and_what_problems_are(api: Api):
    document = api.get("/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "/api/v1"}]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            assert operation["operationId"], (path, method)
            assert "500" in operation["responses"], (path, method)
