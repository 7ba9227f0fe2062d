"""The house rules that a program can check."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("crewgen_core", "pages")
DRAWERS = frozenset({"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"})
"""Names of modules that say nothing about what is in them."""

HEAVY = (
    "litellm",
    "openai",
    "crewai",
    "plotly",
    "pandas",
    "streamlit",
    "highspy",
    "alembic",
    "numpy",
    "python_calamine",
)
"""What a program that asks no model, draws nothing and estimates nothing need not wait for."""


def modules(*folders: str) -> Iterator[Path]:
    """Yield every Python file below the folders."""
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_run_one_way():
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_module_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in modules(*PRODUCT, "tests/support", "benchmarks")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_is_a_drawer():
    assert [name_of(path) for path in modules(*PRODUCT, "tests", "benchmarks") if path.stem in DRAWERS] == []


def test_an_init_is_a_docstring_and_nothing_else():
    full = [
        name_of(path)
        for path in modules(*PRODUCT)
        if path.name == "__init__.py" and len(ast.parse(path.read_text(encoding="utf-8")).body) != 1
    ]
    assert full == []


def test_functions_fit_in_a_glance():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules(*PRODUCT)
        if "migrations" not in path.parts  # a migration is one list of steps
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


@pytest.mark.parametrize("file", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_every_requirement_is_pinned(file: str):
    for line in (ROOT / file).read_text(encoding="utf-8").splitlines():
        requirement = line.partition("#")[0].partition(";")[0].strip()
        if requirement and not requirement.startswith("-r "):
            assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", requirement), f"{file}: {requirement}"


def test_the_front_door_brings_nothing_heavy():
    code = "import sys, crewgen_core.app; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split())
    assert imported.isdisjoint(HEAVY), sorted(imported.intersection(HEAVY))


def test_nothing_is_executed_that_was_typed():
    """No module of the product calls eval or exec, opens a pickle, or starts a shell."""
    calls = re.compile(
        r"(?<![\w.])(?:eval|exec)\(|\bpickle\b|shell=True|os\.system\(|yaml\.(?:unsafe_load|full_load)\("
    )
    guilty = [name_of(path) for path in modules(*PRODUCT) if calls.search(path.read_text(encoding="utf-8"))]
    assert guilty == []
