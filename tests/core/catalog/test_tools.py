"""The risk levels of tools say the truth: what can change something outside is of high risk, and says why."""

import re

import pytest

from crewgen_core.catalog.loader import load_catalog

TOOLS = load_catalog().tools

ACTS = re.compile(
    r"\b(?:write|send|post|publish|book|create|update|manage|operate|run|execute|answer|delete|change|click|fill|pay)\b"
)
"""Verbs of deeds outside: a purpose or a reason that has one means that the tool can do it."""


@pytest.mark.parametrize("key", sorted(TOOLS))
def test_a_tool_that_can_act_is_of_high_risk(key: str):
    tool = TOOLS[key]
    if ACTS.search(tool.purpose) or re.search(
        r"\bcan (?:overwrite|create|change|send|post|publish)\b", tool.risk_reason
    ):
        assert tool.risk == "high"


@pytest.mark.parametrize("key", sorted(key for key, tool in TOOLS.items() if tool.risk == "high"))
def test_a_tool_of_high_risk_says_what_it_can_do(key: str):
    assert TOOLS[key].risk_reason.endswith(".")


@pytest.mark.parametrize(
    "key",
    [
        "file_write",
        "s3_write",
        "python_sandbox",
        "shell_sandbox",
        "gmail_mailbox",
        "slack_messages",
        "browser_automation",
    ],
)
def test_writing_sending_and_running_code_are_of_high_risk(key: str):
    assert TOOLS[key].risk == "high"


@pytest.mark.parametrize("key", sorted(key for key, tool in TOOLS.items() if tool.apps and key != "local_places"))
def test_an_application_that_acts_in_an_account_is_of_high_risk(key: str):
    assert TOOLS[key].risk == "high"
