"""Settings: models, catalog, rules, who may come in and by which token, what was done, whether all is well."""

import streamlit as st

from crewgen_core.models.person import Role
from pages.shared.audit_view import show_audit
from pages.shared.catalog_browser import show_catalog
from pages.shared.deleting import show_deleted
from pages.shared.health import show_health
from pages.shared.limits_view import show_limits
from pages.shared.model_facts import show_models
from pages.shared.people_view import show_own_sign_in, show_people
from pages.shared.problems import problems_shown
from pages.shared.providers import show_configuration, show_providers
from pages.shared.rules import show_rules
from pages.shared.session import front_door, login
from pages.shared.tokens_view import show_tokens
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

show_top(
    "Settings",
    "What crews are designed and checked by, who may come in, and what can be brought back.",
    [f"designs come from {crewgen.settings.model or 'the built-in engine'}", f"your role: {crewgen.person.role}"],
)
is_admin = crewgen.person.role is Role.ADMIN
sections = ["Models", "Catalog", "Validation rules", "Access", "Deleted", *(["Audit", "Health"] if is_admin else [])]
models, catalog, rules, access, deleted, *for_admins = st.tabs(sections, key="section", bind="query-params")

if models.open:
    with models:
        show_configuration(crewgen)
        show_models()
        show_providers(crewgen)

if catalog.open:
    with catalog:
        show_catalog(crewgen.catalog)

if rules.open:
    with rules:
        show_rules(crewgen)

if access.open:
    with access:
        if login():
            show_own_sign_in()
            if is_admin:
                show_people()
        show_tokens()
        show_limits()

if deleted.open:
    with deleted, problems_shown():
        show_deleted()

if is_admin:
    audit, health = for_admins
    if audit.open:
        with audit:
            show_audit()
    if health.open:
        with health:
            show_health(crewgen)
