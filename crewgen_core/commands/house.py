"""What ``models`` and ``doctor`` tell."""

import sys
from argparse import Namespace

from crewgen_core.app import Crewgen
from crewgen_core.commands.output import DONE, FAILED, print_json
from crewgen_core.console.checks import describe_checks
from crewgen_core.console.known_models import describe_models
from crewgen_core.errors import NotFound


def run_models(crewgen: Crewgen, options: Namespace) -> int:
    """List the models that are known."""
    models = crewgen.models.list_models()
    if options.provider is not None:
        known = sorted({model.provider for model in models if model.provider})
        models = tuple(model for model in models if options.provider in (model.provider, model.name.partition("/")[0]))
        if not models:
            raise NotFound(f"No known model is from a provider {options.provider}.", f"Known are: {', '.join(known)}.")
    if crewgen.models.fault:
        print(crewgen.models.fault, file=sys.stderr)
    if options.json:
        return print_json({"models": [model.model_dump(mode="json") for model in models]})
    print(describe_models(models))
    return DONE


def run_doctor(crewgen: Crewgen, options: Namespace) -> int:
    """Say what is configured, what is missing and what to do."""
    checks = crewgen.examine()
    if options.json:
        print_json({"checks": [check.model_dump(mode="json") for check in checks]})
    else:
        print(describe_checks(checks))
    return FAILED if any(check.status == "fault" for check in checks) else DONE
