"""The launcher: half a configuration does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"CREWGEN_OIDC_CLIENT_ID": "crewgen"}, "CREWGEN_COOKIE_SECRET"),
        ({"CREWGEN_PUBLIC_URL": "https://crewgen.example.com/below"}, "CREWGEN_PUBLIC_URL"),
    ],
)
def test_a_configuration_that_would_stand_half_open_ends_in_one_sentence(settings: dict[str, str], told: str):
    asked = [sys.executable, "-c", "import streamlit_app"]
    started = subprocess.run(asked, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True)
    assert started.returncode == 1
    assert started.stderr.splitlines()[-1].startswith("crewgen cannot start: ")
    assert told in started.stderr.splitlines()[-1]
    assert "Traceback" not in started.stderr


def test_no_draw_of_a_page_looks_through_the_whole_process_for_garbage():
    assert st.get_option("runner.postScriptGC") is False
