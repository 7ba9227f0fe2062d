"""Why? on the pages: nothing is computed before somebody asks, and what is shown is text, never markup."""

from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.explanation import Quote, Span
from crewgen_core.models.objective import Objective
from pages.shared.explanation_view import MOST_TEXT, mark_words

BRIEF = "Analyze why churn rose in Q3 from our exports and write a two-page brief for the board."


FIGURES = "| Chance of success |"
"""What only an explanation shows."""


def open_crew(app: AppTest, crewgen: Crewgen, text: str = BRIEF) -> AppTest:
    made = crewgen.generate(Objective(text=text))
    app.run()
    app.switch_page("crew.py")
    app.query_params["crew"] = str(made.crew_id)
    return app.run()


def ask(app: AppTest, key: str) -> AppTest:
    """Open a button's explanation; AppTest has no way to click a popover."""
    app.session_state[f"why_{key}"] = True
    return app.run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption, app.error) for element in kind)


def quote(text: str, *words: str, asks: bool = True) -> Quote:
    spans = tuple(Span(start=text.index(word), end=text.index(word) + len(word)) for word in words)
    return Quote(words=" … ".join(words), field="text", spans=spans, says="asks for it", asks=asks)


def test_nothing_is_explained_before_somebody_asks(app: AppTest, crewgen: Crewgen):
    assert FIGURES not in said(open_crew(app, crewgen))
    assert said(ask(app, "task_1")).count(FIGURES) == 1


def test_a_task_shows_its_words_marked_in_the_objective_and_what_happens_without_it(app: AppTest, crewgen: Crewgen):
    text = said(ask(open_crew(app, crewgen), "task_1"))
    assert ":orange-background[Analyze] why :orange-background[churn] rose in Q3" in text
    assert "Without it, the crew could still be run" in text
    assert FIGURES in text
    assert not app.exception


def test_a_tool_of_a_task_is_explained_at_a_click(app: AppTest, crewgen: Crewgen):
    ask(open_crew(app, crewgen), "task_1")
    choice = next(pills for pills in app.button_group if pills.key and pills.key.startswith("why_task_1_"))
    choice.set_value(f"{choice.value}/tools/python_sandbox")
    text = said(app.run())
    assert "an agent can run Python code in a sandbox" in text
    assert "E2B" in text


def test_the_process_is_explained_too(app: AppTest, crewgen: Crewgen):
    assert "Worked that way" in said(ask(open_crew(app, crewgen), "process"))


def test_an_agent_is_explained_on_the_team_tab(app: AppTest, crewgen: Crewgen):
    open_crew(app, crewgen)
    app.session_state["tab"] = "Team"
    text = said(ask(app, "agent_1"))
    assert "The objective asks for its work" in text


def test_marked_words_never_become_markup():
    text = "Write **a** :red[brief] <b>now</b> $x$ about [tea](http://x.y):smile: and\n# cake"
    shown = mark_words(text, [quote(text, "brief", "tea"), quote(text, "cake", asks=False)])
    bare = shown.replace("\\", "").replace("\u2060", "")
    for mark in (":orange-background[brief]", ":orange-background[tea]", ":blue-background[cake]"):
        assert mark in bare
    bare = bare.replace(":orange-background[brief]", "brief").replace(":orange-background[tea]", "tea")
    assert bare.replace(":blue-background[cake]", "cake") == " ".join(text.split())
    assert "\\:" in shown
    assert "<" not in shown.replace("\\<", "")
    assert "\n" not in shown


def test_words_that_ask_are_marked_over_words_that_shape():
    text = "Write a two-page brief."
    shown = mark_words(text, [quote(text, "two-page", asks=False), quote(text, "two-page brief")])
    assert shown.replace("\\", "").replace("\u2060", "") == "Write a :orange-background[two-page brief]."


def test_of_a_long_objective_only_what_is_around_the_words_is_shown():
    text = f"{'tea ' * 400}brew {'cake ' * 400}bake {'tea ' * 400}".strip()
    shown = mark_words(text, [quote(text, "brew", "bake")])
    assert len(shown) < MOST_TEXT
    assert shown.count(" … ") == 1
    assert len(mark_words(text, [])) <= MOST_TEXT


def test_a_crew_on_the_validate_page_is_explained_without_being_saved(app: AppTest, crewgen: Crewgen):
    app.run()
    app.switch_page("validate.py").run()
    next(button for button in app.button if button.label == "Load an example").click().run()
    app.session_state["check_part"] = "Crew"
    text = said(ask(app, "check_task_1"))
    assert FIGURES in text
    assert crewgen.crews.count() == 0
    assert not app.exception
