"""Templates on the command line."""

from tests.support.command_line import Run

TEXT = "Size the market for heat pumps and compare the competitors."


def test_a_crew_starts_from_a_template_with_values(run: Run):
    ended = run("generate", TEXT, "--builtin", "--json", "--template", "market-entry-brief", "--set", "region=Norway")
    assert ended.document["objective"]["template"] == "market-entry-brief"
    assert "Norway" in ended.document["crew"]["tasks"][0]["description"]


def test_a_value_without_a_template_or_a_name_is_refused(run: Run):
    assert "--set needs a template" in run("generate", TEXT, "--builtin", "--set", "region").err
