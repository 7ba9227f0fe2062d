from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.pieces import Piece
from crewgen_core.composition.plan import plan_pieces
from crewgen_core.composition.toolbox import MOST_TOOLS, grant_tools, is_allowed
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import Objective
from tests.support.objectives import CHURN, DIFFERENT


def read(text: str, **limits: object) -> Analysis:
    return analyze(Objective.model_validate({"text": text, **limits}), load_catalog())


def test_tools_are_few_and_none_goes_online_where_that_is_excluded() -> None:
    catalog = load_catalog()
    for text in DIFFERENT:
        offline = read(f"{text}. Do this without web access.")
        for piece in plan_pieces(offline, catalog):
            granted = grant_tools(piece, offline, catalog)
            assert len(granted) <= MOST_TOOLS
            assert not any(catalog.tools[tool].network for tool in granted)


def test_an_empty_list_of_tools_allows_none() -> None:
    assert not is_allowed("file_read", read(CHURN, allowed_tools=()), load_catalog())
    assert is_allowed("file_read", read(CHURN, allowed_tools=None), load_catalog())


def test_a_tool_of_high_risk_needs_a_word_of_the_objective() -> None:
    catalog, analysis = load_catalog(), read(CHURN)
    risky = next(key for key, tool in catalog.tools.items() if tool.risk == "high" and key not in analysis.tools)
    piece = plan_pieces(analysis, catalog)[0]
    step = piece.step.model_copy(update={"tools": (risky,)})
    assert grant_tools(Piece(step, "tea", "why", 0, named=False), analysis, catalog) == ()
    assert grant_tools(Piece(step, "tea", "why", 0, named=True), analysis, catalog) == (risky,)


def test_files_are_read_with_the_plain_tool_unless_the_objective_names_their_kind() -> None:
    catalog, plain, named = (
        load_catalog(),
        read("Analyze churn in our notes"),
        read("Analyze churn in our CSV of notes"),
    )
    step = plan_pieces(plain, catalog)[0].step.model_copy(update={"tools": ("csv_search",)})
    piece = Piece(step, "churn", "why", 0, named=True)
    assert grant_tools(piece, plain, catalog) == ("file_read",)
    assert grant_tools(piece, named, catalog) == ("csv_search",)


def test_a_system_of_ones_own_is_only_used_where_the_objective_names_it() -> None:
    catalog, silent, named = load_catalog(), read("Answer our customers"), read("Answer our customers in Zendesk")
    step = plan_pieces(silent, catalog)[0].step.model_copy(update={"tools": ("zendesk_tickets",)})
    piece = Piece(step, "customers", "why", 0, named=True)
    assert grant_tools(piece, silent, catalog) == ()
    assert grant_tools(piece, named, catalog) == ("zendesk_tickets",)


def test_a_crew_that_is_given_nothing_can_look_something_up() -> None:
    catalog = load_catalog()
    crew = CatalogComposer(catalog).build(read("Compare five CRM vendors for our team and recommend one"))
    assert "web_search" in {tool for task in crew.tasks for tool in task.tools}
    offline = CatalogComposer(catalog).build(read("Compare five CRM vendors and recommend one, without web access"))
    assert not any(task.tools for task in offline.tasks)


def test_a_file_that_is_named_before_the_first_order_can_be_read() -> None:
    text = "Given a candidate's CV and a CSV of open positions, work out which positions suit the person best"
    crew = CatalogComposer(load_catalog()).build(read(text))
    assert "csv_search" in {tool for task in crew.tasks for tool in task.tools}
