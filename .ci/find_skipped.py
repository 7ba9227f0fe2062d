"""Fails when tests in browser or acceptance were skipped, or were not there at all; takes the JUnit file of pytest."""

import sys
from xml.etree import ElementTree

ROOMS = ("tests.browser", "tests.acceptance")


def main() -> str | None:
    """Return what is wrong, or None."""
    cases = list(ElementTree.parse(sys.argv[1]).iter("testcase"))  # noqa: S314 pytest wrote it a moment ago
    for room in ROOMS:
        own = [case for case in cases if case.get("classname", "").startswith(room)]
        skipped = [case.get("name") for case in own if case.find("skipped") is not None]
        if not own:
            return f"There was no test in {room}."
        if skipped:
            return f"Of {len(own)} tests in {room}, {len(skipped)} were skipped: {', '.join(map(str, skipped))}."
    return None


if __name__ == "__main__":
    sys.exit(main())
