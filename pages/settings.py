"""Settings: what is set up, what the catalog knows, which rules a crew is checked against, whether all is well."""

import streamlit as st

from pages.shared.catalog_browser import show_catalog
from pages.shared.health import show_health
from pages.shared.model_facts import show_models
from pages.shared.problems import problems_shown
from pages.shared.providers import show_configuration, show_providers
from pages.shared.rules import show_rules
from pages.shared.session import front_door

with problems_shown(stop=True):
    crewgen = front_door()

st.title("Settings", anchor=False)
models, catalog, rules, health = st.tabs(
    ["Models", "Catalog", "Validation rules", "Health"], key="section", bind="query-params"
)

if models.open:
    with models:
        show_configuration(crewgen)
        show_models(crewgen)
        show_providers(crewgen)

if catalog.open:
    with catalog:
        show_catalog(crewgen.catalog)

if rules.open:
    with rules:
        show_rules(crewgen)

if health.open:
    with health:
        show_health(crewgen)
