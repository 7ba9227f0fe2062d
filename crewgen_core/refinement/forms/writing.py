"""Forms of wishes about how the result is written: length, language, readers, tone, focus."""

import re
from collections.abc import Iterator

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.refinement.forms.phrases import END, IT, MAKE, MUCH
from crewgen_core.refinement.wishes import Manner, Wish, Write

_SIZE = re.compile(
    r"\b(?P<length>(?:(?:about|around|at most|up to|under|max(?:imum)?(?: of)?|no more than|exactly)\s+)?(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|a single|half a)[\s-](?:pages?|words?|slides?|paragraphs?|sentences?|bullet points?|characters?))\b",
    re.I,
)


_WRITES = r"(?:(?:write|rewrite|deliver|produce|translate|answer|present|format|make|keep|have|put|address|use|turn|give|prepare|expand|shorten)\b)"

_OPENS = re.compile(
    rf"{_WRITES}|target\b|aim\b|in\b|for\b|as\b|to\b|more\b|less\b|a\b|an\b|the\b|at most\b|up to\b|max|longer\b|shorter\b|very\b|\d",
    re.I,
)


_SHORTER = re.compile(
    rf"{MAKE}{IT}{MUCH}(?:short(?:er)?|briefer|brief|more concise|more compact|less wordy|less long|shorten(?:ed)?|tighter){END}|shorten\s+(?P<what2>.+)|cut it short",
    re.I,
)


_LONGER = re.compile(
    rf"{MAKE}{IT}{MUCH}(?:longer|(?:more )?(?:detailed|in[- ]depth|comprehensive|extensive|elaborate)|in more (?:detail|depth)|(?:with )?more details?|deeper){END}|(?:add|give|include|expand)(?: on)?(?: it| with)?(?: more| the)? (?:details?|depth)",
    re.I,
)


def read_size(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read how long or detailed the result is: "shorter", "one page", "more detail"."""
    sizes: tuple[tuple[re.Pattern[str], Manner, str], ...] = (
        (_SHORTER, "length", "shorter"),
        (_LONGER, "detail", "more detailed"),
    )
    for pattern, manner, value in sizes:
        match = pattern.fullmatch(piece)
        if match:
            groups = match.groupdict()
            what = groups.get("what") or groups.get("what2") or ""
            return (Write(piece, manner, value, "" if what.lower() in ("it", "this", "that", "everything") else what),)
    return (Write(piece, "length", piece),) if _SIZE.fullmatch(piece) else ()


def read_focus(piece: str, _: Catalog) -> tuple[Wish, ...]:
    """Read what the work gives more weight to: "focus on prices"."""
    match = re.fullmatch(
        r"(?:focus(?: more| mainly| mostly| especially)?(?: on)?|put (?:more )?(?:focus|emphasis|weight) on|pay (?:more |special |close )?attention to|emphasi[sz]e|concentrate (?:more )?on)\s+(?P<what>.{3,120})",
        piece,
        re.I,
    )
    return (Write(piece, "focus", match["what"]),) if match else ()


def read_writing(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    """Read in which language, for whom, in which tone and format the result is written."""
    if not _OPENS.match(piece):
        return ()
    return tuple(Write(piece, manner, value) for manner, value in _manners(piece, catalog))


def _manners(piece: str, catalog: Catalog) -> Iterator[tuple[Manner, str]]:
    tongue = catalog.tongue_pattern.search(piece)
    if tongue:
        yield (
            "language",
            " and ".join(word.title() for word in re.split(r",\s*(?:and\s+)?|\s+and\s+", tongue["tongue"])),
        )
    rest = catalog.tongue_pattern.sub(" ", piece)
    audience = catalog.audience_pattern.search(rest) or _READERS.search(rest) or _aims_at(rest, catalog)
    if audience:
        yield "audience", re.sub(r"^(?:our|my)\s+", "the ", audience["audience"].strip(), flags=re.I)
        rest = f"{rest[: audience.start()]} {rest[audience.end() :]}"
    tone = _find_tone(rest, catalog)
    if tone:
        yield "tone", tone
    size = _SIZE.search(rest)
    if size:
        yield "length", size["length"]
    for word, shown in catalog.language.file_formats.items():
        if re.search(rf"\b(?:as|in|to|into)\s+(?:an?\s+)?{re.escape(word)}\b", rest, re.I):
            yield "form", shown
            return


_READERS = re.compile(
    r"\bfor\s+(?P<audience>(?:an?|the|our)\s+[\w-]+(?:\s[\w-]+)?\s+(?:audience|readers|readership))\b", re.I
)


def _aims_at(piece: str, catalog: Catalog) -> re.Match[str] | None:
    """Find "target developers": readers that the catalog knows, behind a verb."""
    known = "|".join(sorted(map(re.escape, catalog.language.audiences), key=len, reverse=True))
    return re.match(rf"(?:target|address|aim (?:it )?at)\s+(?P<audience>(?:the\s+)?(?:{known}))$", piece.strip(), re.I)


def _find_tone(piece: str, catalog: Catalog) -> str:
    """Return "more formal", "friendly and warm" or nothing; a tone has to be said of the text, not to be any word."""
    tones = "|".join(sorted(map(re.escape, catalog.language.tones), key=len, reverse=True))
    run = rf"(?:(?:more|less|very|rather|not)\s+)?(?:{tones})(?:(?:,\s*|\s+and\s+|\s+but\s+)(?:(?:more|less|not)\s+)?(?:{tones}))*"
    match = re.search(
        rf"(?:\b(?:in|with|use)\s+(?:an?\s+)?)?\b(?P<tone>{run})\s+(?:tone|voice|style|language|words|english)\b",
        piece,
        re.I,
    )
    softer = re.search(
        r"\b(?:tone|style|voice|wording)\s+(?:a bit |much |even )*(?P<tone>(?:more |less )?[a-z-]+)$", piece, re.I
    )
    if softer and (tone := _base_tone(softer["tone"].lower(), catalog)):
        return tone
    match = match or re.fullmatch(rf"\s*{MAKE}{IT}(?:sound\s+|be\s+)?{MUCH}(?P<tone>{run}){END}\s*", piece, re.I)
    return match["tone"].lower() if match else ""


def _base_tone(word: str, catalog: Catalog) -> str:
    """Return "more friendly" for "friendlier"; empty for what is no tone."""
    bare = re.sub(r"^(?:more|less) ", "", word)
    if bare in catalog.language.tones:
        return word
    bases = (bare.removesuffix("ier") + "y", bare.removesuffix("er"), bare.removesuffix("r"))
    return next((f"more {base}" for base in bases if bare.endswith("er") and base in catalog.language.tones), "")
