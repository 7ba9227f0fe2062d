"""What stakeholders read: everything about a crew or a job, in one file that is safe to open and to print."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound
from crewgen_core.front.reports import REPORT_FORMS, ReportForm
from crewgen_core.models.crew import Crew
from crewgen_core.models.document import Graph, Grid
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.numbers import format_percent, format_usd, percent_range
from crewgen_core.settings import Settings
from tests.support.crews import hierarchical_crew, hostile_crew, parallel_crew, sequential_crew
from tests.support.finished_jobs import REASON, finish_rows

OBJECTIVE = Objective(text="Write a two-page brief about why subscribers leave, from a CSV file, for the board.")


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    opened = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})
    yield opened
    if "database" in vars(opened):
        opened.database.close()


class Tags(HTMLParser):
    """What a browser would make of a file."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_report_says_what_is_estimated_with_its_interval_and_its_sources(crewgen: Crewgen) -> None:
    made = crewgen.generate(OBJECTIVE, "")
    stored = crewgen.crews.get(made.crew_id)
    text = " ".join(Tags(crewgen.reports.crew(made.crew_id).content).words)
    estimate = stored.estimate
    assert format_percent(estimate.success.p50) in text and percent_range(estimate.success) in text
    assert estimate.cost_usd and format_usd(estimate.cost_usd.p50) in text
    for said in (stored.report.verdict, "estimates, not promises", "not yet corrected by any of your own outcomes"):
        assert said in text
    for item in estimate.basis:
        assert item.source in text and item.status in text


def test_a_report_names_everybody_every_task_and_every_finding(crewgen: Crewgen) -> None:
    made = crewgen.generate(OBJECTIVE, "")
    stored = crewgen.crews.get(made.crew_id)
    text = " ".join(Tags(crewgen.reports.crew(made.crew_id).content).words)
    for agent in stored.crew.agents:
        assert agent.role in text and agent.goal in text
    for task in stored.crew.tasks:
        assert task.expected_output in text
    for finding in stored.report.findings:
        assert finding.code in text and finding.message in text


def test_a_report_puts_the_crew_beside_its_alternatives(crewgen: Crewgen) -> None:
    made = crewgen.generate(OBJECTIVE, "")
    document = crewgen.reports.describe_crew(made.crew_id)
    (section,) = (section for section in document.sections if section.title == "Alternatives")
    compared = crewgen.alternatives(OBJECTIVE, made.design.crew)
    (grid,) = (block for block in section.blocks if isinstance(block, Grid))
    assert [row[0] for row in grid.rows] == [str(one.rank) for one in compared.alternatives]
    assert sum("(this report)" in row[1] for row in grid.rows) == 1


def test_the_drawing_leaves_out_what_follows_from_the_rest(crewgen: Crewgen) -> None:
    crew = sequential_crew()
    first, second, *_ = crew.tasks
    third = second.model_copy(update={"key": "third", "name": "Third", "depends_on": (first.key, second.key)})
    tasks = (first, second.model_copy(update={"depends_on": (first.key,)}), third)
    stored = crewgen.crews.save(crew.model_copy(update={"tasks": tasks}))
    blocks = (block for part in crewgen.reports.describe_crew(stored.crew_id).sections for block in part.blocks)
    (graph,) = (block for block in blocks if isinstance(block, Graph))
    assert graph.arrows == ((0, 1), (1, 2))


@pytest.mark.parametrize("form", REPORT_FORMS)
@pytest.mark.parametrize(
    "crew",
    [sequential_crew(), hierarchical_crew(), parallel_crew(), hostile_crew(), Crew(name="Nobody")],
    ids=["sequential", "hierarchical", "parallel", "hostile", "empty"],
)
def test_every_crew_has_a_report(crewgen: Crewgen, crew: Crew, form: ReportForm) -> None:
    file = crewgen.reports.crew(crewgen.crews.save(crew).crew_id, form)
    assert file.name.endswith(f"_report.{form}") and "/" not in file.name
    assert file.content.startswith(b"%PDF-" if form == "pdf" else b"<!doctype html>")


def test_a_web_page_holds_no_script_no_link_and_nothing_from_elsewhere(crewgen: Crewgen) -> None:
    page = crewgen.reports.crew(crewgen.crews.save(hostile_crew()).crew_id).content
    tags = Tags(page)
    assert tags.names.isdisjoint({"script", "a", "img", "iframe", "object", "link", "form", "b", "h6"})
    assert not [name for name in tags.attributes if name.startswith("on") or name in ("href", "src")]
    assert b"default-src 'none'" in page
    assert not re.search(rb"url\(|@import", page)


def test_letters_that_the_typeface_lacks_are_told(crewgen: Crewgen) -> None:
    plain = crewgen.reports.describe_crew(crewgen.crews.save(sequential_crew()).crew_id)
    from crewgen_core.exports.document_pdf import write_pdf

    with_kanji = plain.model_copy(update={"title": "日本語の報告"})
    assert len(write_pdf(with_kanji)) > 1_000
    assert write_pdf(with_kanji) != write_pdf(plain)


def test_a_report_is_about_the_version_that_is_asked_for(crewgen: Crewgen) -> None:
    stored = crewgen.crews.save(sequential_crew())
    crewgen.crews.save_version(stored.crew_id, stored.crew.model_copy(update={"name": "Renamed"}), "Renamed", 1)
    assert crewgen.reports.describe_crew(stored.crew_id).title == "Renamed"
    assert crewgen.reports.describe_crew(stored.crew_id, 1).title == stored.crew.name


def test_the_report_about_a_job_counts_its_rows_and_says_why_some_failed(crewgen: Crewgen) -> None:
    rows = [NewItem(line, f"Write a report about topic {line} for the board") for line in range(2, 8)]
    job = crewgen.bulk.start_items(NewJob(name="Ideas <b>"), rows)
    finish_rows(crewgen, job.id, failing=[2])
    text = " ".join(Tags(crewgen.reports.job(job.id).content).words)
    for said in ("Ideas <b>", "of 6 rows", REASON, "1 row:", "A quarter is below"):
        assert said in text
    assert crewgen.reports.job(job.id, "pdf").content.startswith(b"%PDF-")


def test_a_job_that_has_made_nothing_yet_says_so(crewgen: Crewgen) -> None:
    job = crewgen.bulk.start_items(NewJob(name="Ideas"), [NewItem(2, "Write a report about tea")])
    text = " ".join(Tags(crewgen.reports.job(job.id).content).words)
    assert "No crew has been made yet." in text and "1 row" in text


def test_there_is_no_report_about_what_is_not_there(crewgen: Crewgen) -> None:
    for ask in (lambda: crewgen.reports.crew(99), lambda: crewgen.reports.job(99, "pdf")):
        with pytest.raises(NotFound):
            ask()
