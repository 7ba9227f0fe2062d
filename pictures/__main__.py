"""Takes pictures of every page in light and dark on three widths, and prints their faults: ``python -m pictures``.

``--only`` takes the views whose names begin with the given words; ``--look`` measures without taking pictures.
"""

import argparse
import sys
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings
from pictures.camera import (
    LEAST_HEIGHT,
    Scheme,
    open_browser,
    open_tab,
    show,
    take_picture,
    unrolled,
)
from pictures.dashboard import ROOT, demo_database, serve
from pictures.faults import find_faults
from pictures.views import View, list_views

SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def main() -> int:
    """Return 0 when nothing was found to be wrong, else 1."""
    arguments = _read_arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with demo_database() if arguments.database is None else nullcontext(arguments.database) as url:
        crewgen = Crewgen.open(Settings(database_url=url, model=""))
        if arguments.database is None:
            crewgen.demo.load()
        views = [view for view in list_views(crewgen) if view.name.startswith(tuple(arguments.only))]
        crewgen.close()
        found: defaultdict[str, list[str]] = defaultdict(list)
        with serve(url) as server, open_browser() as browser:
            for scheme in arguments.schemes:
                for width in arguments.widths:
                    with open_tab(browser, scheme, width) as page:
                        before: View | None = None
                        for view in views:
                            show(page, server, view, before)
                            before = view
                            with unrolled(page):
                                for fault in find_faults(page):
                                    found[f"{view.name}: {fault}"].append(f"{scheme} {width}")
                                if not arguments.look:
                                    take_picture(page, arguments.out / f"{view.name}-{scheme}-{width}.webp")
    for fault, where in found.items():
        print(f"{fault} ({', '.join(where)})")
    print(f"{len(views)} views, {len(found)} faults.")
    return 1 if found else 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m pictures", description="Takes pictures of every page.")
    parser.add_argument("--only", nargs="+", default=[""], metavar="NAME", help="views whose names begin so")
    parser.add_argument("--widths", nargs="+", type=int, default=list(LEAST_HEIGHT), metavar="PIXELS")
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    parser.add_argument("--look", action="store_true", help="measure only, take no pictures")
    parser.add_argument("--database", help="photograph what is in this database, not the demo data")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
