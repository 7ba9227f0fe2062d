"""The catalog's texts are right for one and for many: "the reader" and "readers", "the report" and "the gaps"."""

import re

from crewgen_core.catalog.loader import load_catalog

_SLOT_AS_SUBJECT = re.compile(
    r"(?:^|[.;:,]\s|\b(?:that|how|what|which|whether|when|where|why|if|until|because|once|while|and)\s)"
    r"\{(?:audience|deliverable|inputs|subject|topic|focus)\}\s(?P<next>[a-z]+)\b"
)
_VERB_OF_ONE_NUMBER = re.compile(
    r"is|are|was|were|has|have|does|really|(?!always|as|its|this|versus|across|towards|besides|less|plus)[a-z]{2,}[a-z](?<!ss)s"
)


def test_no_text_lets_a_slot_of_unknown_number_stand_before_a_verb_in_one_number() -> None:
    catalog = load_catalog()
    texts = [text for role in catalog.roles.values() for text in (role.goal, role.style)]
    for pattern in catalog.patterns.values():
        for step in pattern.steps:
            texts += [step.title, step.description, step.output, *step.checks]
    assert len(texts) > 1000
    found = [
        text[max(0, match.start() - 30) : match.end() + 20]
        for text in texts
        for match in _SLOT_AS_SUBJECT.finditer(text)
        if _VERB_OF_ONE_NUMBER.fullmatch(match["next"])
    ]
    assert found == []
