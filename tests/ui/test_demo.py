"""The demo on the pages: loaded on an empty Home, marked wherever it is shown, removed with one click."""

from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen

LOADING_S = 180
"""Loading takes some seconds, on a busy machine more: no test fails for that."""


def open_page(app: AppTest, page: str, **query: str) -> AppTest:
    app.query_params.clear()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(f"{page}.py").run()
    return app


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.success))


def test_the_demo_is_loaded_marked_everywhere_and_removed_with_one_click(app: AppTest, crewgen: Crewgen) -> None:
    app.run()
    app.button(key="load_demo").click().run(timeout=LOADING_S)
    assert not app.exception and crewgen.demo.is_loaded()
    assert words(app).count("science: demo") >= 8 and "simulated run" in words(app)

    crew = next(row for row in crewgen.crews.list(limit=200) if crewgen.running.count_runs(row.id))
    run = crewgen.running.list_runs(crew.id, limit=1)[0]
    (job,) = crewgen.bulk.list_jobs()
    for page, query in (
        ("generate", {"crew": str(crew.id)}),
        ("runs", {"run": str(run.id)}),
        ("bulk", {"job": str(job.id)}),
        ("templates", {}),
        ("templates", {"template": "demo-board-brief"}),
        ("analytics", {}),
    ):
        open_page(app, page, **query)
        assert not app.exception
        assert "science: demo" in words(app) or "demo" in [text.value for text in app.text], page

    crewgen.crews.save_version(crew.id, crewgen.crews.get(crew.id).crew, "Edited", 1)
    open_page(app, "home").button(key="remove_demo").click().run()
    assert "The demo is removed" in words(app) and f"crew {crew.id}" in words(app)
    assert [row.id for row in crewgen.crews.list()] == [crew.id] and not crewgen.demo.is_loaded()
