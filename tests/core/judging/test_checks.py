from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.judging.checks import check_run, check_task
from crewgen_core.judging.result import Result
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.outcome import Judgement, TaskVerdict

STOPWORDS: Mapping[str, tuple[str, ...]] = load_catalog().language.stopwords

PROSE = "The churn rose in the third quarter because of the new prices, which is what most of the customers said. " * 4
TABLE = "| Driver | Loss |\n|---|---:|\n| Price | 40 |\n| Service | 20 |\n| Bugs | 10 |\n"


def check(expected: str, output: str) -> TaskVerdict:
    task = Task(key="t", name="Task", description="Do the work.", expected_output=expected)
    return check_task(task, output, STOPWORDS)


def told(verdict: TaskVerdict) -> str:
    return " ".join(f"[{check.state}] {check.sentence}" for check in verdict.checks)


def items(count: int, mark: str = "-") -> str:
    return "\n".join(f"{f'{at}.' if mark == '1' else mark} Item number {at}" for at in range(1, count + 1))


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("", "There is no result"),
        ("  \n --- \n", "There is no result"),
        ("Traceback (most recent call last):\n  File x", "is an error"),
        ("Error: the model could not be reached", "is an error"),
        ("Agent stopped due to iteration limit or time limit.", "is an error"),
        ("I'm sorry, but I can't help with that request.", "is a refusal"),
        ("As an AI language model, I do not have access to your files.", "is a refusal"),
        ("I now can give a great answer", "ends before it"),
        ("Final Answer:", "ends before it"),
        ("A short brief.", "repeats what was asked for"),
        ("Dear [Your Name], the figures are fine and here is the rest of the letter.", "placeholder"),
        ("The plan follows. Lorem ipsum dolor sit amet, consectetur.", "placeholder"),
    ],
)
def test_what_is_no_result_is_told(output: str, said: str) -> None:
    verdict = check("A short brief.", output)
    assert verdict.state == "not met"
    assert said in told(verdict)


@pytest.mark.parametrize(
    "output",
    [
        PROSE + "\nThe vendor answered: “I'm sorry, but I can't help with that.”",
        "The error rate fell to 2 %. " + PROSE,
        "See [our guide](https://example.org/guide) and [1] for more. " + PROSE,
        "[Your rights](https://example.org) are explained. " + PROSE,
    ],
)
def test_a_result_that_speaks_of_faults_is_none_itself(output: str) -> None:
    assert check("A brief.", output).checks[0].state == "met"


@pytest.mark.parametrize(
    ("expected", "output", "state"),
    [
        ("The answer as JSON object", '{"a": 1}', "met"),
        ("The answer as JSON object", 'Here it is:\n```json\n{"a": 1}\n```\n', "met"),
        ("The answer as JSON object", "{'a': 1}", "not met"),
        ("Notes on the JSON schema and its API", PROSE, "cannot tell"),
        ("OpenAPI document in YAML", "```yaml\nopenapi: 3.1.0\npaths: {}\n```", "met"),
        ("OpenAPI document in YAML", "```yaml\nopenapi: [3.1.0\n```", "not met"),
        ("A CSV file of all contacts", "name,city\nAnn,Rome\nBob,Bonn", "met"),
        ("A CSV file of all contacts", PROSE, "not met"),
        ("Comparison table of venues", TABLE, "met"),
        ("Comparison table of venues", PROSE, "not met"),
        ("Comparison table of venues", "```sql\nCREATE TABLE x;\n```", "cannot tell"),
        ("DDL script. Accepted when: every table has a key.", PROSE, "cannot tell"),
        ("Bullet points with the news", items(3), "met"),
        ("Bullet points with the news", PROSE, "not met"),
        ("A report with headings", "# News\n" + PROSE, "met"),
        ("A report with headings", PROSE, "not met"),
    ],
)
def test_the_form_that_was_asked_for(expected: str, output: str, state: str) -> None:
    verdict = check(expected, output)
    assert verdict.state == state, told(verdict)


