"""Guesses the language of a text from its script and its most frequent short words."""

import unicodedata
from collections import Counter
from collections.abc import Mapping

_SCRIPTS = {
    "CJK": "Chinese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean", "CYRILLIC": "Russian",
    "ARABIC": "Arabic", "HEBREW": "Hebrew", "GREEK": "Greek", "DEVANAGARI": "Hindi", "THAI": "Thai", "BENGALI": "Bengali",
    "TAMIL": "Tamil",
}  # fmt: skip
"""The most common language of each script; a script with several is named by it and may be wrong [assumption]."""

_SHARE_OF_LETTERS = 0.3
_FEWEST_HITS = 2


def detect_tongue(text: str, stopwords: Mapping[str, tuple[str, ...]]) -> str:
    """Return the English name of the language; "English" when nothing clearly says otherwise."""
    letters = [c for c in text[:2_000] if c.isalpha()]
    if not letters:
        return "English"
    if not text.isascii():
        scripts = [_SCRIPTS.get(unicodedata.name(c, "").split(" ")[0], "") for c in letters if not c.isascii()]
        named = {script: scripts.count(script) for script in set(scripts) if script}
        if "Japanese" in named:
            named["Japanese"] += named.pop("Chinese", 0)
        if named and sum(named.values()) >= _SHARE_OF_LETTERS * len(letters):
            return max(named, key=lambda script: named[script])
    words = Counter(text[:4_000].lower().replace(",", " ").replace(".", " ").split()[:300])
    hits = {tongue: sum(words[short] for short in short_words) for tongue, short_words in stopwords.items()}
    best = max(hits, key=lambda tongue: (hits[tongue], tongue == "English"))
    return best if hits[best] >= _FEWEST_HITS and hits[best] > 1.5 * hits.get("English", 0) else "English"
