"""Whether texts say something, about the work at hand, and in a language that the person reads."""

from collections.abc import Iterable

from crewgen_core.analysis.tongue import detect_tongue
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.answer import CrewAnswer
from crewgen_core.composition.likeness import find_stems
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew

LEAST_SAID = 2
"""Words that say something, from which a text is more than a formula [assumption]."""

_LETTERS_WITHOUT_BLANKS = 8
"""Letters of a script beyond Latin from which a text says something: many such scripts put no blanks between words."""

_LAST_LATIN_LETTER = "\u024f"

_FORMULAS = """
    able accomplish accordance accurate accurately achieve achieved actionable agent agents appropriate approach
    assigned assist assistant assistance attention based best careful carefully clear clearly complete completed
    completion comprehensive conduct content crew crucial dedicated deliver deliverable deliverables delivering
    demands detail detailed details driven effective effectively efficient efficiently ensure ensuring essential
    everything excellence excellent execute expected experience experienced expert expertise experts extensive
    fashion field follow following gather given goal goals good great handle help helpful helping high highest
    highly important information innovative insert instructions intelligent itself keen knowledge knowledgeable
    known make manner master meet meets member necessary need needed needs objective objectives output outputs
    passion passionate perform possible professional proficient project proper properly provide quality relevant
    required requirements responsible result results role seasoned skill skilled skills someone something
    specialist standard standards strong success successful successfully support talented task tasks team that
    their them there thing things this thorough thoroughly timely tool user users valuable various vast what
    with work working world years your yourself
"""
_SAYS_NOTHING = find_stems(_FORMULAS)
"""Words of which texts are made that would fit any crew."""


def says_something(text: str) -> bool:
    """Tell whether a text is more than nothing and more than a formula ("Complete the task with high quality")."""
    if not text.isascii():
        foreign = sum(letter.isalpha() and letter > _LAST_LATIN_LETTER for letter in text)
        if foreign >= _LETTERS_WITHOUT_BLANKS:
            return True
    return len(find_stems(text) - _SAYS_NOTHING) >= LEAST_SAID


class Topic:
    """What an objective is about: the words of its text, and of the crew that was drafted for it."""

    def __init__(self, analysis: Analysis, built_in: Crew) -> None:
        """Collect the words once."""
        objective = analysis.objective
        texts: Iterable[str] = (
            *(objective.text, objective.context, objective.preferences, analysis.subject),
            *(f"{skill.name} {' '.join(skill.evidence)}" for skill in analysis.skills),
            *(f"{task.name} {task.description}" for task in built_in.tasks),
        )
        self._known = frozenset(stem for text in texts for stem in find_stems(text)) - _SAYS_NOTHING
        self._foreign = analysis.written_in != "English"

    def covers(self, text: str) -> bool:
        """Tell whether a text has a word of the topic; where the objective is in another language, always."""
        return self._foreign or bool(self._known & find_stems(text))


def find_refusal(answer: CrewAnswer, analysis: Analysis, built_in: Crew, catalog: Catalog) -> str:
    """Return why the answer is of no use although it holds a crew, in words that follow the model's name; else ""."""
    texts = [f"{task.name}. {task.description} {task.expected_output}" for task in answer.tasks]
    tongue = detect_tongue("\n".join(texts), catalog.language.stopwords)
    if tongue != "English" and not _may_be_in(tongue, analysis):
        return f"answered in {tongue}, although the objective is in English"
    topic = Topic(analysis, built_in)
    wanted = {skill.key for skill in analysis.skills} | {skill for task in built_in.tasks for skill in task.skills}
    keys = {task.key for task in built_in.tasks}
    fits = (
        task.key in keys or wanted.intersection(task.skills) or topic.covers(text)
        for task, text in zip(answer.tasks, texts, strict=True)
    )
    return "" if any(fits) else "answered with a crew that has nothing to do with the objective"


def _may_be_in(tongue: str, analysis: Analysis) -> bool:
    """Tell whether an answer may be in a language: the objective is in another than English, or speaks of one."""
    objective = analysis.objective
    words = f"{objective.text} {objective.context} {objective.preferences}"
    return analysis.written_in != "English" or bool(analysis.constraints.language) or tongue.lower() in words.lower()
