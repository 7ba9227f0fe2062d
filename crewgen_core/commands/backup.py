"""What the commands about backups do: save the database, and bring it back."""

from argparse import Namespace
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.commands.output import DONE, print_json, tell
from crewgen_core.numbers import format_count


def run_backup(crewgen: Crewgen, options: Namespace) -> int:
    """Save the database into a file and print its path."""
    made = crewgen.backups.make(options.out or "")
    if options.json:
        return print_json(made.model_dump(mode="json"))
    print(made.path)
    tell(f"Read back and whole, {made.bytes / 1e6:,.1f} MB. It holds no keys, and of tokens only their hashes.")
    return DONE


def run_restore(crewgen: Crewgen, options: Namespace) -> int:
    """Bring a backup back, and say what became of the database before."""
    restored = crewgen.backups.restore(Path(options.file), options.force)
    if options.json:
        return print_json(restored.model_dump(mode="json"))
    print(f"The database is as it was in {options.file}.")
    if restored.migrated:
        print("It was made by an older version of crewgen, and was brought up to date.")
    if restored.interrupted:
        requests = format_count(restored.interrupted, "request")
        print(f"{requests} that were open in it ended as interrupted; they can be asked again.")
    if restored.kept:
        print(f"What was there before is in {restored.kept}.")
    return DONE
