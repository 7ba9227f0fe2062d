"""Runs the benchmarks, each in a process of its own, prints one table, and writes it to docs/benchmarks.md.

``python -m benchmarks`` takes about twenty minutes, ``--quick`` about four, and ``--all`` more than half an hour: it
adds those that fill large databases, simulate long or need CrewAI. ``--only NAME …`` runs some, and writes only with
``--write``. Each can be run alone too: ``python -m benchmarks.builtin``.
"""

import argparse
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.tables.measured import NOTED_IN, Measured, read_notes

ROOT = Path(__file__).parents[1]
WRITTEN_TO = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Part:
    """A benchmark: its module with what it is told, and the least thorough run that it belongs to."""

    module: str
    usual: str = ""
    quick: str | None = None
    """What it is told in a quick run; None leaves it out there."""
    only_all: bool = False
    within_s: int = 240
    """Seconds after which it is ended and called unfinished."""

    def options(self, quick: bool) -> list[str]:
        """Return what it is told."""
        return ((self.quick or "") if quick else self.usual).split()


PARTS = (
    Part("builtin", quick=""),
    Part("estimate", quick=""),
    Part("quality", quick=""),
    Part("storing", quick=""),
    Part("faults", quick=""),
    Part("model_path", quick=""),
    Part("optimize"),
    Part("learning"),
    Part("templates"),
    Part("bulk", "built-in upload killed --rows 1000", "upload"),
    Part("startup"),
    Part("draws", quick="--draws 5"),
    Part("pages", "--rounds 7 --seconds 560", "--rounds 1 --seconds 60", within_s=800),
    Part("load", "--seconds 60 --browsers 50 --rate 200"),
    Part("kinds", only_all=True),
    Part("calibration", only_all=True, within_s=600),
    Part("volume", only_all=True, within_s=1_800),
    Part("tokens", only_all=True, within_s=1_800),
)


def main() -> int:
    """Return 0 when every benchmark ran to its end, else 1; a missed target is told, and no fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="fewer benchmarks, fewer rounds")
    size.add_argument("--all", action="store_true", help="those that take long, too")
    parser.add_argument("--only", nargs="+", choices=[part.module for part in PARTS], default=[])
    parser.add_argument("--write", action="store_true", help="write the table with --only, too")
    chosen = parser.parse_args()
    parts = [
        part
        for part in PARTS
        if (part.module in chosen.only if chosen.only else chosen.all or not part.only_all)
        and not (chosen.quick and part.quick is None)
    ]
    begun, load = time.monotonic(), os.getloadavg()[0]
    lines, unfinished = ["| measured | figure | unit | target | met |", "|---|--:|---|--:|---|"], list[str]()
    with TemporaryDirectory() as folder:
        for part in parts:
            print(f"\n== {part.module} ==", flush=True)
            noted_in = Path(folder) / part.module
            if not run(part, noted_in, chosen.quick):
                unfinished.append(part.module)
            lines += [write_row(it) for it in read_notes(noted_in)]
    took = time.monotonic() - begun
    print("\n" + "\n".join(lines))
    if unfinished:
        print(f"\nThese did not run to their end: {', '.join(unfinished)}.", file=sys.stderr)
    if chosen.write or not chosen.only:
        write(lines, [part.module for part in parts], unfinished, took, load)
        print(f"\nWritten to {WRITTEN_TO.relative_to(ROOT)} after {took / 60:.0f} minutes.")
    return 1 if unfinished else 0


def run(part: Part, noted_in: Path, quick: bool) -> bool:
    """Run a benchmark; tell whether it ran to its end. Missed targets, for which it may return 1, do not count."""
    command = [sys.executable, "-m", f"benchmarks.{part.module}", *part.options(quick)]
    environment = os.environ | {NOTED_IN: str(noted_in)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        code = process.wait(part.within_s)
    except (subprocess.TimeoutExpired, KeyboardInterrupt) as end:
        os.killpg(process.pid, signal.SIGKILL)  # with the servers that it started
        process.wait()
        if isinstance(end, KeyboardInterrupt):
            raise
        print(f"Ended after {part.within_s} s.")
        return False
    return code == 0 or (code == 1 and bool(read_notes(noted_in)))


def write_row(it: Measured) -> str:
    """Return a measurement as a row of the table."""
    target = "" if it.target is None else f"{'≥' if it.at_least else '≤'} {it.target:,g}"
    met = "" if it.met is None else "yes" if it.met else "**no**"
    digits = 0 if abs(it.figure) >= 100 else 2 if abs(it.figure) < 10 else 1
    return f"| {it.name} | {it.figure:,.{digits}f} | {it.unit} | {target} | {met} |"


def write(lines: Sequence[str], ran: Sequence[str], unfinished: Sequence[str], took: float, load: float) -> None:
    """Write the table with machine, date and commit."""
    left_out = [part.module for part in PARTS if part.module not in ran]
    told = [
        f"- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; commit {read_commit()}; it took {took / 60:.0f} minutes.",
        f"- Machine: {os.cpu_count()} processors ({read_processor()}), {read_memory_gb():.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}; load {load:.1f} at the start, "
        f"{os.getloadavg()[0]:.1f} at the end. Where others load it, times are longer; ratios bear it better.",
    ]
    if left_out:
        told.append(f"- Left out in this run: {', '.join(f'`{name}`' for name in left_out)}.")
    if unfinished:
        told.append(f"- Did not run to their end: {', '.join(f'`{name}`' for name in unfinished)}.")
    text = (
        "# Benchmarks\n\nWritten by `make bench`; do not edit. What was slow and what became of it: "
        "[performance.md](performance.md).\n\n" + "\n".join([*told, "", *lines]) + "\n"
    )
    WRITTEN_TO.write_text(text, encoding="utf-8")


def read_commit() -> str:
    """Return the commit that is checked out, with a plus where files were changed since; "unknown" without Git."""
    try:
        asked = ["git", "describe", "--always", "--dirty=+"]
        return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def read_processor() -> str:
    """Return the name of the processor, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def read_memory_gb() -> float:
    """Return how much memory the machine has, in GB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


if __name__ == "__main__":
    sys.exit(main())
