"""The question that a run waits with: the draft to judge, and the answer. Nothing that a person types is lost."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.run import Question, Run, TaskRun
from pages.shared.draft import name_draft_in_address, own_draft
from pages.shared.long_text import read_text
from pages.shared.plain_text import plain
from pages.shared.problems import show_problem
from pages.shared.session import front_door

DRAFT_HEIGHT = 320
"""Pixels of the draft; a longer one scrolls."""

LONGEST_ANSWER = 20_000
"""Characters of an answer."""

_DRAFTS = "run_answers"
"""Key in the draft: what was typed for which question of which run, by the question's id."""

_PROBLEM, _SURE = "run_answer_problem", "run_accept_all_the_same"


def show_question(question: Question, tasks: Sequence[TaskRun]) -> None:
    """Show what the run waits with, and the two ways to answer."""
    name = next((task.name or task.key for task in tasks if task.key == question.task), question.task)
    key = _key(question.id)
    st.session_state.setdefault(key, _typed().get(question.id, (0, ""))[1])
    with st.container(border=True, key="question"):
        st.markdown(f":orange-badge[waits for you] **Is the result of “{plain(name)}” good?**")
        with st.container(height=DRAFT_HEIGHT, key="question_draft"):
            st.text(question.draft or "(empty)")
        st.text_area(
            "What should be different?",
            key=key,
            height=110,
            placeholder="Only for feedback. To accept the result, leave this empty.",
            on_change=_keep,
            args=(question,),
        )
        with st.container(horizontal=True):
            st.button(
                "Accept",
                key="accept_draft",
                type="primary",
                icon=":material/check:",
                on_click=_accept,
                args=(question,),
                help="The result stays as it is, and the run goes on.",
            )
            st.button(
                "Send feedback",
                key="send_feedback",
                icon=":material/reply:",
                on_click=_send,
                args=(question,),
                help="The agent does it again with what you wrote, and asks you once more.",
            )
        st.caption("Accept: the result stays as it is. Send feedback: the agent does it again and asks you once more.")
        if problem := st.session_state.pop(_PROBLEM, None):
            show_problem(problem)
        if st.session_state.pop(_SURE, None) == question.id:
            st.warning("You have written feedback, which accepting leaves out.", icon=":material/edit_note:")
            st.button("Accept without it", key="accept_anyway", on_click=_answer, args=(question, ""))
    name_draft_in_address(bool(_typed()))


def show_lost_answers(run: Run, question: Question | None) -> None:
    """Show what this person typed for questions of the run that are answered or gone, until they take it away."""
    if question is None and (problem := st.session_state.pop(_PROBLEM, None)):
        show_problem(problem)
    lost = {
        question_id: text
        for question_id, (run_id, text) in _typed().items()
        if run_id == run.id and text.strip() and (question is None or question.id != question_id)
    }
    for question_id, text in lost.items():
        with st.container(border=True, key=f"lost_answer_{question_id}"):
            st.markdown("**You wrote this for a question that is settled by now.** It was not sent.")
            st.code(text, language=None, wrap_lines=True)
            st.button(
                "Forget it",
                key=f"forget_answer_{question_id}",
                icon=":material/delete:",
                on_click=_forget,
                args=(question_id,),
            )


def keep_typed() -> None:
    """Keep what stands in the field of an answer before the field goes."""
    for question_id, (run_id, text) in list(_typed().items()):
        _typed()[question_id] = (run_id, str(st.session_state.get(_key(question_id), text)))


def _keep(question: Question) -> None:
    text = str(st.session_state[_key(question.id)] or "")
    if text.strip():
        _typed()[question.id] = (question.run_id, text)
    else:
        _typed().pop(question.id, None)


def _accept(question: Question) -> None:
    if str(st.session_state[_key(question.id)] or "").strip():
        st.session_state[_SURE] = question.id
        return
    _answer(question, "")


def _send(question: Question) -> None:
    _keep(question)
    try:
        text = read_text(st.session_state[_key(question.id)], "feedback", LONGEST_ANSWER)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return
    if text:
        _answer(question, text)
    else:
        st.session_state[_PROBLEM] = CrewgenError(
            "There is no feedback yet.", "Write what should be different, or accept the result as it is."
        )


def _answer(question: Question, text: str) -> None:
    """Answer the question; where somebody else was faster, what was typed stays."""
    try:
        front_door().running.answer(question.id, text)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return
    _forget(question.id)


def _forget(question_id: int) -> None:
    _typed().pop(question_id, None)
    if not _typed():
        name_draft_in_address(needed=False)


def _typed() -> dict[int, tuple[int, str]]:
    return own_draft().form.setdefault(_DRAFTS, {})


def _key(question_id: int) -> str:
    return f"run_answer_{question_id}"
