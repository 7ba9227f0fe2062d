"""Options of commands that have actions of their own, and how every command is added to a parser."""

import argparse

_TEMPLATE_ARGUMENTS = {
    "key": "key of a template, which `templates list` names",
    "name": "what people call it",
    "file": "a template file, as `templates export` writes it",
    "objective": "what should be achieved",
}


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",  # pyright: ignore[reportPrivateUsage] its only name
    name: str,
    does: str,
    json: bool = True,
) -> argparse.ArgumentParser:
    """Add a command, which understands ``--json`` unless it has a reason not to, and return its parser."""
    command = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.", allow_abbrev=False)
    if json:
        command.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    return command


def add_action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",  # pyright: ignore[reportPrivateUsage] its only name
    name: str,
    does: str,
    json: bool = True,
) -> argparse.ArgumentParser:
    """Add an action of a command likewise."""
    action = add_command(actions, name, does, json=False)
    if json:  # no default: it would take back a --json that stands before the action
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    return action


def add_engine(command: argparse.ArgumentParser, does: str) -> None:
    """Let a model be chosen, or the built-in engine."""
    engine = command.add_mutually_exclusive_group()
    engine.add_argument("--model", help=f"LiteLLM name of the model that {does} (such as openai/gpt-5-mini)")
    engine.add_argument(
        "--builtin", dest="model", action="store_const", const="", help="ask no model, whatever is configured"
    )


def add_templates(command: argparse.ArgumentParser) -> None:
    """Add the actions on templates."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    kinds = ("task_based", "domain_specific")

    def add(name: str, does: str, *given: str) -> argparse.ArgumentParser:
        action = add_command(actions, name, does)
        for argument in given:
            action.add_argument(argument, metavar=argument.upper(), help=_TEMPLATE_ARGUMENTS[argument])
        return action

    listed = add("list", "list templates")
    listed.add_argument("--search", metavar="WORDS", default="", help="words of name, description, category or tags")
    listed.add_argument("--type", choices=kinds, help="only templates of this type")
    listed.add_argument("--category", default="", help="only templates of this category")
    listed.add_argument("--tag", default="", help="only templates with this tag")
    listed.add_argument("--archived", action="store_true", help="archived ones instead")
    shown = add("show", "show a template with its blanks, crew, versions and what came of it", "key")
    used = add("use", "generate a crew from a template and store it", "key")
    used.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="what fills a blank; repeatable")
    used.add_argument("--objective", metavar="TEXT", default="", help="objective in your words, to which it is adapted")
    add_engine(used, "refines the crew")
    used.add_argument("--fresh", action="store_true", help="ask the model even when it answered the same before")
    made = add("create", "make a template of a stored crew, or one to begin from", "name")
    made.add_argument("--crew", metavar="ID", help="number of the stored crew that it is made of")
    made.add_argument("--type", choices=kinds, help="whether it fits any field or is the work of one")
    made.add_argument("--category", help="what it is listed under")
    made.add_argument("--description", metavar="TEXT", help="what it is for")
    written = add("export", "write a template to a file", "key")
    written.add_argument("--out", required=True, metavar="PATH", help="file to write, or folder to put it in")
    written.add_argument("--force", action="store_true", help="replace a file that is there already")
    for action in (shown, used, written):
        action.add_argument("--version", metavar="N", type=int, help="this version (the newest)")
    read = add("import", "store the template of a file, under a new key where its own is taken", "file")
    read.add_argument("--as-version", action="store_true", help="as a new version of the template that has its key")
    copied = add("duplicate", "copy a template", "key")
    copied.add_argument("--name", default="", help="name of the copy")
    add("archive", "put a template away: neither suggested nor used until it is restored", "key")
    add("restore", "bring an archived template back", "key")
    deleted = add("delete", "delete a template with all its versions, for good; crews made from it stay", "key")
    deleted.add_argument("--yes", action="store_true", help="yes, delete it")
    fitting = add("suggest", "list the templates that fit an objective, with the reasons", "objective")
    fitting.add_argument("--most", metavar="N", type=int, default=3, help="at most so many (3)")


def add_outcomes(command: argparse.ArgumentParser) -> None:
    """Add the actions on outcomes."""
    actions = command.add_subparsers(dest="action", metavar="ACTION")
    listed = add_action(actions, "list", "list outcomes, the newest first")
    listed.add_argument("--crew", metavar="ID", help="only of this crew")
    listed.add_argument("--limit", metavar="N", help="at most so many (20)")
    add = add_action(actions, "add", "record what came of a run that was made elsewhere")
    add.add_argument("crew", metavar="CREW_ID", help="number of the stored crew that ran")
    _add_entry(add)
    add.add_argument("--version", metavar="N", help="the version that ran (the newest)")
    add.add_argument("--cost-usd", metavar="USD", help="what it cost")
    add.add_argument("--tokens", metavar="N", help="all tokens, in and out")
    add.add_argument("--minutes", metavar="MINUTES", help="how long it took, waiting for people aside")
    add.add_argument("--ran-at", metavar="WHEN", help="when it began, such as 2026-03-02 or 2026-03-02T14:30 (now)")
    of_run = add_action(actions, "for-run", "record what came of a run that was made here")
    of_run.add_argument("run", metavar="RUN_ID", help="number of the run")
    _add_entry(of_run)
    read = add_action(actions, "import", "record every row of a CSV or XLSX file; exit code 1 for bad rows")
    read.add_argument("file", metavar="FILE", help="table with the columns that the sample shows")
    read.add_argument("--check", action="store_true", help="only say what would be recorded")
    read.add_argument("--again", action="store_true", help="record rows that were recorded from a file before")
    sample = add_action(actions, "sample", "print a table that shows all columns", json=False)
    sample.add_argument("--out", metavar="PATH", help="file to write it to instead")
    sample.add_argument("--force", action="store_true", help="replace a file that is there already")
    delete = add_action(actions, "delete", "forget an outcome", json=False)
    delete.add_argument("outcome", metavar="ID", help="number of the outcome")


def _add_entry(command: argparse.ArgumentParser) -> None:
    command.add_argument("--succeeded", required=True, metavar="yes|no", help="whether the objective was met")
    command.add_argument("--rating", metavar="N", help="1 (useless) to 5 (as good as wished)")
    command.add_argument("--comment", metavar="TEXT", default="", help="what is to be remembered of it")


def add_backup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:  # pyright: ignore[reportPrivateUsage] its only name
    """Add the commands that save the database and bring it back."""
    backup = add_command(commands, "backup", "save the database to a file, while it is in use")
    backup.add_argument("--out", metavar="PATH", help="file to write, or folder to put it in (the current one)")
    restore = add_command(commands, "restore", "bring the database back from a backup; the present one is kept beside")
    restore.add_argument("file", metavar="FILE", help="a file that `backup` made")
    restore.add_argument("--force", action="store_true", help="also while a dashboard, worker or run is at work")


def add_report(command: argparse.ArgumentParser) -> None:
    """Let a crew or a job be named, and the file."""
    command.add_argument("number", metavar="NUMBER", help="number of a stored crew, or of a job with --job")
    command.add_argument("--job", action="store_true", help="the number is that of a job")
    command.add_argument("--out", required=True, metavar="PATH", help="file to write: .html or .pdf")
    command.add_argument("--force", action="store_true", help="replace a file that is there already")
