"""The form for an objective: text, limits and engine. What is typed lives in the draft, so it is never lost."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from pydantic import ValidationError

from crewgen_core.errors import CrewgenError, UnusableObjective
from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS, MAX_OBJECTIVE_CHARACTERS, Objective
from pages.shared.draft import name_draft_in_address, own_draft
from pages.shared.limits_view import show_near_limits
from pages.shared.long_text import read_text
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown, show_problem
from pages.shared.session import domain_names, front_door, may_write, tool_names

EXAMPLES = (
    "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board with three "
    "recommendations.",
    "Compare five open-source vector databases for a team of three engineers and recommend one, with a table of "
    "trade-offs and sources.",
    "Plan a six-week launch campaign for our reusable water bottle: audience, channels, a content calendar and ten "
    "posts.",
    "Review our supplier contracts for risky clauses and prepare a list of points to renegotiate for the legal team.",
)

_AT_ONCE = "generate_at_once"
_FRESH = "ask_afresh"

ANY_TOOLS, SOME_TOOLS, NO_TOOLS = "Any tool", "Only these", "No tools"

_EMPTY: Mapping[str, Any] = {  # Any: values of widgets
    "text": "",
    "template": None,
    "context": "",
    "domain": None,
    "budget_usd": None,
    "deadline_minutes": None,
    "max_agents": None,
    "tool_rule": ANY_TOOLS,
    "tools": [],
    "preferences": "",
}


_LONGEST: Mapping[str, tuple[str, int]] = {
    "text": ("objective", MAX_OBJECTIVE_CHARACTERS),
    "context": ("context", MAX_CONTEXT_CHARACTERS),
    "preferences": ("text of preferences", MAX_CONTEXT_CHARACTERS),
}
"""What a text is called and the most characters that it may have."""


def show_form() -> bool:
    """Show the form with its Generate button; return whether that was clicked."""
    _restore()
    st.text_area(
        "What should the crew achieve?",
        key=_key("text"),
        height=140,
        placeholder="Say in a sentence or more what should exist in the end, for whom, and from what.",
    )
    with st.container():  # always there, so that what follows stays what it is, an open expander open
        _show_template()
    with st.expander("Context, limits and wishes", icon=":material/tune:"):
        _show_limits()
    _show_engines()
    with st.container(horizontal=True):
        closed = not may_write()
        clicked = st.button("Generate", key="generate", type="primary", icon=":material/auto_awesome:", disabled=closed)
        if any(st.session_state[_key(name)] != empty for name, empty in _EMPTY.items()):
            st.button("Clear", key="clear_objective", icon=":material/backspace:", on_click=fill_form, args=(None,))
    with st.container():
        show_near_limits()
    with st.container():  # below the buttons: what appears after typing must not move them away under the first click
        _offer_templates()
    _keep()
    return clicked


def _show_template() -> None:
    """Show the template that the crew starts from; one that is gone is said and left."""
    chosen = st.session_state[_key("template")]
    if not chosen:
        return
    try:
        name = plain(front_door().templates.get(chosen).template.name)
    except CrewgenError as problem:
        show_problem(problem)
        _choose_template(None)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"Starts from template **{name}**.")
        st.button("Without it", key="drop_template", type="tertiary", on_click=_choose_template, args=(None,))


def _offer_templates() -> None:
    """Offer the templates that fit what is typed, where none is chosen."""
    text = st.session_state[_key("text")] or ""
    if st.session_state[_key("template")] or not text.strip():
        return
    with problems_shown():
        suggestions = front_door().templates.suggest(text)
        if suggestions:
            st.caption("Templates that fit, by the words they share with it and by how their crews did:")
        for number, found in enumerate(suggestions):
            runs = f"{found.succeeded} of {found.runs} runs succeeded" if found.runs else "no run judged yet"
            known = f"success about {found.success:.0%} ({runs})"
            hint = " · :blue-badge[worth trying]" if found.worth_trying else ""
            with st.container(horizontal=True, vertical_alignment="center", key=f"suggestion_{number}"):
                st.markdown(f"**{plain(found.name)}** · {plain(', '.join(found.words))} · {known}{hint}")
                st.button(
                    "Use this template",
                    key=f"take_template_{number}",
                    icon=":material/dashboard_customize:",
                    type="tertiary",
                    on_click=_choose_template,
                    args=(found.key,),
                )


def _choose_template(key: str | None) -> None:
    st.session_state[_key("template")] = key


def begin_at_once() -> None:
    """Let the form, when it is shown next, begin as if its button had been clicked."""
    st.session_state[_AT_ONCE] = True


def begins_at_once() -> bool:
    """Return whether another page asked to begin at once, once."""
    return bool(st.session_state.pop(_AT_ONCE, False))


def read_objective() -> Objective:
    """Return what the form says. Raises UnusableObjective when it is no objective."""
    typed = {name: st.session_state[_key(name)] for name in _EMPTY}
    for field, (called, most) in _LONGEST.items():
        typed[field] = read_text(typed[field], called, most, UnusableObjective)
    if not typed["text"]:
        raise UnusableObjective("There is no objective yet.")
    rule, tools = typed.pop("tool_rule"), tuple(typed.pop("tools"))
    allowed = None if rule in (ANY_TOOLS, None) else tools if rule == SOME_TOOLS else ()
    try:
        return Objective(**{name: value for name, value in typed.items() if value is not None}, allowed_tools=allowed)
    except ValidationError as error:
        fault = error.errors()[0]
        field = str(fault["loc"][0]).replace("_", " ")
        raise UnusableObjective(f"The field “{field}” cannot be used: {fault['msg'].lower()}.") from error


def read_engine() -> str:
    """Return the LiteLLM name of the chosen model; "" for the built-in engine."""
    chosen = (st.session_state[_key("engine")] or "").strip()
    return "" if chosen == BUILT_IN else chosen


def wants_fresh() -> bool:
    """Return whether the model is to be asked even when it answered the same request before."""
    return bool(st.session_state.get(_FRESH))


def fill_form(objective: Objective | None) -> None:
    """Put an objective with its limits into the form, or empty it; before the form is shown, or as a callback."""
    values = dict(_EMPTY)
    if objective is not None:
        values |= objective.model_dump(include=set(_EMPTY))
        values["budget_usd"] = None if objective.budget_usd is None else float(objective.budget_usd)
        if objective.allowed_tools is not None:
            values["tool_rule"] = SOME_TOOLS if objective.allowed_tools else NO_TOOLS
            values["tools"] = [key for key in objective.allowed_tools if key in tool_names()]
    for name, value in values.items():
        st.session_state[_key(name)] = value
        own_draft().form[name] = value


def _key(name: str) -> str:
    return f"objective_{name}"


def _restore() -> None:
    """Give every field what the draft holds: after a reload or a visit to another page the widgets start empty."""
    form = own_draft().form
    for name, empty in (*_EMPTY.items(), ("engine", front_door().settings.model or BUILT_IN)):
        st.session_state.setdefault(_key(name), form.get(name, empty))


def _keep() -> None:
    form = own_draft().form
    for name in (*_EMPTY, "engine"):
        form[name] = st.session_state[_key(name)]
    name_draft_in_address(any(form[name] != empty for name, empty in _EMPTY.items()))


def show_examples() -> None:
    """Offer examples while nothing is typed, so that a click never replaces a person's words.

    They belong to the end of the page: when they go, nothing moves under a hand.
    """
    if st.session_state[_key("text")]:
        return
    st.caption("Or begin with an example:")
    with st.container(horizontal=True, key="examples"):
        for number, example in enumerate(EXAMPLES):
            label = plain(shorten(example, 48))
            st.button(label, key=f"example_{number}", on_click=_take_example, args=(example,), help=plain(example))


def _take_example(example: str) -> None:
    if not st.session_state[_key("text")]:
        st.session_state[_key("text")] = example


def _show_limits() -> None:
    st.text_area(
        "Context",
        key=_key("context"),
        placeholder="What helps to know: the company, the data at hand, what was tried.",
    )
    with st.grid(min_column_width=220):
        names = domain_names()
        st.selectbox(
            "Domain",
            list(names),
            index=None,
            key=_key("domain"),
            format_func=lambda key: names.get(key, key),
            placeholder="Found out from the text",
        )
        st.number_input(
            "Budget (USD per run)",
            0.0,
            1_000_000.0,
            None,
            0.5,
            format="%g",
            key=_key("budget_usd"),
            placeholder="No limit",
        )
        st.number_input(
            "Deadline (minutes)", 0.1, 525_600.0, None, 5.0, key=_key("deadline_minutes"), placeholder="No limit"
        )
        st.number_input("Most agents", 1, 50, None, 1, key=_key("max_agents"), placeholder="No limit")
    rule = st.segmented_control("Tools that may be granted", [ANY_TOOLS, SOME_TOOLS, NO_TOOLS], key=_key("tool_rule"))
    tools = tool_names()
    st.multiselect(
        "Allowed tools",
        list(tools),
        key=_key("tools"),
        format_func=lambda key: tools.get(key, key),
        disabled=rule != SOME_TOOLS,
        label_visibility="collapsed",
        placeholder="Choose the tools" if rule == SOME_TOOLS else "Choose “Only these” to name tools",
    )
    st.text_area(
        "Preferences",
        key=_key("preferences"),
        placeholder="How the crew should work, in your own words.",
    )


def _show_engines() -> None:
    st.selectbox(
        "Engine",
        list_engines(st.session_state.get(_key("engine"))),
        key=_key("engine"),
        accept_new_options=True,
        help="Built-in needs no key, costs nothing and answers at once. Choose a model to refine its crew, or type the "
        "LiteLLM name of any other. If the model fails, you get the built-in crew and the reason.",
    )
    st.checkbox(
        "Ask the model afresh",
        key=_FRESH,
        disabled=not read_engine(),
        help="A model that answered the same request before is not asked again: you get its crew at once, at no cost. "
        "Tick this to ask all the same.",
    )


def list_engines(chosen: str | None) -> list[str]:
    """Return the built-in engine, the configured and the chosen model, and those of providers whose keys are set."""
    suggested = [
        model for provider, ready in front_door().models.list_providers() if ready for model in provider.suggested
    ]
    return list(dict.fromkeys(name for name in (BUILT_IN, front_door().settings.model, chosen, *suggested) if name))
