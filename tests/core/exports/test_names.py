"""Names made of typed text."""

import keyword
import re

from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.exports.names import LONGEST_NAME, safe_name, unique_names


@given(st.text(max_size=200))
def test_any_text_becomes_an_identifier_that_is_a_safe_file_name(text: str) -> None:
    name = safe_name(text, "agent")
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert len(name) <= LONGEST_NAME + len("_agent")
    assert not keyword.iskeyword(name)
    assert name not in ("con", "nul", "com1")


@given(st.lists(st.text(max_size=20), unique=True, max_size=20), st.sets(st.sampled_from(["agents", "tasks", "agent"])))
def test_different_texts_get_different_names(texts: list[str], taken: set[str]) -> None:
    names = unique_names(texts, "agent", taken)
    assert len(set(names.values())) == len(texts)
    assert not taken & set(names.values())


def test_a_name_that_is_safe_already_stays() -> None:
    assert unique_names(["write_brief", "Write brief"], "task") == {
        "write_brief": "write_brief",
        "Write brief": "write_brief_task",
    }
