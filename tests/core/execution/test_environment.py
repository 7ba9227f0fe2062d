"""What the process of a run sees and what it is given; which keys and packages a crew lacks."""

from crewgen_core.execution.environment import (
    PLACEHOLDER,
    choose_keys,
    find_missing_keys,
    find_tool_gaps,
    quiet_environment,
)
from tests.support.crews import hierarchical_crew, tools_catalog

KEYS = {"OPENAI_API_KEY": "sk-o", "ANTHROPIC_API_KEY": "sk-a", "SERPER_API_KEY": "s", "PATH": "/bin", "SECRET": "x"}


def test_a_process_starts_without_any_key_and_with_everything_quiet():
    seen = quiet_environment(KEYS, "/home/run")
    assert seen["PATH"] == "/bin" and seen["HOME"] == "/home/run"
    assert not set(KEYS.values()) - {"/bin"} & set(seen.values())
    assert (seen["CREWAI_TRACING_ENABLED"], seen["OTEL_SDK_DISABLED"]) == ("false", "true")


def test_only_the_keys_that_the_crew_needs_are_given():
    tool = tools_catalog().tools["web_search"]
    assert choose_keys(["openai/gpt-5-mini"], [tool], KEYS, "") == {"OPENAI_API_KEY": "sk-o", "SERPER_API_KEY": "s"}
    assert choose_keys(["claude-sonnet-5"], [], KEYS, "") == {"ANTHROPIC_API_KEY": "sk-a"}
    assert choose_keys(["somebody/model"], [], {"SOMEBODY_API_KEY": "k"}, "") == {"SOMEBODY_API_KEY": "k"}


def test_the_address_of_a_server_of_ones_own_is_given_for_its_models_only():
    given = choose_keys(["openai/local"], [], {}, "http://here/v1")
    assert given["OPENAI_BASE_URL"] == "http://here/v1" and given["OPENAI_API_KEY"] == PLACEHOLDER
    assert choose_keys(["anthropic/claude-sonnet-5"], [], {}, "http://here/v1") == {}


def test_a_dry_run_is_given_no_key_at_all():
    tool = tools_catalog().tools["web_search"]
    assert set(choose_keys(["openai/gpt-5-mini"], [tool], KEYS, "", dry=True).values()) == {PLACEHOLDER}


def test_gaps_are_keys_and_packages_and_only_packages_in_a_dry_run():
    catalog = tools_catalog()
    tool = next(tool for tool in catalog.tools.values() if tool.packages and tool.environment)
    crew = hierarchical_crew()
    crew = crew.model_copy(update={"agents": (crew.agents[0].model_copy(update={"tools": (tool.key,)}),)})
    (gap,) = find_tool_gaps(crew, catalog, {}, frozenset())
    assert gap.missing == (*tool.environment, *tool.packages)
    (dry,) = find_tool_gaps(crew, catalog, {}, frozenset(), dry=True)
    assert dry.missing == tool.packages
    assert find_tool_gaps(crew, catalog, dict.fromkeys(tool.environment, "x"), None) == ()


def test_keys_of_models_are_missed_by_name():
    models = ["openai/gpt-5-mini", "gemini-2.5-pro", "ollama/llama3.1", "unknown/model"]
    assert find_missing_keys(models, {}, own_server=False) == ("OPENAI_API_KEY", "GEMINI_API_KEY")
    assert find_missing_keys(models, {"GOOGLE_API_KEY": "x"}, own_server=True) == ()
