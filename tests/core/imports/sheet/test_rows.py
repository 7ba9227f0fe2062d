"""Rows that become objectives, and rows that cannot, with all that is wrong in them."""

import pytest

from crewgen_core.errors import UnreadableUpload, UnusableObjective
from crewgen_core.imports.sheet.rows import check_rows
from crewgen_core.imports.sheet.sheet import MOST_COLUMNS, MOST_ROWS, read_sheet
from crewgen_core.models.objective import Objective
from crewgen_core.models.upload import BadRow, ObjectiveRow, SharedRequirements
from tests.support.uploads import checked, good, only_bad

FULL = (
    "objective,name,context,domain,budget_usd,deadline_minutes,max_agents,template,model,priority,tags,preferences,owner\n"
    '"Write a report, please", Board  brief ,For us,Data and Analytics,"2,50",1 h 30,4,t-1,openai/gpt-5,HIGH,"a, b",'
    "Short,Ann\n"
)


def test_a_row_says_everything_that_an_objective_can() -> None:
    (row,) = good(checked(FULL))
    assert row == ObjectiveRow(
        row=2,
        name="Board brief",
        text="Write a report, please",
        requirements={
            "context": "For us",
            "domain": "data",
            "budget_usd": 2.5,
            "deadline_minutes": 90,
            "max_agents": 4,
            "template": "t-1",
            "preferences": "Short",
        },
        model="openai/gpt-5",
        priority="high",
        tags=("a", "b"),
        extra={"owner": "Ann"},
        duplicate_of=None,
    )


def test_requirements_are_what_an_objective_dumps() -> None:
    (row,) = good(checked(FULL))
    objective = Objective(text=row.text, **row.requirements)
    assert objective.model_dump(mode="json", exclude_defaults=True, exclude={"text"}) == row.requirements


def test_an_objective_alone_is_enough() -> None:
    (row,) = good(checked("objective\nWrite a report\n"))
    assert (row.requirements, row.model, row.priority, row.tags, row.extra) == ({}, "", "normal", (), {})


def test_what_holds_for_all_rows_is_overridden_by_what_a_row_says() -> None:
    shared = SharedRequirements(
        context="For us\0",
        domain="Law and compliance",
        budget_usd=3,
        deadline_minutes=20,
        model="gpt-5-mini",
        priority="low",
    )
    rows = good(checked("objective,budget,model,priority\nWrite a,,,\nWrite b,1,Built-In,high\n", shared=shared))
    common = {"context": "For us", "domain": "legal", "deadline_minutes": 20}
    assert [(row.requirements, row.model, row.priority) for row in rows] == [
        ({**common, "budget_usd": 3}, "gpt-5-mini", "low"),
        ({**common, "budget_usd": 1}, "", "high"),
    ]


@pytest.mark.parametrize("shared", [SharedRequirements(domain="Alchemy"), SharedRequirements(model="gpt-99")])
def test_what_holds_for_all_rows_must_be_known(shared: SharedRequirements) -> None:
    with pytest.raises(UnusableObjective):
        checked("objective\nWrite a report\n", shared=shared)


@pytest.mark.parametrize("word", ["built-in", "BuiltIn", "none", "Built in"])
def test_the_built_in_engine_is_called_by_several_words(word: str) -> None:
    assert good(checked(f"objective,model\nWrite a,{word}\n"))[0].model == ""


@pytest.mark.parametrize("domain", ["data", "DATA", "Data and analytics", "data_and-analytics"])
def test_a_domain_is_known_by_key_and_by_name(domain: str) -> None:
    assert good(checked(f"objective,domain\nWrite a,{domain}\n"))[0].requirements == {"domain": "data"}


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (",1,,,,", "objective", "The objective is empty"),
        ("12 / 34,,,,,", "objective", "has no letters"),
        ("🎉🎉,,,,,", "objective", "has no letters"),
        ("Write a,lots,,,,", "budget", 'The budget "lots" is no amount'),
        ("Write a,,soon,,,", "deadline", 'The deadline "soon" is no time'),
        ("Write a,,,99,,", "max agents", "whole number from 1 to 50"),
        ("Write a,,,,Human ressources,", "domain", 'did you mean "Human resources and recruiting"?'),
        ("Write a,,,,Xqzw,", "domain", "leave it empty"),
        ("Write a,,,,,gpt5", "model", "did you mean openai/gpt-5 or gpt-5-mini?"),
    ],
)
def test_a_fault_names_its_column_and_what_would_be_right(line: str, column: str, reason: str) -> None:
    bad = only_bad(f"objective,budget,deadline,max agents,domain,model\n{line}\n")
    assert (bad.row, bad.column) == (2, column)
    assert reason in bad.reason


