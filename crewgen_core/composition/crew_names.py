"""Names for crews: what the whole is about, said so that it stands alone in a list ("Privacy notice for our app")."""

import re

from crewgen_core.analysis.clause import is_question
from crewgen_core.analysis.phrasing import upper_first
from crewgen_core.models.analysis import Analysis


def name_crew(analysis: Analysis) -> str:
    """Return the subject, with what is made or asked of it where it is only somebody's thing ("our app")."""
    subject = analysis.subject
    if _SOMEBODYS.match(subject):
        subject = next(filter(None, (_find_in(stream.focus, subject) for stream in analysis.workstreams)), subject)
    return upper_first(subject[:_LONGEST].strip()) or "Crew"


def _find_in(focus: str, subject: str) -> str:
    """Return the subject with what a thing to do says in front of it; empty where that is another thing or much."""
    before, found, _ = focus.partition(subject)
    if not found or is_question(focus) or not _JOINED.search(before) or len(before.split()) > _LONGEST_LEAD:
        return ""
    return _ARTICLE.sub("", before) + subject


_SOMEBODYS = re.compile(r"(?:our|my|an?|the|this)\s+(?:[\w'’-]+\s*){1,3}$", re.I)
_JOINED = re.compile(r"\s(?:for|of|about|on|to|in)\s$")
_ARTICLE = re.compile(r"^(?:an?|the|our|my)\s+", re.I)
_LONGEST = 80
_LONGEST_LEAD = 6
"""Words in front of the subject up to which a name reads at a glance [assumption]."""
