"""Limits on the pages: what is used is shown on Settings, and said beside Generate when little is left."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen

BRIEF = "Write a brief about churn for the board."


def said(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.error, app.subheader)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def generate(app: AppTest) -> AppTest:
    app.switch_page("generate.py")
    app.query_params.clear()
    app.run()
    app.text_area(key="objective_text").set_value(BRIEF)
    return app.button(key="generate").click().run()


def open_access(app: AppTest) -> AppTest:
    app.switch_page("settings.py")
    app.query_params["section"] = "Access"
    return app.run()


def test_settings_tell_what_is_used_also_without_a_limit(crewgen: Crewgen, app: AppTest) -> None:
    told = said(open_access(app.run()))
    assert "Crews generated today: 0, no limit" in told
    assert "A day ends at midnight UTC" in told


def test_who_has_used_nearly_all_is_told_and_who_has_used_all_is_told_when_it_is_free_again(
    crewgen: Crewgen, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREWGEN_GENERATIONS_PER_DAY", "1")
    crewgen.database.close()
    st.cache_resource.clear()
    app.run()
    assert "It is free again in" not in said(app)
    generate(app)
    assert "crew" in app.query_params
    told = said(generate(app))
    assert "Crews generated today: 1 of 1. It is free again in " in told
    assert "You have generated 1 of 1 crew today (UTC). The next can be made in " in told
    assert not app.exception
    open_access(app)
    assert not app.exception
