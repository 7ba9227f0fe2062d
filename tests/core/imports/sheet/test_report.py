"""What is told of a whole file."""

import hashlib
import tracemalloc

import pytest

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.report import inspect_upload
from crewgen_core.imports.sheet.sample import sample_csv
from crewgen_core.models.upload import COLUMN_FIELDS, DuplicateRow, SharedRequirements, UploadReport
from tests.support.uploads import inspected


def test_a_report_counts_every_row_once() -> None:
    content = b"objective;budget;model;owner\nWrite a;2;;Ann\nWrite b;x;;\n"
    content += b"write  A;2,0;built-in;\n;;;\nWrite c;;gpt-5-mini;\n"
    report = inspected(content)
    assert (report.rows, report.good, report.bad, report.duplicates) == (4, 3, 1, 1)
    assert [row.row for row in report.preview] == [2, 3, 4, 6]
    assert [row.row for row in report.bad_rows] == [3]
    assert report.duplicate_rows == (DuplicateRow(4, 2, "write A"),)
    assert report.models == {"": 2, "gpt-5-mini": 1}
    assert report.digest == hashlib.sha256(content).hexdigest()
    assert (report.kind, report.encoding, report.delimiter, report.tab) == ("csv", "UTF-8", ";", "")
    assert report.mapping == {"objective": "objective", "budget_usd": "budget", "model": "model"}
    assert report.notes == ('Kept with each row, without a meaning for its crew: "owner".',)


def test_a_report_can_be_stored_and_read_back() -> None:
    report = inspected("objective,budget\nWrite a,2\nWrite b,x\nWrite a,2\n")
    assert UploadReport.model_validate_json(report.model_dump_json()).bad_rows == report.bad_rows


def test_templates_are_kept_and_told_once_for_the_file() -> None:
    report = inspected("objective,template\nWrite a,t-1\nWrite b,t-2\n")
    assert [row.requirements for row in report.preview] == [{"template": "t-1"}, {"template": "t-2"}]
    assert [note for note in report.notes if "template" in note] == [
        "2 rows name a template: their crews start from it. A row whose template is not there, or needs more than the "
        "objective says, fails with that reason."
    ]


def test_only_so_many_bad_rows_are_kept_but_all_are_counted() -> None:
    report = inspected("objective,b\n" + "1,x\n" * 10_001)
    assert (report.bad, len(report.bad_rows), len(report.preview)) == (10_001, 10_000, 20)
    assert "The first 10,000 of 10,001 bad rows are listed." in report.notes


def test_a_header_without_rows_is_refused() -> None:
    with pytest.raises(UnreadableUpload, match="no row below it"):
        inspected("objective,name\n,\n")


def test_rows_are_not_held() -> None:
    content = (
        "objective,name\n" + "".join(f"Write the report of day {n} for the board,A\n" for n in range(20_000))
    ).encode()
    inspected("objective\nWrite a\n")  # what is loaded once does not count
    tracemalloc.start()
    inspected(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8_000_000  # of these, the bytes take 1 MB; rows as objects would take 16 MB


def test_the_sample_is_read_without_a_bad_row_and_fills_every_column_but_the_template() -> None:
    content = sample_csv()
    assert content.startswith(b"\xef\xbb\xbfobjective,name,context,")
    domains = {key: domain.name for key, domain in load_catalog().domains.items()}
    report = inspect_upload("sample.csv", content, SharedRequirements(), domains, lambda _: False)
    assert (report.good, report.bad, report.duplicates, report.notes) == (4, 0, 0, ())
    assert report.columns == COLUMN_FIELDS
    said = {field for row in report.preview for field in row.requirements}
    assert said == {"context", "domain", "budget_usd", "deadline_minutes", "max_agents", "preferences"}
    assert len({row.requirements["domain"] for row in report.preview}) == 4