@pytest.mark.parametrize(
    ("expected", "output", "state"),
    [
        ("Five recommendations", items(5), "met"),
        ("Five recommendations", items(5, "1"), "met"),
        ("Five recommendations", items(4), "not met"),
        ("Five recommendations", items(8), "not met"),
        ("At least five recommendations", items(8), "met"),
        ("At most five ideas", items(8), "not met"),
        ("3-5 findings", TABLE, "met"),
        ("3 to 6 drivers ranked by loss", TABLE, "met"),
        ("5 ideas", f"{items(3)}\n\nAnd then:\n\n{items(4)}", "cannot tell"),
        ("5 ideas", PROSE, "cannot tell"),
        ("five interview questions", "\n\n".join(f"{at}. Why?\n\nBecause it matters." for at in range(1, 6)), "met"),
        ("two sections", "## One\n\ntext\n\n## Two\n\ntext", "met"),
        ("Notes. Accepted when: six sources are named.", PROSE, "cannot tell"),
        ("about 80 words", PROSE, "met"),
        ("500 words", PROSE, "not met"),
        ("70-90 words", PROSE, "met"),
        ("at most 50 words", PROSE, "not met"),
        ("at least 1,000 words", PROSE, "not met"),
        ("a programme with 40-60 words per session", PROSE, "cannot tell"),
        ("pitches of 20 words at most", PROSE, "cannot tell"),
        ("a two-page brief", "word " * 900, "met"),
        ("a two-page brief", "word " * 320, "cannot tell"),
        ("a two-page brief", "word " * 100, "not met"),
        ("1-2 pages", "word " * 5_000, "not met"),
    ],
)
def test_how_much_was_asked_for(expected: str, output: str, state: str) -> None:
    verdict = check(expected, output)
    assert verdict.state == state, told(verdict)


GERMAN = (
    "Die Kunden sind mit dem Preis und der Betreuung von unserem Dienst nicht zufrieden, und das ist für uns neu. " * 3
)


@pytest.mark.parametrize(
    ("expected", "output", "state"),
    [
        ("A letter written in German", GERMAN, "met"),
        ("A letter written in German", PROSE, "not met"),
        ("A letter in English", PROSE, "met"),
        ("The manual. Accepted when: the language is French, Polish.", PROSE, "not met"),
        ("A three-day programme in Lisbon", PROSE, "cannot tell"),
        ("A note in Japanese", "お客様の声をまとめました。価格が高いという意見が多いです。", "met"),
        ("A note in German", "Umsatz 2024: 40, 2025: 30", "cannot tell"),
        ("A report with sections: Summary, Risks and Next steps", "# Summary\na\n# Risks\nb\n**Next steps**\nc", "met"),
        ("A report with sections: Summary, Risks and Next steps", "# Summary\na\n# Next steps\nc", "not met"),
        ("Notes with links", "See https://example.org/a", "met"),
        ("Notes with links", PROSE, "not met"),
        ("Notes with sources", PROSE + "Source: own survey", "met"),
        ("Notes with sources", PROSE, "cannot tell"),
    ],
)
def test_language_sections_and_links(expected: str, output: str, state: str) -> None:
    verdict = check(expected, output)
    assert verdict.state == state, told(verdict)


def test_every_check_of_a_wish_quotes_it() -> None:
    expected = "Comparison table of 5-6 venues with link, 300 words, written in German, sections: Summary and Costs"
    checks = check(expected, PROSE).checks[1:]
    assert len(checks) >= 5
    assert all(check.quote in expected and check.quote for check in checks)


def make_crew(first: str = "Notes", last: str = "Five recommendations") -> Crew:
    """Three tasks, each of which works from the one before."""
    texts, keys = (first, "Notes", last), ("t0", "t1", "t2")
    tasks = [
        Task(key=key, name=f"Task {key}", expected_output=text, depends_on=keys[at - 1 : at] if at else ())
        for at, (key, text) in enumerate(zip(keys, texts, strict=True))
    ]
    return Crew(tasks=tuple(tasks))


def judge(**results: str) -> Judgement:
    crew = make_crew()
    outputs = {"t0": PROSE, "t1": PROSE, "t2": items(5)}
    return check_run(crew, {**outputs, **results}, STOPWORDS)


def test_a_run_succeeded_where_the_final_result_has_what_was_asked_for() -> None:
    made = judge()
    assert made.succeeded is True
    assert "do not read for truth" in made.reason


def test_a_run_without_one_result_did_not_succeed() -> None:
    made = judge(t0="I'm sorry, but I cannot assist with that.")
    assert made.succeeded is False
    assert "“Task t0”" in made.reason


def test_a_final_result_without_the_form_asked_for_is_no_success() -> None:
    made = judge(t2=items(3))
    assert made.succeeded is False


def test_the_form_of_what_others_build_upon_does_not_decide() -> None:
    made = check_run(make_crew(first="A table"), {"t0": PROSE, "t1": PROSE, "t2": items(5)}, STOPWORDS)
    assert made.tasks[0].state == "not met"
    assert made.succeeded is True


def test_where_nothing_can_be_checked_nothing_is_claimed() -> None:
    made = check_run(make_crew(last="A good text"), dict.fromkeys(("t0", "t1", "t2"), PROSE), STOPWORDS)
    assert made.succeeded is None


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_texts_are_judged_without_a_fault(expected: str, output: str) -> None:
    verdict = check(expected, output)
    assert verdict.checks
    assert all(check.sentence for check in verdict.checks)


@given(st.integers(1, 30), st.sampled_from(["-", "*", "1", "+"]))
def test_every_item_of_a_list_is_counted(count: int, mark: str) -> None:
    assert Result.read(f"Intro:\n\n{items(count, mark)}\n\nOutro.").lists == [count]