def test_a_row_with_several_faults_names_them_all() -> None:
    bad = only_bad("objective,budget,priority,domain\n,lots,whenever,legal,surplus\n")
    assert bad.column == "objective; budget; priority"
    assert bad.value == "surplus; lots; whenever"
    for part in ("5 cells and the header 4", "The objective is empty", "is no amount", "write high, normal or low"):
        assert part in bad.reason


def test_missing_and_surplus_cells_at_the_end_are_fine_when_they_are_empty() -> None:
    rows = good(checked("objective,name,budget,\nWrite a\nWrite b,B,2,, ,\n", delimiter=","))
    assert [(row.text, row.name) for row in rows] == [("Write a", ""), ("Write b", "B")]


def test_a_cell_that_is_too_long_makes_its_row_bad_not_the_file() -> None:
    long = "word " * 4_001
    first, second, third = checked(f"objective,note\n{long},x\nWrite a,{long}\nWrite b,x\n")
    assert isinstance(first, BadRow)
    assert first.reason == '"objective" has 20,005 characters, and 20,000 is the most: shorten it.'
    assert isinstance(second, BadRow)
    assert (second.column, len(second.value)) == ("note", 60)
    assert isinstance(third, ObjectiveRow)


def test_a_name_that_is_too_long_is_told() -> None:
    assert "longer than 200 characters" in only_bad(f"objective,name\nWrite a,{'n' * 201}\n").reason


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://evil.example","x")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "＝1a"]
)
def test_formulas_come_through_as_text(cell: str) -> None:
    quoted = '"' + cell.replace('"', '""') + '"'
    (row,) = good(checked(f"objective,name,other\n{quoted},{quoted},{quoted}\n"))
    assert (row.text, row.name, row.extra) == (cell, cell, {"other": cell})


def test_duplicates_have_the_same_objective_requirements_and_model() -> None:
    rows = good(
        checked(
            'objective,budget,model,name\nWrite a Report,,,A\n"  write  a\nREPORT",,none,B\nWrite a report,2,,C\n'
            "Write a report,2.0,,D\nWrite a report,,gpt-5-mini,E\nStrasse,,,F\nStraße,,,G\n"
        )
    )
    assert [row.duplicate_of for row in rows] == [None, 2, None, 5, None, None, 8]


def test_bad_rows_are_no_ones_duplicates() -> None:
    rows = checked("objective,budget\nWrite a,x\nWrite a,\n")
    assert isinstance(rows[0], BadRow)
    assert isinstance(rows[1], ObjectiveRow)
    assert rows[1].duplicate_of is None


def test_too_many_unknown_models_do_not_all_cost_a_search_for_near_ones() -> None:
    asked: list[str] = []
    content = "objective,model\n" + "".join(f"Write a,model-{n}\n" for n in range(1_000))
    sheet = read_sheet("a.csv", content.encode())
    mapping = {"objective": "objective", "model": "model"}
    rows = list(
        check_rows(sheet, mapping, SharedRequirements(), {}, lambda _: False, lambda name: asked.append(name) or ())
    )
    assert len(rows) == 1_000
    assert len(asked) == 100


def test_more_rows_than_200_000_are_refused() -> None:
    content = ("objective,b\n" + "x,y\n" * MOST_ROWS).encode()
    assert sum(1 for _ in read_sheet("a.csv", content).rows()) == MOST_ROWS
    with pytest.raises(UnreadableUpload, match="more than 200,000 rows"):
        list(read_sheet("a.csv", content + b"x,y\n").rows())


def test_more_columns_than_200_are_refused() -> None:
    header = ",".join(f"c{n}" for n in range(MOST_COLUMNS))
    assert len(read_sheet("a.csv", header.encode()).columns) == MOST_COLUMNS
    with pytest.raises(UnreadableUpload, match="201 columns"):
        read_sheet("a.csv", f"{header},x\n".encode())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \r\n\t ", "is empty"),
        (b"\xef\xbb\xbf\n \n", "has no rows"),
        (b'"a" b,c\nx,y\n', "first row"),
        (b"x" * 50_000_001, "larger than 50 MB"),
    ],
)
def test_a_file_without_a_table_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableUpload, match=sentence):
        read_sheet("a.csv", content)
