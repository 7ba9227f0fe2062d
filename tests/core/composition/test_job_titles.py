from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.objective import Objective


def test_a_plural_that_has_no_singular_stays_in_a_job_title() -> None:
    catalog = load_catalog()
    analysis = analyze(Objective(text="Write a report on sales in Europe and compare it with Asia"), catalog)
    roles = [agent.role for agent in CatalogComposer(catalog).build(analysis).agents]
    assert any(role.startswith("Sales ") for role in roles)
    assert not any(role.startswith("Sale ") for role in roles)
