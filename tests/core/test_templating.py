"""Templates by the front door: preview, use, versions, archive, delete, and travelling as files."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError, NotFound, UnreadableTemplate, UnusableTemplate
from crewgen_core.models.objective import Objective
from crewgen_core.models.template import TemplateQuery
from crewgen_core.settings import Settings
from tests.support.templates import market_template

OWN_WORDS = "Size the market for heat pumps in Norway and write a two-page brief for the board."


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR")
    crewgen = Crewgen(settings, environment={})
    crewgen.templates.create(market_template())
    yield crewgen
    crewgen.database.close()


def test_a_preview_is_filled_checked_and_priced(crewgen: Crewgen):
    preview = crewgen.templates.preview("market-brief", {"product": "heat pumps"})
    assert preview.crew.tasks[0].name == "Size the market for heat pumps"
    assert preview.report.errors == ()
    assert 0 < preview.estimate.success.p50 < 1
    assert (preview.objective.template, preview.objective.template_number) == ("market-brief", 1)


def test_a_used_template_gives_its_filled_crew_and_is_kept_with_crew_and_request(crewgen: Crewgen):
    made = crewgen.templates.use("market-brief", {"product": "heat pumps"})
    assert made.design.crew == crewgen.templates.preview("market-brief", {"product": "heat pumps"}).crew
    used = made.design.provenance.template
    assert used is not None
    assert used.label == "From template “Market brief”, version 1."
    assert used.adaptations == ("Product: heat pumps.",)
    request = crewgen.get_request(made.request_id)
    assert (request.objective.template, request.objective.template_number) == ("market-brief", 1)
    assert request.design == made.design
    assert crewgen.templates.get("market-brief").uses == 1


def test_an_objective_in_own_words_adapts_the_template(crewgen: Crewgen):
    made = crewgen.templates.use("market-brief", {"places": "Norway"}, text=OWN_WORDS)
    crew, used = made.design.crew, made.design.provenance.template
    assert used is not None
    assert crew.objective == OWN_WORDS
    assert crew.task("check_rivals") is None
    assert "“Compare the competitors” was left out: the objective does not ask for it." in used.adaptations
    assert crew.tasks[-1].depends_on == ("size_market",)
    assert "heat pumps" in crew.tasks[0].description


def test_what_the_skeleton_lacks_is_added(crewgen: Crewgen):
    text = f"{OWN_WORDS} Then translate the brief into Norwegian and compare the competitors."
    made = crewgen.templates.use("market-brief", text=text)
    skills = {skill for task in made.design.crew.tasks for skill in task.skills}
    assert {"translation", "market_research", "competitor_analysis", "executive_writing"} <= skills
    assert made.design.report.errors == ()
    used = made.design.provenance.template
    assert used is not None
    assert any("translat" in sentence.lower() for sentence in used.adaptations)


def test_limits_beside_the_template_are_kept(crewgen: Crewgen):
    base = Objective(text="ignored", max_agents=1, allowed_tools=(), allowed_models=("openai/gpt-5-mini",))
    made = crewgen.templates.use("market-brief", base=base)
    crew = made.design.crew
    assert len(crew.agents) == 1
    assert [part.tools for part in (*crew.agents, *crew.tasks)] == [()] * 4
    assert crew.agents[0].model == "openai/gpt-5-mini"
    assert made.design.report.errors == ()


def test_values_that_do_not_fit_are_refused_before_anything_is_stored(crewgen: Crewgen):
    with pytest.raises(UnusableTemplate, match="needs a number"):
        crewgen.templates.use("market-brief", {"pages": "some"})
    assert crewgen.list_requests() == ()


def test_a_request_that_names_no_template_there_is_fails_with_the_reason(crewgen: Crewgen):
    with pytest.raises(NotFound, match="no template nothing"):
        crewgen.generate(Objective(text=OWN_WORDS, template="nothing"))
    (row,) = crewgen.list_requests()
    assert (row.state, row.failure_reason) == ("failed", "There is no template nothing.")


def test_an_archived_template_is_not_used_until_it_is_restored(crewgen: Crewgen):
    crewgen.templates.archive("market-brief")
    with pytest.raises(UnusableTemplate, match="is archived"):
        crewgen.templates.use("market-brief")
    crewgen.templates.restore("market-brief")
    assert crewgen.templates.use("market-brief").design.crew.tasks


def test_an_earlier_version_can_be_used_and_come_back(crewgen: Crewgen):
    old = crewgen.templates.get("market-brief").template
    crewgen.templates.edit(
        "market-brief", market_template(name="Market note", objective="Size [[product]]."), "Short", 1
    )
    assert crewgen.templates.preview("market-brief", number=1).objective.template_number == 1
    fields = {difference.field for difference in crewgen.templates.compare_versions("market-brief", 2, 1)}
    assert fields == {"name", "objective"}
    assert crewgen.templates.revert("market-brief", 1, 2).template == old


def test_exported_deleted_imported_and_used_it_gives_the_same_crew(crewgen: Crewgen):
    before = crewgen.templates.use("market-brief").design.crew
    file = crewgen.templates.export("market-brief").content
    crewgen.templates.delete("market-brief")
    stored = crewgen.templates.import_file(file)
    assert (stored.template, stored.uses) == (market_template(), 1)
    assert crewgen.templates.use("market-brief").design.crew == before


def test_an_imported_template_whose_key_is_taken_gets_a_new_key_or_is_a_new_version(crewgen: Crewgen):
    file = crewgen.templates.export("market-brief").content
    assert crewgen.templates.import_file(file).template.key == "market-brief-2"
    assert crewgen.templates.import_file(file, as_version=True).number == 2


def test_a_template_is_made_of_a_crew_and_gives_it_again(crewgen: Crewgen):
    made = crewgen.generate(Objective(text=OWN_WORDS))
    stored = crewgen.templates.create_from_crew(made.crew_id, "Heat pumps", category="Energy")
    assert (stored.template.key, stored.template.category) == ("heat-pumps", "Energy")
    assert {"Norway"} <= {blank.default for blank in stored.template.blanks}
    again = crewgen.templates.use("heat-pumps").design.crew
    assert again == made.design.crew
    other = crewgen.templates.use("heat-pumps", {"place": "Chile"}).design.crew
    assert "Chile" in other.model_dump_json()
    assert "Norway" not in other.model_dump_json()


def test_a_copy_has_a_key_and_a_name_of_its_own(crewgen: Crewgen):
    copy = crewgen.templates.duplicate("market-brief").template
    assert (copy.key, copy.name) == ("market-brief-copy", "Market brief (copy)")


def test_a_template_from_nothing_can_be_used_at_once(crewgen: Crewgen):
    key = crewgen.templates.create_empty("Über alles!").template.key
    assert crewgen.templates.use(key).design.report.errors == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "not an object"),
        (b"{}", "does not say so"),
        (b'{"schema": "crewgen/1"}', "says “crewgen/1”"),
        (b'{"schema": "crewgen-template/1", "key": "../x", "name": "n", "crew": {}}', "wrong at key"),
        (b'{"schema": "crewgen-template/1", "key": "x", "name": "n", "crew": {}}', "has no agent"),
        (b'{"schema": "crewgen-template/1", "key": "x", "name": "n", "crew": {}, "evil": 1}', "evil"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_no_template_is_refused_with_the_reason(crewgen: Crewgen, content: bytes, said: str):
    with pytest.raises(UnreadableTemplate, match=said):
        crewgen.templates.import_file(content)


def test_rows_of_a_job_may_name_a_template(crewgen: Crewgen):
    design = crewgen.craft.design
    objective = Objective(text=OWN_WORDS, template="market-brief")
    from crewgen_core.llm.loop import shared_loop

    made = shared_loop().run(design(objective, "", None))
    assert made.provenance.template is not None
    with pytest.raises(CrewgenError, match="no template nothing"):
        shared_loop().run(design(objective.model_copy(update={"template": "nothing"}), "", None))


def test_lists_find_templates(crewgen: Crewgen):
    found = [row.key for row in crewgen.templates.list(TemplateQuery(search="market brief"))]
    assert "market-brief" in found
    assert len(found) < len(crewgen.templates.list(TemplateQuery()))
    assert json.loads(crewgen.templates.export("market-brief").content)["schema"] == "crewgen-template/1"
