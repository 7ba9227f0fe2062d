# crewgen. `make run` and `make test` do all the set-up that a fresh machine with Python 3.11 needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := run
.PHONY: run test lint bench bench-bulk pictures audit crewai clean

run: $(VENV)/.run ## set up, then open the dashboard
	$(BIN)/python -m streamlit run streamlit_app.py

test: $(VENV)/.dev ## set up, then run all tests
	$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

lint: $(VENV)/.dev ## style, types, import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	PYTHONPATH=. $(BIN)/lint-imports

bench: $(VENV)/.dev ## measure everything in about twenty minutes; prints a table and writes it to docs/benchmarks.md
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

bench-bulk: $(VENV)/.dev ## measure bulk work: takes about ten minutes
	$(BIN)/python -m benchmarks.bulk

pictures: $(VENV)/.dev ## photograph every page with the demo data into docs/images: takes about seven minutes
	$(BIN)/python -m pictures

audit: $(VENV)/.run ## look the installed libraries up among known vulnerabilities
	$(BIN)/python .ci/audit.py

crewai: .venv-crewai/.done ## CrewAI in its own environment (1.5 GB), to build and run exported crews

clean: ## remove what was set up; data/ stays
	rm -rf $(VENV) .venv-crewai .venv-audit .pytest_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "crewgen needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.venv-crewai/.done: requirements-crewai.txt
	$(PYTHON) -m venv .venv-crewai
	.venv-crewai/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-crewai.txt
	touch $@
