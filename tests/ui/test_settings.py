"""The Settings page: what is set up is told, never what a key is."""

import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from pages.shared.catalog_browser import find_entries

ROOT = Path(__file__).parents[2]
KEY = "sk-never-to-be-shown-4711"
HEAVY = ("litellm", "openai", "crewai", "pandas", "highspy", "numpy", "crewgen_core.figures.canvas")
"""What a page need not wait for until it asks a model or draws. Plotly itself is brought by Streamlit."""


def open_section(app: AppTest, name: str) -> AppTest:
    app.run()
    app.switch_page("settings.py")
    app.query_params["section"] = name
    return app.run()


def said(app: AppTest) -> str:
    """Return all that the page says."""
    kinds = (app.markdown, app.caption, app.error, app.success, app.info, app.text, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind)


@pytest.mark.parametrize("section", ["Models", "Catalog", "Validation rules", "Health"])
def test_every_section_opens_and_shows_no_key(app: AppTest, monkeypatch: pytest.MonkeyPatch, section: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///:memory:?password={KEY}")
    monkeypatch.setenv("CREWGEN_MODEL_BASE_URL", f"http://me:{KEY}@127.0.0.1:9/v1?key={KEY}")
    st.cache_resource.clear()
    open_section(app, section)
    assert said(app)
    assert KEY not in said(app)
    assert not app.exception


def test_a_provider_is_ready_when_its_key_is_set(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "")
    before = open_section(app, "Models")
    assert "`OPENAI_API_KEY` is not set" in said(before)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert "`OPENAI_API_KEY` is set" in said(app.run())


@pytest.mark.parametrize("page", ["home.py", "generate.py", "validate.py", "optimize.py", "settings.py"])
def test_a_setting_that_cannot_be_used_gets_a_sentence_on_every_page(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("CREWGEN_MODEL_DEADLINE_SECONDS", "soon")
    st.cache_resource.clear()
    app.run()
    app.switch_page(page).run()
    assert "CREWGEN\\_MODEL\\_DEADLINE\\_SECONDS" in app.error[0].value
    assert not app.exception


def test_every_rule_is_listed(app: AppTest, crewgen: Crewgen) -> None:
    open_section(app, "Validation rules")
    assert all(f"`{rule.code}`" in said(app) for rule in crewgen.rules())
    assert "\\`" not in said(app)
    assert said(app).replace("\\", "").count("Prevents: ") == len(crewgen.prevented())


def test_the_search_finds_churn_and_its_name_comes_first(crewgen: Crewgen) -> None:
    found = find_entries(list(crewgen.catalog.skills.values()), " CHURN ")
    assert "churn" in found[0].name.lower()
    assert len(found) < len(crewgen.catalog.skills)
    assert find_entries(list(crewgen.catalog.skills.values()), "churn nosuchword") == []


def test_the_catalog_is_searched_as_one_types(app: AppTest) -> None:
    open_section(app, "Catalog")
    app.text_input(key="catalog_search").set_value("churn").run()
    assert any("churn" in expander.label.lower() for expander in app.expander)
    app.text_input(key="catalog_search").set_value("(.*[").run()
    assert "No entry of skills" in app.info[0].value


def test_pages_do_not_wait_for_what_they_do_not_need() -> None:
    program = f"""
import sys
from pathlib import Path
from importlib import import_module
for path in sorted(Path("pages/shared").glob("*.py")):
    import_module(f"pages.shared.{{path.stem}}")
print(*[name for name in {HEAVY} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_visit_does_not_wait_for_what_it_does_not_need(tmp_path: Path) -> None:
    program = f"""
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("pages/router.py", default_timeout=60).run()
for page in ("generate.py", "validate.py", "optimize.py", "settings.py"):
    app.switch_page(page).run()
    assert not app.exception
print(*[name for name in {HEAVY} if name in sys.modules])
"""
    environment = {"PATH": "", "PYTHONPATH": str(ROOT), "CREWGEN_DATABASE_URL": f"sqlite:///{tmp_path}/crewgen.db"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
