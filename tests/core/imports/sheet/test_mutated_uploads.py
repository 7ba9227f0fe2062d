"""10,000 mutated uploads: each ends in a table or in a sentence with a hint, never in a crash.

7,250 texts made of parts that people and programs write, 2,500 with bytes changed at random, 250 workbooks, each of
which starts a process. Each is made of one random seed, which hypothesis draws, and shows when it fails: drawing every
part from hypothesis takes ten times as long as reading the file.
"""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.encoding import ENCODINGS
from crewgen_core.imports.sheet.sample import sample_csv
from crewgen_core.models.objective import Objective
from crewgen_core.models.upload import COLUMN_FIELDS, BadRow, UploadReport
from tests.support.uploads import inspected
from tests.support.workbooks import make_workbook

EXAMPLES_OF_TEXTS, EXAMPLES_OF_BYTES, EXAMPLES_OF_WORKBOOKS = 7_250, 2_500, 250

CELLS = (
    "Write a report|Write a report|Write b|2.50|2,50|$1,000.50|1,500|nan|-1|30 min|1 h 30|99|high|whenever|legal|X|"
    'built-in|gpt-5-mini|gpt-99|=HYPERLINK("http://x","y")|@SUM(A1)|+cmd|-1+1|"|""|a"b|\'|a, b|a; b|a\tb|a\r\nb|'
    "\r|\0|\ufeff|é|€ 5|雨|🎉|مرحبا|\u202e|\u2028|\x85|\x1a| |||\U000e0001"
).split("|")
HEADERS = [*COLUMN_FIELDS, "Objective", "ZIEL", "Budget (USD)", "sep=;", "", " ", "x", '"']
QUOTINGS = ["{}", "{}", '"{}"', '"{}"', '"{}"', '"{}', ' "{}"', '{}"']
CODECS = ["utf-8", "utf-8", *ENCODINGS.values(), "utf-32"]
PIECES = [b'"', b"\n", b"\r", b",", b";", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"=1+1", b"", b"sep=;\n"]

SHEET = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>objective</t></is></c><c r="B1" t="str"><v>budget</v></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Write a report</t></is></c><c r="B2"><v>2.5</v></c></row>'
    '<row r="4"><c r="A4" t="str"><f>1+1</f><v>=1+1</v></c><c r="B4" t="b"><v>1</v></c>'
    '<c s="1" r="C4"><v>46000</v></c></row>'
)
CHOSEN_ENCODINGS = [*[None] * 30, *ENCODINGS, "klingon"]
CHOSEN_DELIMITERS = [*[None] * 12, ",", ";", "\t", "x", '"', ""]
CHANCE = st.randoms(use_true_random=True)


def make_text(chance: Random) -> bytes:
    """Return a CSV file that is nearly right."""
    delimiter, end = chance.choice(",;\t|"), chance.choice(["\n", "\r\n", "\r"])
    header = chance.choices(HEADERS, k=chance.randint(0, 5))
    if chance.random() < 0.8 or not header:
        header.insert(0, "objective")
    lengths = [len(header) + chance.choice([0, 0, 0, 0, 1, -1]) for _ in range(chance.randint(0, 6))]
    lines = [header, *(chance.choices(CELLS, k=length) for length in lengths)]
    quote, doubled = chance.choice(QUOTINGS), chance.random() < 0.8
    written = [
        delimiter.join(quote.format(cell.replace('"', '""') if doubled else cell) for cell in line) for line in lines
    ]
    begin = chance.choice(["", "", "", "", f"sep={delimiter}{end}", end])
    last = chance.choice(["", "", "", "", "", "x" * 20_001, "Write " * 30_000])
    return (begin + end.join(written) + end + last).encode(chance.choice(CODECS), "replace")


def mutate(content: bytes, chance: Random) -> bytes:
    """Return the bytes with some changed, put in, taken out or repeated."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(content))
        new = chance.choice([*PIECES, chance.randbytes(chance.randint(1, 4)), content[at : at + 9]])
        gone = chance.choice([0, 0, 1, len(new), len(new), 40, len(content) * (chance.random() < 0.1)])
        content = content[:at] + new + content[at + gone :]
    return content


def check_end(content: bytes, **choices: object) -> None:
    """Read a file: it must end in a table that is true, or in a sentence with a hint."""
    try:
        report = inspected(content, **choices)
    except UnreadableUpload as refused:
        assert str(refused)[-1] == "."
        assert refused.hint[-1] in ".?"
        assert (str(refused) + refused.hint).isprintable()
        return
    check_table(report)


def check_table(report: UploadReport) -> None:
    """Check that the counts agree, rows are in order, and good ones can become objectives."""
    assert report.rows == report.good + report.bad == sum(report.models.values()) + report.bad > 0
    assert len(report.bad_rows) == report.bad
    numbers = [row.row for row in report.preview]
    assert numbers == sorted(set(numbers))
    for row in report.preview:
        if isinstance(row, BadRow):
            assert row.reason.endswith((".", "?"))
            assert row.reason.isprintable()
        else:
            objective = Objective(text=row.text, **row.requirements)
            assert objective.text == row.text
            assert objective.model_dump(mode="json", exclude_defaults=True, exclude={"text"}) == row.requirements


@settings(max_examples=EXAMPLES_OF_TEXTS)
@given(chance=CHANCE)
def test_a_text_that_is_nearly_right_ends_in_a_table_or_a_sentence(chance: Random) -> None:
    choices = {"delimiter": chance.choice(CHOSEN_DELIMITERS), "encoding": chance.choice(CHOSEN_ENCODINGS)}
    check_end(make_text(chance), **choices)


@settings(max_examples=EXAMPLES_OF_BYTES)
@given(chance=CHANCE)
def test_bytes_changed_at_random_end_in_a_table_or_a_sentence(chance: Random) -> None:
    content = chance.randbytes(200) if chance.random() < 0.1 else mutate(sample_csv(), chance)
    check_end(content)


@settings(max_examples=EXAMPLES_OF_WORKBOOKS)
@given(chance=CHANCE)
def test_a_damaged_workbook_ends_in_a_table_or_a_sentence(chance: Random) -> None:
    if chance.random() < 0.3:
        check_end(mutate(make_workbook({"A": [], "B": SHEET}), chance))
    else:  # a ZIP is whole only when what is in it was changed before
        check_end(make_workbook({"A": [], "B": mutate(SHEET.encode(), chance).decode("utf-8", "replace")}))


def test_there_are_10_000_of_them() -> None:
    assert EXAMPLES_OF_TEXTS + EXAMPLES_OF_BYTES + EXAMPLES_OF_WORKBOOKS == 10_000
