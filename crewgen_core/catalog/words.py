"""Words of a text with their stems: what trigger phrases and clauses are made of."""

import re
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer  # pyright: ignore[reportMissingTypeStubs]

_WORD = re.compile(r"\d[\d,.]*\d(?!\w)|[^\W_]+(?:['’][^\W_]+)*[+#]*")

_IRREGULAR = {
    "analyses": "analyz", "analysis": "analyz", "bought": "buy", "built": "build", "chose": "choos", "chosen": "choos",
    "did": "do", "drawn": "draw", "fell": "fall", "fallen": "fall", "found": "find", "given": "give", "grew": "grow",
    "grown": "grow", "held": "hold", "kept": "keep", "made": "make", "met": "meet", "paid": "pay", "ran": "run",
    "rose": "rise", "risen": "rise", "sent": "send", "sold": "sell", "sought": "seek", "spent": "spend", "taught": "teach",
    "written": "write", "wrote": "write",
}  # fmt: skip
"""Forms whose stem the English stemmer does not bring together."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: as written, in lower case without accents of case, its stem, and where it stands."""

    text: str
    lower: str
    stem: str
    start: int
    end: int


def split_words(text: str) -> list[Word]:
    """Return the words of a text in order; hyphens and slashes separate, "c++" and "c#" stay whole."""
    return list(_split_words(text))


@lru_cache(maxsize=2_000)
def _split_words(text: str) -> tuple[Word, ...]:
    """Split once what one objective asks for again and again: its clauses and phrases."""
    return tuple(
        Word(match.group(), lower := match.group().lower().replace("’", "'"), stem(lower), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def is_one_word(text: str) -> bool:
    """Tell whether ``split_words`` leaves the text whole."""
    return _WORD.fullmatch(text) is not None


def is_irregular(lower: str) -> bool:
    """Tell whether a lower-case word is a form like "wrote", which does not begin like its verb."""
    return lower in _IRREGULAR


@lru_cache(maxsize=50_000)
def stem(lower: str) -> str:
    """Return the stem of a lower-case word; British and American spelling give the same one."""
    irregular = _IRREGULAR.get(lower)
    if irregular:
        return irregular
    word = lower.removesuffix("'s")
    if len(word) > 6:
        word = re.sub(r"is(e|ed|es|er|ers|ing|ation|ations)$", r"iz\1", word)
    word = word.replace("analys", "analyz", 1) if word.startswith("analys") and not word.startswith("analyst") else word
    if len(word) > 4 and word.endswith(("our", "ours", "oured", "ouring")):
        word = word.replace("our", "or")
    stemmer = EnglishStemmer()  # one for each word: it keeps the word it works on, and threads must not share that
    return str(stemmer.stemWord(word))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
