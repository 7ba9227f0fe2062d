"""Runs every benchmark in a process of its own, one after the other, and prints its table: ``python -m benchmarks``."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> int:
    """Return 0 when every benchmark ran to its end, else 1."""
    failed: list[str] = []
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        print(f"\n== {path.stem} ==", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{path.stem}"], cwd=FOLDER.parent).returncode:
            failed.append(path.stem)
    if failed:
        print(f"\nThese did not run to their end: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
