"""What outlives a rerun: the front door, one for the process, and what is looked up in it again and again."""

from collections.abc import Mapping

import streamlit as st

from crewgen_core.app import Crewgen


@st.cache_resource(show_spinner=False)
def front_door() -> Crewgen:
    """Return crewgen, one for the whole process."""
    return Crewgen.open()


@st.cache_resource(show_spinner=False)
def tool_names() -> Mapping[str, str]:
    """Return the name that people read of each tool, by its catalog key, sorted by name."""
    tools = front_door().catalog.tools
    return {key: tools[key].name for key in sorted(tools, key=lambda key: tools[key].name.lower())}


@st.cache_resource(show_spinner=False)
def domain_names() -> Mapping[str, str]:
    """Return the name that people read of each domain, by its catalog key, sorted by name."""
    domains = front_door().catalog.domains
    return {key: domains[key].name for key in sorted(domains, key=lambda key: domains[key].name.lower())}


@st.cache_resource(show_spinner=False)
def skill_names() -> Mapping[str, str]:
    """Return the name that people read of each skill, by its catalog key."""
    return {key: skill.name for key, skill in front_door().catalog.skills.items()}
